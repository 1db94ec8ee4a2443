import assert from "node:assert/strict";
import { test } from "node:test";
import { type Board, emptyBoard, isAlive } from "../src/board.ts";
import { step } from "../src/life.ts";
import { patterns } from "../src/patterns.ts";
import { parseRle, placed, printRle } from "../src/rle.ts";

const SIZE = 32;

function shifted(board: Board, [right, down]: readonly [number, number]): Board {
  const moved = emptyBoard(board.width, board.height);
  for (let y = 0; y < board.height; y += 1) {
    for (let x = 0; x < board.width; x += 1) {
      if (isAlive(board, x - right, y - down)) moved.cells[y * board.width + x] = 1;
    }
  }
  return moved;
}

for (const pattern of patterns) {
  test(`${pattern.name} comes back after ${pattern.period}`, () => {
    const start = placed(parseRle(pattern.rle), SIZE, SIZE);
    let board = start;
    for (let i = 0; i < pattern.period; i += 1) board = step(board);
    assert.deepEqual(board, shifted(start, pattern.moves));
  });

  test(`${pattern.name} survives printing and parsing`, () => {
    const board = parseRle(pattern.rle);
    assert.deepEqual(parseRle(printRle(board)), board);
  });
}

test("a letter that is not part of a pattern is named", () => {
  assert.throws(() => parseRle("3x!"), /"x" is not part of/);
});
