// Not the global one: a test that puts timers of its own in its place must not stop those who read.
import { setImmediate } from "node:timers";

/** How long code may run before the event loop gets its turn, in milliseconds. */
const LONGEST = 5;
const FAST = 0.25;
const MOST_UNLOOKED = 64;

/**
 * Says when code has run long enough without the event loop. Promises that are resolved already never let timers and
 * sockets have their turn, so a reader has to step back by itself.
 */
class Turn {
  /** When somebody first asked since the event loop went on. */
  #began: number | undefined;
  #isOver = false;
  #looked = 0;
  /** How many may ask before the clock is looked at. */
  #stride = 1;
  #untilLook = 1;
  /** Those who wait for the event loop to go on. */
  readonly #queue: (() => void)[] = [];

  /** To be called before each entry: whether the event loop should have its turn now. Once it is, it stays so. */
  isOver(): boolean {
    this.#untilLook -= 1;
    if (this.#isOver || this.#untilLook > 0) return this.#isOver;
    const now = performance.now();
    if (this.#began === undefined) {
      this.#began = now;
      this.#stride = 1;
      setImmediate(() => this.#renew());
    } else {
      // Looking at the clock costs as much as an entry: a fast reader looks seldom, a slow one always.
      this.#stride = now - this.#looked < FAST ? Math.min(this.#stride * 2, MOST_UNLOOKED) : 1;
    }
    this.#untilLook = this.#stride;
    this.#looked = now;
    this.#isOver = now - this.#began >= LONGEST;
    return this.#isOver;
  }

  /** Calls `work` when the event loop has had its turn. Each has one of its own, in the order in which they asked. */
  next(work: () => void): void {
    this.#queue.push(work);
    if (this.#queue.length === 1) setImmediate(() => this.#serve());
  }

  #serve(): void {
    this.#renew();
    const work = this.#queue.shift();
    if (this.#queue.length > 0) setImmediate(() => this.#serve());
    work?.();
  }

  #renew(): void {
    this.#began = undefined;
    this.#isOver = false;
    this.#untilLook = 1;
  }
}

/**
 * The turn is one of the event loop, not of a reader: many that each end theirs in time would hold up timers and
 * sockets all the same, be it at once or one after the other.
 */
export const turn = new Turn();

/** Resolves when the event loop has had its turn; at once while that is not due. */
export async function turnGiven(): Promise<void> {
  if (turn.isOver()) await new Promise<void>((resolve) => turn.next(resolve));
}
