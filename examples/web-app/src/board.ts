/** A board of cells that are alive or dead; its edges are joined, left to right and top to bottom. */
export interface Board {
  readonly width: number;
  readonly height: number;
  readonly cells: Uint8Array;
}

export function emptyBoard(width: number, height: number): Board {
  return { width, height, cells: new Uint8Array(width * height) };
}

export function isAlive(board: Board, x: number, y: number): boolean {
  const column = (x + board.width) % board.width;
  const row = (y + board.height) % board.height;
  return board.cells[row * board.width + column] === 1;
}

export function toggled(board: Board, x: number, y: number): Board {
  const cells = board.cells.slice();
  const index = y * board.width + x;
  cells[index] = cells[index] === 1 ? 0 : 1;
  return { ...board, cells };
}

export function population(board: Board): number {
  return board.cells.reduce((sum, cell) => sum + cell, 0);
}
