import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyBoard } from "../src/board.ts";
import { lives, neighbours, step } from "../src/life.ts";

// Each of the 512 neighbourhoods of three by three, against the rule as Conway wrote it.
for (let bits = 0; bits < 512; bits += 1) {
  const drawing = bits.toString(2).padStart(9, "0").replace(/0/g, ".").replace(/1/g, "O");
  test(`the middle of ${drawing.slice(0, 3)} ${drawing.slice(3, 6)} ${drawing.slice(6)}`, () => {
    const board = emptyBoard(5, 5);
    let others = 0;
    for (let i = 0; i < 9; i += 1) {
      const alive = drawing[i] === "O";
      if (alive) board.cells[(1 + Math.floor(i / 3)) * 5 + 1 + (i % 3)] = 1;
      if (alive && i !== 4) others += 1;
    }
    const alive = drawing[4] === "O";
    const expected = alive ? others === 2 || others === 3 : others === 3;
    assert.equal(neighbours(board, 2, 2), others);
    assert.equal(lives(alive, others), expected);
    assert.equal(step(board).cells[12] === 1, expected);
  });
}
