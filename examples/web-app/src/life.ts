import { type Board, emptyBoard, isAlive } from "./board.ts";

/** Conway's rule: a live cell stays with two or three neighbours, a dead one is born with three. */
export function lives(alive: boolean, neighbours: number): boolean {
  return neighbours === 3 || (alive && neighbours === 2);
}

export function neighbours(board: Board, x: number, y: number): number {
  let count = 0;
  for (let dy = -1; dy <= 1; dy += 1) {
    for (let dx = -1; dx <= 1; dx += 1) {
      if ((dx !== 0 || dy !== 0) && isAlive(board, x + dx, y + dy)) count += 1;
    }
  }
  return count;
}

export function step(board: Board): Board {
  const next = emptyBoard(board.width, board.height);
  for (let y = 0; y < board.height; y += 1) {
    for (let x = 0; x < board.width; x += 1) {
      if (lives(isAlive(board, x, y), neighbours(board, x, y))) next.cells[y * board.width + x] = 1;
    }
  }
  return next;
}
