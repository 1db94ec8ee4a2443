import { type Board, emptyBoard } from "./board.ts";

/** A pattern in the run-length form that Life programs exchange: `3o!` is three live cells in a row. */
export function parseRle(text: string): Board {
  const rows: number[][] = [[]];
  let count = "";
  for (const character of text.replace(/\s/g, "")) {
    if (character === "!") break;
    if (/\d/.test(character)) {
      count += character;
      continue;
    }
    const repeat = count === "" ? 1 : Number(count);
    count = "";
    if (character === "$") {
      for (let i = 0; i < repeat; i += 1) rows.push([]);
    } else if (character === "b" || character === "o") {
      const row = rows[rows.length - 1] as number[];
      for (let i = 0; i < repeat; i += 1) row.push(character === "o" ? 1 : 0);
    } else {
      throw new Error(`"${character}" is not part of a run-length pattern`);
    }
  }
  const width = Math.max(...rows.map((row) => row.length));
  const board = emptyBoard(width, rows.length);
  rows.forEach((row, y) => {
    board.cells.set(row, y * width);
  });
  return board;
}

export function printRle(board: Board): string {
  const rows: string[] = [];
  for (let y = 0; y < board.height; y += 1) {
    const row = [...board.cells.subarray(y * board.width, (y + 1) * board.width)];
    const letters = row
      .map((cell) => (cell === 1 ? "o" : "b"))
      .join("")
      .replace(/b+$/, "");
    rows.push(letters.replace(/(.)\1+/g, (run) => `${run.length}${run[0]}`));
  }
  return `${rows.join("$")}!`;
}

/** A board with `pattern` in its middle. */
export function placed(pattern: Board, width: number, height: number): Board {
  const board = emptyBoard(width, height);
  const left = Math.floor((width - pattern.width) / 2);
  const top = Math.floor((height - pattern.height) / 2);
  for (let y = 0; y < pattern.height; y += 1) {
    const row = pattern.cells.subarray(y * pattern.width, (y + 1) * pattern.width);
    board.cells.set(row, (top + y) * width + left);
  }
  return board;
}
