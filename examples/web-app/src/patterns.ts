export interface Pattern {
  readonly name: string;
  readonly rle: string;
  /** Steps after which it looks the same again, perhaps elsewhere. */
  readonly period: number;
  /** How far it moves in that time. */
  readonly moves: readonly [number, number];
}

export const patterns: readonly Pattern[] = [
  { name: "Glider", rle: "bo$2bo$3o!", period: 4, moves: [1, 1] },
  { name: "Block", rle: "2o$2o!", period: 1, moves: [0, 0] },
  { name: "Beehive", rle: "b2o$o2bo$b2o!", period: 1, moves: [0, 0] },
  { name: "Loaf", rle: "b2o$o2bo$bobo$2bo!", period: 1, moves: [0, 0] },
  { name: "Blinker", rle: "3o!", period: 2, moves: [0, 0] },
  { name: "Toad", rle: "b3o$3o!", period: 2, moves: [0, 0] },
  { name: "Beacon", rle: "2o$2o$2b2o$2b2o!", period: 2, moves: [0, 0] },
  {
    name: "Pulsar",
    rle: "2b3o3b3o2$o4bobo4bo$o4bobo4bo$o4bobo4bo$2b3o3b3o2$2b3o3b3o$o4bobo4bo$o4bobo4bo$o4bobo4bo2$2b3o3b3o!",
    period: 3,
    moves: [0, 0],
  },
  { name: "Light spaceship", rle: "bo2bo$o$o3bo$4o!", period: 4, moves: [-2, 0] },
];
