// Not the global ones: a test that puts a clock of its own in their place must not stop those who read.
import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers";

// An import of `node:process` would open the standard streams, which then do not block any more.
const { nextTick } = process;

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
  #isServed = false;

  /** To be called before each entry: whether the event loop should have its turn now. Once it is, it stays so. */
  isOver(): boolean {
    this.#untilLook -= 1;
    if (this.#isOver || this.#untilLook > 0) return this.#isOver;
    const now = performance.now();
    if (this.#began === undefined) this.#begin(now);
    // Looking at the clock costs as much as an entry: a fast reader looks seldom, a slow one always.
    else this.#stride = now - this.#looked < FAST ? Math.min(this.#stride * 2, MOST_UNLOOKED) : 1;
    this.#untilLook = this.#stride;
    this.#looked = now;
    this.#isOver = now - (this.#began ?? now) >= LONGEST;
    return this.#isOver;
  }

  /** What was just done may have taken long: who asks next looks at the clock. */
  look(): void {
    this.#untilLook = 1;
  }

  /** Calls `work` when the event loop has had its turn: one after the other, in the order in which they asked. */
  next(work: () => void): void {
    this.#queue.push(work);
    if (this.#isServed) return;
    this.#isServed = true;
    this.#serveInNext();
  }

  #serveInNext(): void {
    setImmediate(() => {
      this.#renew();
      // Who is served may do its work before anybody asks.
      this.#begin(performance.now());
      this.#serve();
    });
  }

  #serve(): void {
    const work = this.#queue.shift();
    this.#isServed = work !== undefined;
    if (work === undefined) return;
    // A tick from within a promise comes once all promises have run: what this one leads to was done, or its turn is over.
    void Promise.resolve().then(() => nextTick(() => this.#serveMore()));
    work();
  }

  #serveMore(): void {
    this.look();
    if (this.isOver()) this.#serveInNext();
    else this.#serve();
  }

  #begin(now: number): void {
    this.#began = now;
    this.#stride = 1;
    // It alone keeps no process alive: one that reads as it exits would never be done.
    setImmediate(() => {
      // Another turn may have begun since, before those who wait.
      if (this.#began === now) this.#renew();
    }).unref();
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

/** Resolves when the event loop has had its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => turn.next(resolve));
}
