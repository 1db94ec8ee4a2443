import type { BatchReader, Readiness } from "./reader.js";
import { turn } from "./turn.js";

/** Hands over something of what a reader has at hand. */
export type Take<Taken> = (reader: BatchReader) => Taken;

interface Waiter {
  take: Take<unknown>;
  resolve: (taken: unknown) => void;
  reject: (error: unknown) => void;
}

/**
 * Those who wait for a reader's next items, served in the order in which they came. Gives the event loop
 * its turn, and keeps the process alive only while someone waits.
 */
export class Waiting {
  readonly #reader: BatchReader;
  readonly #waiters: Waiter[] = [];
  #scheduled = false;
  /** Called when someone first finds nothing at hand. */
  beforeWaiting: (() => void) | undefined;

  constructor(reader: BatchReader) {
    this.#reader = reader;
  }

  /** What `take` gives, now; undefined when that has to be waited for, null at the end. */
  now<Taken>(take: Take<Taken>): Taken | null | undefined {
    if (this.#waiters.length > 0) return undefined;
    const taken = this.#attempt(take);
    if (taken === undefined) this.#announce();
    return taken;
  }

  /** As `now`, and undefined also when the event loop should have its turn first. */
  nowInTurn<Taken>(take: Take<Taken>): Taken | null | undefined {
    return turn.isOver() ? undefined : this.now(take);
  }

  /** What `take` gives as soon as an item is at hand; null at the end. */
  later<Taken>(take: Take<Taken>): Promise<Taken | null> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ take, resolve: resolve as Waiter["resolve"], reject });
      if (this.#waiters.length > 1) return;
      if (turn.isOver()) this.#schedule();
      else this.#serve();
    });
  }

  /** The reader was closed: nobody waits in vain. */
  settle(): void {
    this.#reader.whenReady(undefined);
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(null);
  }

  #attempt<Taken>(take: Take<Taken>): Taken | null | undefined {
    const readiness = this.#reader.ready();
    if (readiness === "item") return take(this.#reader);
    return readiness === "end" ? null : undefined;
  }

  /** Also for one who only ever tries: without it nobody would learn where the reading has to end. */
  #announce(): void {
    const announce = this.beforeWaiting;
    this.beforeWaiting = undefined;
    announce?.();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    turn.next(() => {
      this.#scheduled = false;
      this.#serve();
    });
  }

  #serve(): void {
    let served = 0;
    try {
      for (const waiter of this.#waiters) {
        const readiness = this.#seek();
        if (readiness === "pending" || readiness === "again") {
          this.#announce();
          if (readiness === "pending") this.#wait();
          else this.#schedule();
          return;
        }
        served += 1;
        try {
          waiter.resolve(readiness === "end" ? null : waiter.take(this.#reader));
        } catch (error) {
          // It asked for what can not be given, and took nothing.
          waiter.reject(error);
        }
      }
      this.#reader.whenReady(undefined);
    } catch (error) {
      this.#reader.whenReady(undefined);
      served = this.#waiters.length;
      for (const waiter of this.#waiters) waiter.reject(error);
    } finally {
      this.#waiters.splice(0, served);
    }
  }

  #seek(): Readiness {
    let readiness = this.#reader.ready();
    // What came between the first "pending" and the first listening woke nobody.
    if (readiness === "pending" && this.#reader.listen()) readiness = this.#reader.ready();
    while (readiness === "again" && !turn.isOver()) readiness = this.#reader.ready();
    return readiness;
  }

  /** Whoever comes after entry `last` of the log `exec`, or after what is there now, gets the end. */
  finish(last: number): void {
    this.#reader.finish(last);
    if (this.#waiters.length > 0) this.#schedule();
  }

  #wait(): void {
    this.#reader.whenReady(() => {
      if (turn.isOver()) this.#schedule();
      else this.#serve();
    });
  }
}
