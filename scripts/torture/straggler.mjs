import { holdOpened, lastEntry, onDisk } from "./disk.mjs";
import { Ledger, text } from "./ledger.mjs";
import { oneStint, stopped } from "./stint.mjs";

/** @typedef {import("./ledger.mjs").Gap} Gap */

/**
 * A reader that reads only while nobody writes. Before each program it is left, or stopped, at the end of the log;
 * after it, the disk says exactly which gaps it is due, and it reads on to the end.
 */
export class Straggler {
  ledger = new Ledger();
  /** Gaps that it was due. */
  due = 0;
  /** Those of them that were reported as they were due. */
  asDue = 0;
  /** Processes that went on from a cursor. */
  resumes = 0;
  /** Times that one was stopped and continued. */
  pauses = 0;
  /** @type {string[]} */
  wrong = [];
  #scene;
  #random;
  /** @type {import("./stint.mjs").Stint | undefined} */
  #stint;
  /** @type {string | undefined} */
  #cursor;
  /** The segment in which a stopped process stands. @type {import("node:fs/promises").FileHandle | undefined} */
  #held;
  /** @type {unknown} */
  #failure;
  name = "the straggler";
  #waits = "has not begun";

  /** @param {import("./scene.mjs").Scene} scene @param {import("./random.mjs").Random} random */
  constructor(scene, random) {
    this.#scene = scene;
    this.#random = random;
  }

  /** Falls behind from now on. */
  async hold() {
    if (this.#stint === undefined || this.#random.chance(0.5)) return await this.leave();
    this.pauses += 1;
    this.#held = await holdOpened(await stopped(this.#stint.process));
  }

  /** Its process is killed. */
  async leave() {
    const stint = this.#stint;
    this.#stint = undefined;
    stint?.process.kill("SIGKILL");
    await stint?.ended;
    await this.#held?.close();
    this.#held = undefined;
  }

  /** Reads to the end of the log, which nobody writes, and is told of the gaps that are due, and of no other. */
  async catchUp() {
    const { first, last, gaps } = await onDisk(this.#scene.folder);
    const { ledger } = this;
    // A stopped process still reads the segment that it holds, also if that is gone.
    const held = this.#held && (await lastEntry(this.#held));
    this.#held = undefined;
    const next = ledger.next === 0 ? first : Math.max(ledger.next, (held ?? 0) + 1);
    const due = dueGaps(next, first, gaps);
    const reported = ledger.gaps.length;
    if (this.#stint === undefined) this.#resume();
    else this.#stint.process.kill("SIGCONT");
    this.#waits = `waits for all up to ${last}`;
    await this.#scene.turn.until(() => ledger.next > last || this.#failure !== undefined);
    this.#waits = "has read all";
    if (this.#failure !== undefined) throw this.#failure;
    const told = ledger.gaps.slice(reported);
    this.due += due.length;
    const words = told.map((gap) => text([gap]));
    this.asDue += due.filter((gap) => words.includes(text([gap]))).length;
    if (text(due) !== text(told)) {
      this.wrong.push(
        `the gaps ${text(due)} were due from ${next} on, reported were ${text(told)}`,
      );
    }
  }

  progress() {
    return `${this.ledger.next} ${this.#waits}`;
  }

  waits() {
    const by = this.#stint === undefined ? "nobody" : this.#stint.name;
    return `${this.#waits} at ${this.ledger.next}, cursor ${this.#cursor}, read by ${by}`;
  }

  #resume() {
    if (this.#cursor !== undefined) this.resumes += 1;
    const { turn } = this.#scene;
    const stint = oneStint(
      this.#random,
      this.#scene.folder,
      Number.MAX_SAFE_INTEGER,
      this.#cursor,
      {
        entries: (from, to) => this.ledger.addEntries(from, to, this.#scene.given()),
        gap: (gap) => this.ledger.addGap(gap, this.#scene.given()),
        data: (key, data) => this.ledger.addData(key, data),
        cursor: (cursor) => {
          this.#cursor = cursor;
          turn.changed();
        },
      },
    );
    this.#stint = stint;
    const over = (/** @type {unknown} */ why) => {
      // Its own kill is no failure.
      if (this.#stint !== stint) return;
      this.#failure = why;
      turn.changed();
    };
    stint.ended.then((said) => {
      const { exitCode } = stint.process;
      // The sandbox has crashed or stopped: whoever comes next goes on.
      if (exitCode === 0) this.#stint = undefined;
      else over(new Error(`a reader ended with status ${exitCode}: ${said}`));
    }, over);
  }
}

/**
 * The gaps that a reader is due to whom `next` comes next.
 *
 * @param {number} next @param {number} first the lowest number that the disk accounts for @param {Gap[]} stated
 */
function dueGaps(next, first, stated) {
  /** @type {Gap[]} */
  const due = [];
  if (next < first) due.push({ from: next, to: first - 1, lost: first - next, reason: "rotated" });
  return [...due, ...stated.filter(({ from }) => from >= next)];
}
