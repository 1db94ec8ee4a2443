import { mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Check, Difference, ensure, same } from "../check.mjs";
import { itemsOf } from "../delivered.mjs";
import { expectation, isGap, lastOf } from "../model/expect.mjs";
import { Ledger, nowNanos } from "./ledger.mjs";
import { firstHeld, Writer } from "./writer.mjs";

/** How many bytes an entry has that is to be overtaken. */
const LONG = 2048;

/** More than any client reads ahead of batches that hold at most so many entries, or 256 KiB. @param {number} batch */
function farAhead(batch) {
  return Math.min(600, 60 + 6 * batch);
}

/** How long a step may take that waits for what does not come, in milliseconds. */
const PATIENCE = 120_000;

/** @template T @param {string} what @param {Promise<T>} done @returns {Promise<T>} */
async function within(what, done) {
  const over = new AbortController();
  const late = setTimeout(PATIENCE, undefined, { signal: over.signal }).then(() => {
    throw new Difference(`${what} was not done within ${PATIENCE / 1000} s`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([done, late]);
  } finally {
    over.abort();
  }
}

let plays = 0;

/** A case in which the log is written while it is read, played to one agent in one way. */
export class LivePlay {
  ledger = new Ledger();
  #folder = "";
  #home = "";
  #logId = "";
  /** @type {Writer | undefined} */
  #writer;
  #session = 1;
  #lines = 0;
  #stream = "";
  #opened = 0;
  /** @type {Check | undefined} */
  #check;
  /** What the check expects of, as the ledger grows. @type {{ options: any, start: number, stop?: number } | undefined} */
  #reading;
  /** @type {Promise<any> | undefined} */
  #pending;
  #kept = "";
  /** The number that what is kept stands after, where that is not the one handed over last. @type {number | undefined} */
  #keptAfter;
  /** The one at the end of a stream. */
  #position = "";
  #until = 0;
  #gaps = 0;
  #text = "";
  #isOver = false;

  /** @param {import("../agent.mjs").Agent} agent @param {string} way @param {number} batch @param {import("../cases.mjs").Case} given */
  constructor(agent, way, batch, given) {
    this.far = farAhead(batch);
    this.agent = agent;
    this.way = way;
    this.given = given;
    plays += 1;
    this.name = `live ${plays}`;
  }

  async run() {
    this.#home = await mkdtemp(join(tmpdir(), "silt-live-"));
    this.#folder = join(this.#home, "logs");
    try {
      await this.#begin();
      await this.#open({});
      for (const step of this.given.steps) {
        await within(`the step ${JSON.stringify(step)}`, this.#step(step));
      }
    } finally {
      await within("the last close", this.#close()).catch(() => {});
      await this.#writer?.kill();
      await rm(this.#home, { recursive: true, force: true });
    }
  }

  async #begin() {
    this.#writer = new Writer(this.#folder, this.given.log ?? {});
    const { last, session } = await this.#writer.ready;
    same("the last number that the writer found", last, this.ledger.last);
    this.#session = session;
    const head = await readFile(join(this.#folder, "exec.log"), "utf8");
    this.#logId = JSON.parse(head.slice(0, head.indexOf("\n"))).logId;
  }

  get #writing() {
    if (!this.#writer) throw new Error("there is no writer");
    return this.#writer;
  }

  get #checked() {
    if (!this.#check) throw new Error("no stream is open");
    return this.#check;
  }

  /** @param {any} step */
  async #step(step) {
    const [verb = "", argument] =
      typeof step === "string" ? [step] : (Object.entries(step)[0] ?? []);
    const run = this.#steps[verb];
    if (!run) throw new Error(`there is no step ${JSON.stringify(step)}`);
    await run(argument, step);
  }

  /** @type {Record<string, (argument: any, step: any) => Promise<void>>} */
  #steps = {
    open: async (options = {}) => this.#open(options),
    close: async () => this.#close(),
    resume: async () => this.#resume(),
    append: async (what, step) => this.#append(what, step),
    begin: async () => {
      const { session } = await this.#writing.tell({ begin: true });
      this.#session = session;
    },
    end: async () => this.#writing.end(),
    kill: async () => this.#writing.kill(),
    restart: async () => this.#begin(),
    // At once, as Silt removes a sandbox, not file by file.
    remove: async () => {
      const gone = `${this.#folder}-gone`;
      await rename(this.#folder, gone);
      await rm(gone, { recursive: true });
    },
    evict: async (what) => this.#evict(what),
    keep: async () => {
      this.#kept = this.#position;
      this.#keptAfter = this.ledger.last;
    },
    segments: async (count) => {
      const path = join(this.#folder, `exec.log.${String(count).padStart(6, "0")}`);
      await readFile(path);
    },
    late: async () => {
      while (Date.now() <= this.#until) await setTimeout(this.#until + 1 - Date.now());
    },
    read: async (count) => this.#handed(await this.#read(count)),
    readTo: async () => {
      while (!this.#isLast()) await this.#handed(await this.#read(1));
    },
    wait: async (count) => this.#waitFor(count),
    got: async () => this.#handed(await this.#pending),
    waitForEnd: async () => this.#waitFor(null),
    gotEnd: async (reason) => this.#ended(await this.#pending, reason),
    drain: async (reason) => this.#ended(await this.#read(null), reason),
    missed: async (count) => this.#missed(count),
    gaps: async (count) => same("the number of gaps", this.#gaps, count),
  };

  /** @param {any} further */
  async #open(further, fromCursor = "") {
    this.#opened += 1;
    this.#stream = `${this.name}, ${this.#opened}`;
    const { until, ...options } = { ...this.given.options, ...further };
    const asked = { ...options, ...(fromCursor && { fromCursor }) };
    if (until) {
      this.#until = Date.now() + until;
      asked.until = new Date(this.#until).toISOString();
    }
    // Where it begins, as the log is now.
    const { tail, ...selecting } = options;
    const first = (await firstHeld(this.#folder)) - 1;
    const begin = tail === undefined ? first : Math.max(first, this.ledger.last - tail);
    const start = fromCursor ? (this.#keptAfter ?? this.#after()) : begin;
    this.#keptAfter = undefined;
    this.#reading = { options: selecting, start, ...(until && { stop: this.ledger.last }) };
    this.#check = new Check(this.#manifest(), this.#expected());
    this.#text = "";
    this.#isOver = false;
    const request = { way: this.way, stream: this.#stream, folder: this.#folder };
    await this.agent.ask("open", { ...request, options: asked });
  }

  /** The number that was handed over last. */
  #after() {
    const { counts, expected } = this.#checked;
    const item = expected.items.exec[counts.exec - 1];
    return item ? lastOf(item) : (this.#reading?.start ?? 0);
  }

  #manifest() {
    return this.ledger.manifest(this.#logId, "stopped");
  }

  #expected() {
    const { options, start, stop } = this.#reading ?? { options: {}, start: 0 };
    const expected = expectation(
      this.#manifest(),
      { ...options, onGap: "report" },
      { exec: start },
    );
    if (stop === undefined) return expected;
    expected.items.exec = expected.items.exec.filter((item) => lastOf(item) <= stop);
    expected.reach.exec = stop;
    return expected;
  }

  /** @param {number | string[]} what how many lines, or which pieces, each of them an entry @param {any} step */
  async #append(what, { source = "stdout", session = this.#session, level = "INFO", part = null }) {
    const lines =
      typeof what === "number"
        ? Array.from({ length: what }, () => {
            this.#lines += 1;
            return `line ${this.#lines} to ${source}\n`;
          })
        : what;
    // A clock may be read to the microsecond by one and to the millisecond by the other.
    const before = nowNanos();
    const told = this.#writing.tell({ append: lines, source, session });
    // It may be read before the writer's word of it comes.
    const later = before + 600_000_000_000n;
    for (const data of lines)
      this.ledger.add({ data, source, session, level, part }, [before, later]);
    const { last } = await told;
    if (part !== "first") same("the writer's last number", last, this.ledger.last);
  }

  /** Writes until what comes next for the reader is far gone; or just gone. @param {"next"} [what] */
  async #evict(what) {
    const goal = (this.#check ? this.#after() : 0) + (what ? 1 : this.far);
    while ((await firstHeld(this.#folder)) <= goal) {
      const lines = Array.from({ length: what ? 1 : 40 }, (_, i) =>
        `${this.#lines + i} `.padEnd(LONG, "x"),
      );
      this.#lines += lines.length;
      await this.#append(
        lines.map((line) => `${line}\n`),
        {},
      );
    }
  }

  /** @param {number | null} count */
  #read(count) {
    return this.agent.ask("read", { way: this.way, stream: this.#stream, count });
  }

  /** @param {number | null} count */
  #waitFor(count) {
    this.#pending = this.#read(count);
    // Whether it comes is asked later.
    this.#pending.catch(() => {});
  }

  /** @param {any} answer */
  async #handed(answer) {
    if (answer.error) throw new Difference(`${answer.error.code}: ${answer.error.message}`);
    ensure(!answer.ended, `the stream has ended: ${answer.end?.reason}`);
    await this.#take(answer);
    if (this.way !== "bytes text") this.#checked.cursor(answer.position);
  }

  /** @param {any} answer */
  async #take(answer) {
    const check = this.#checked;
    const items = itemsOf(this.way, answer);
    check.expected = this.#expected();
    if (!items) return this.#takeText(Buffer.from(answer.bytes, "base64").toString());
    for (const item of items) {
      if (item.type === "gap") await this.#gap(item);
      else this.ledger.timed(item);
      check.take([item]);
      this.#kept = item.cursor ?? item.resumeCursor ?? answer.position;
    }
  }

  /** Entries as text, which does not tell them apart. @param {string} text */
  async #takeText(text) {
    const check = this.#checked;
    this.#text += text;
    for (;;) {
      const { items } = check.expected;
      const next = items.exec[check.counts.exec];
      const gap = this.#text.match(/^--- exec (\d+) to (\d+) are missing \((\w+)\) ---\n/);
      if (gap) {
        await this.#gap({ from: Number(gap[1]), to: Number(gap[2]), reason: gap[3] });
        this.#text = this.#text.slice(gap[0].length);
      } else {
        const data = next && !isGap(next) ? Buffer.from(next.data, "base64").toString() : "\0";
        if (!this.#text.startsWith(data)) break;
        this.#text = this.#text.slice(data.length);
      }
      check.counts.exec += 1;
    }
    same("what was not expected", this.#text, "");
  }

  /** What retention took: from what was handed over last up to what is held. @param {any} gap */
  async #gap({ from, to, reason, lost = to - from + 1 }) {
    const held = await firstHeld(this.#folder);
    const wanted = { from: this.#after() + 1, to: held - 1, lost: to - from + 1 };
    same("the gap", { from, to, lost, reason }, { ...wanted, reason: "rotated" });
    this.#gaps += 1;
    this.ledger.lose({ from, to });
    this.#checked.expected = this.#expected();
  }

  #isLast() {
    return this.#after() === this.ledger.last;
  }

  /** @param {number} count of gaps in the error that ends the stream */
  async #missed(count) {
    const answer = await this.#read(null);
    same("the error", answer.error?.code, "MissedRotation");
    await this.#take(answer);
    const { gaps, resumeCursor } = answer.error.fields;
    same("the number of gaps", gaps.length, count);
    for (const gap of gaps) {
      same("the gap's log", gap.log, "exec");
      await this.#gap(gap);
      this.#checked.counts.exec += 1;
    }
    this.#kept = resumeCursor;
    this.#isOver = true;
  }

  /** @param {any} answer @param {string} reason */
  async #ended(answer, reason) {
    if (answer.error) throw new Difference(`${answer.error.code}: ${answer.error.message}`);
    await this.#take(answer);
    ensure(answer.ended, "the stream has not ended");
    if (reason !== "closed") this.#checked.complete();
    this.#checked.end(answer.end, reason);
    this.#checked.cursor(answer.position);
    this.#position = answer.position;
    this.#isOver = true;
  }

  async #resume() {
    if (this.#stream) await this.#close();
    await this.#open({}, this.#kept);
  }

  async #close() {
    const [stream, check] = [this.#stream, this.#check];
    if (!stream || !check) return;
    this.#stream = "";
    const { end, position } = await this.agent.ask("close", { way: this.way, stream });
    if (this.#isOver) return;
    check.expected = this.#expected();
    check.end(end, "closed");
    check.cursor(position);
    this.#kept ||= position;
    if (this.way.startsWith("bytes")) this.#kept = position;
  }
}
