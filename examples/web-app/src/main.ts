import { type Board, population, toggled } from "./board.ts";
import { cellAt, draw } from "./canvas.ts";
import { step } from "./life.ts";
import { patterns } from "./patterns.ts";
import { parseRle, placed } from "./rle.ts";

const WIDTH = 64;
const HEIGHT = 48;
const STEP_MS = 100;

function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element "${id}"`);
  return found as T;
}

const canvas = element<HTMLCanvasElement>("board");
const choice = element<HTMLSelectElement>("pattern");
const run = element<HTMLButtonElement>("run");
const count = element<HTMLOutputElement>("count");
const context = canvas.getContext("2d");
let board = placed(parseRle("bo$2bo$3o!"), WIDTH, HEIGHT);
let timer: number | undefined;

function show(next: Board): void {
  board = next;
  if (context) draw(context, board);
  count.value = `${population(board)} alive`;
}

choice.append(...patterns.map((pattern) => new Option(pattern.name, pattern.rle)));
choice.addEventListener("change", () => show(placed(parseRle(choice.value), WIDTH, HEIGHT)));
element("step").addEventListener("click", () => show(step(board)));
canvas.addEventListener("click", (event) => {
  show(toggled(board, ...cellAt(canvas, board, event)));
});
run.addEventListener("click", () => {
  if (timer === undefined) {
    timer = window.setInterval(() => show(step(board)), STEP_MS);
  } else {
    window.clearInterval(timer);
    timer = undefined;
  }
  run.textContent = timer === undefined ? "Run" : "Pause";
});
show(board);
