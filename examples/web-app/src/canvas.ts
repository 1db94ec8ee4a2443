import type { Board } from "./board.ts";

export function draw(context: CanvasRenderingContext2D, board: Board): void {
  const { width, height } = context.canvas;
  const cell = Math.min(width / board.width, height / board.height);
  context.clearRect(0, 0, width, height);
  context.fillStyle = "seagreen";
  board.cells.forEach((alive, index) => {
    if (alive !== 1) return;
    const x = index % board.width;
    const y = Math.floor(index / board.width);
    context.fillRect(x * cell, y * cell, cell - 1, cell - 1);
  });
}

export function cellAt(
  canvas: HTMLCanvasElement,
  board: Board,
  event: MouseEvent,
): [number, number] {
  const box = canvas.getBoundingClientRect();
  const x = Math.floor(((event.clientX - box.left) / box.width) * board.width);
  const y = Math.floor(((event.clientY - box.top) / box.height) * board.height);
  return [x, y];
}
