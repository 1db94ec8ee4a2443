import { oldestNumber } from "./disk.mjs";
import { Ledger } from "./ledger.mjs";
import { oneStint } from "./stint.mjs";

/** @typedef {import("./random.mjs").Random} Random @typedef {import("./scene.mjs").Scene} Scene */

/** The status with which a stint says that it has had enough. */
const ENOUGH = 7;

/**
 * A reader that is many processes, one after another: each goes on from the cursor that the one before left, is
 * left, stopped or killed at a random entry, and is Node, Rust or the command line by chance.
 */
export class Follower {
  ledger = new Ledger();
  /** Processes that went on from a cursor. */
  resumes = 0;
  /** Times that one was stopped and continued. */
  pauses = 0;
  /** @type {string[]} gaps by rotation whose entries were still there */
  wrongGaps = [];
  /** Looks at the disk that are not over. @type {Promise<void>[]} */
  #looks = [];
  name;
  #scene;
  #random;
  #steady;
  /** @type {string | undefined} */
  #cursor;
  /** @type {import("./stint.mjs").Stint | undefined} */
  #reads;
  #stints = 0;
  #waits = "has not begun";
  #abandoned = false;

  /** @param {string} name @param {Scene} scene @param {Random} random @param {Follower | undefined} steady one that is never stopped; absent for itself */
  constructor(name, scene, random, steady) {
    this.name = name;
    this.#scene = scene;
    this.#random = random;
    this.#steady = steady;
  }

  /** Reads until a stint that began after the end of the log has ended by itself. */
  async run() {
    while (!this.#abandoned) {
      const { epoch, over } = this.#scene;
      const byItself = await this.#stint();
      if (!byItself) continue;
      if (over) {
        this.#waits = "has ended";
        return void (await Promise.all(this.#looks));
      }
      this.#waits = "waits for the sandbox to run again";
      await this.#scene.turn.until(() => this.#scene.epoch !== epoch);
    }
  }

  /** Ends its process, whatever it does, and begins no other. */
  abandon() {
    this.#abandoned = true;
    this.#reads?.process.kill("SIGKILL");
  }

  progress() {
    return `${this.#stints} ${this.ledger.next} ${this.#waits}`;
  }

  waits() {
    const by = this.#reads === undefined ? "nobody" : this.#reads.name;
    return `${this.#waits} at ${this.ledger.next}, cursor ${this.#cursor}, read by ${by}`;
  }

  /** @returns {Promise<boolean>} whether it was the log that ended */
  async #stint() {
    const random = this.#random;
    const enough = Math.round(10 ** (5.6 * random.next()));
    const pause = this.#steady !== undefined && random.chance(0.2);
    const leaves = random.chance(0.4);
    const signal = random.chance(0.7) ? "SIGKILL" : "SIGTERM";
    const started = this.ledger.entries;
    const from = this.#cursor;
    if (from !== undefined) this.resumes += 1;
    let killed = false;
    let paused = false;
    /** @type {import("./stint.mjs").Stint | undefined} */
    let stint;
    const moved = () => {
      const taken = this.ledger.entries - started;
      if (pause && !paused && taken > 0 && taken >= enough / 2) {
        paused = true;
        this.#pause(/** @type {import("./stint.mjs").Stint} */ (stint));
      }
      if (!(leaves && stint?.leaves) && !killed && taken >= enough)
        killed = stint?.process.kill(signal) ?? false;
      this.#scene.turn.changed();
    };
    const { folder } = this.#scene;
    const taking = {
      /** @param {number} from @param {number} to */
      entries: (from, to) => this.ledger.addEntries(from, to, this.#scene.given()),
      /** @param {import("./ledger.mjs").Gap} gap @param {number | null | undefined} held */
      gap: (gap, held) => {
        this.ledger.addGap(gap, this.#scene.given());
        if (gap.reason !== "rotated") return;
        // None was there: infinity, which JSON says as null.
        const known = held === null ? Number.POSITIVE_INFINITY : held;
        const oldest = known === undefined ? oldestNumber(folder) : Promise.resolve(known);
        this.#looks.push(
          oldest.then((oldest) => {
            if (oldest > gap.to) return;
            this.wrongGaps.push(`${gap.from} to ${gap.to} was reported, and ${oldest} is there`);
          }),
        );
      },
      /** @param {string} key @param {Uint8Array} data */
      data: (key, data) => this.ledger.addData(key, data),
      /** @param {string} cursor */
      cursor: (cursor) => {
        this.#cursor = cursor;
        moved();
      },
    };
    const most = leaves ? enough : Number.MAX_SAFE_INTEGER;
    stint = oneStint(random, folder, most, from, taking);
    this.#reads = stint;
    this.#stints += 1;
    this.#waits = "waits for more, or for the end of the log,";
    const said = await stint.ended;
    this.#reads = undefined;
    const { exitCode } = stint.process;
    if (killed || this.#abandoned || exitCode === ENOUGH) return false;
    if (exitCode !== 0) throw new Error(`a reader ended with status ${exitCode}: ${said}`);
    return true;
  }

  /** Stops the process until another reader is far ahead, or nothing more comes. @param {import("./stint.mjs").Stint} stint */
  async #pause(stint) {
    const steady = /** @type {Follower} */ (this.#steady).ledger;
    const ahead = steady.entries + Math.round(10 ** (5 * this.#random.next()));
    const { epoch } = this.#scene;
    this.pauses += 1;
    this.#waits = "is stopped until another is far ahead";
    stint.process.kill("SIGSTOP");
    await this.#scene.turn.until(
      () => steady.entries >= ahead || this.#scene.epoch !== epoch || this.#scene.over,
    );
    this.#waits = "waits for more, or for the end of the log,";
    stint.process.kill("SIGCONT");
  }
}
