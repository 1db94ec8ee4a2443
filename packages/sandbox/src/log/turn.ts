/** How long code may run before the event loop gets its turn, in milliseconds. */
const LONGEST = 5;
const FAST = 0.25;
const STRIDE = 64;

/**
 * Says when uninterrupted iteration has lasted long enough. Promises that are resolved already never let
 * timers and sockets have their turn, so a reader has to step back by itself.
 */
export class Turn {
  #began = performance.now();
  #checked = this.#began;
  #countdown = STRIDE;
  #over = false;

  /** To be called before each entry: whether the event loop should have its turn now. Once it is, it stays so. */
  isOver(): boolean {
    this.#countdown -= 1;
    if (this.#over || this.#countdown > 0) return this.#over;
    const now = performance.now();
    // Looking at the clock costs as much as an entry: a fast reader looks seldom, a slow one always.
    this.#countdown = now - this.#checked < FAST ? STRIDE : 1;
    this.#checked = now;
    this.#over = now - this.#began >= LONGEST;
    return this.#over;
  }

  /** The event loop has just had its turn. */
  begin(): void {
    this.#began = performance.now();
    this.#checked = this.#began;
    this.#over = false;
  }
}

/** Resolves after the event loop has had a turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
