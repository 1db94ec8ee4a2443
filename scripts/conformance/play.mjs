import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AgentError } from "./agent.mjs";
import { compareByHand } from "./by-hand.mjs";
import { Check, Difference, ensure, Inexpressible, same } from "./check.mjs";
import { itemsOf } from "./delivered.mjs";
import { fixturesFolder } from "./fixtures/write.mjs";
import { decodeCursor } from "./model/cursor.mjs";
import { expectation, isGap, logNames, merged } from "./model/expect.mjs";
import { madeCursor } from "./model/made-cursor.mjs";

/**
 * @typedef {import("./cases.mjs").Case} Case
 * @typedef {import("./model/expect.mjs").Manifest} Manifest
 * @typedef {import("./model/expect.mjs").Start} Start
 */

/** @type {Map<string, Promise<Manifest>>} */
const manifests = new Map();

/** @param {string} fixture @returns {Promise<Manifest>} */
export function manifestOf(fixture) {
  let manifest = manifests.get(fixture);
  if (!manifest) {
    manifest = readFile(join(fixturesFolder, fixture, "manifest.json"), "utf8").then(JSON.parse);
    manifests.set(fixture, manifest);
  }
  return manifest;
}

/** @param {string} fixture */
export function folderOf(fixture) {
  return join(fixturesFolder, fixture, "logs");
}

let streams = 0;

/** One case, played to one agent in one way. */
export class Play {
  /** @type {Check | undefined} */
  #check;
  #stream = "";
  #ended = false;
  /** A cursor that a step kept. */
  #kept = "";
  /** The last items that were handed over, with their cursors. @type {any[]} */
  #items = [];

  /** @param {import("./agent.mjs").Agent} agent @param {string} way @param {Case} given @param {Manifest} manifest */
  constructor(agent, way, given, manifest) {
    this.agent = agent;
    this.way = way;
    this.given = given;
    this.manifest = manifest;
    this.folder = folderOf(given.fixture);
  }

  /** @param {string} op @param {object} [request] */
  #ask(op, request) {
    return this.agent.ask(op, { way: this.way, ...request });
  }

  async run() {
    try {
      if (await this.#open(await optionsOf(this.given, this.manifest))) {
        for (const step of this.given.steps) await this.#step(step);
      }
    } finally {
      await this.#close().catch(() => {});
    }
  }

  /** @param {any} options @returns {Promise<boolean>} whether there is a stream now */
  async #open(options) {
    streams += 1;
    this.#stream = `s${streams}`;
    this.#ended = false;
    const request = { stream: this.#stream, folder: this.folder, options };
    const wanted = this.given.expect?.error;
    const error = await refusal(this.#ask("open", request));
    if (wanted) {
      sameError(error, wanted);
      this.#stream = "";
      return false;
    }
    if (error) throw new Difference(`open: ${error.code}: ${error.message}`);
    const meant = { ...leftOut(options), ...this.given.means };
    this.#check = new Check(this.manifest, expectation(this.manifest, meant, startOf(meant)));
    return true;
  }

  get #checked() {
    if (!this.#check) throw new Error("no stream is open");
    return this.#check;
  }

  /** @param {any} step */
  async #step(step) {
    if (typeof step !== "string") {
      if (step.resume) return this.#resume(step.resume);
      throw new Error(`there is no step ${JSON.stringify(step)}`);
    }
    const [verb, argument] = step.split(" ");
    if (verb === "read") return this.#read(Number(argument));
    if (verb === "drain") return this.#drain();
    if (verb === "close") return this.#close();
    if (verb === "resume") return this.#resume({});
    if (verb === "keep") return this.#keep(String(argument));
    throw new Error(`there is no step ${step}`);
  }

  /** @param {number | null} count */
  async #read(count) {
    const check = this.#checked;
    const answer = await this.#ask("read", { stream: this.#stream, count });
    const items = itemsOf(this.way, answer);
    if (items) {
      if (items.length > 0) this.#items = items;
      check.take(items);
      if (!answer.error) check.cursor(answer.position);
    }
    this.#ended = answer.ended;
    return answer;
  }

  async #drain() {
    const check = this.#checked;
    const { expected } = check;
    const answer = await this.#read(null);
    if (this.way === "bytes text") this.#text(answer);
    if (expected.stopsAtGap) return this.#missed(answer);
    if (answer.error) throw new Difference(`read: ${answer.error.code}: ${answer.error.message}`);
    ensure(answer.ended, "the stream has not ended");
    check.complete();
    check.end(answer.end);
    const byHand = this.given.expect;
    if (byHand && this.given.steps.length === 1) compareByHand(byHand, check);
  }

  /** A gap that ends the stream stands in the error, not among the items. @param {any} answer */
  #missed({ error, ended }) {
    const check = this.#checked;
    ensure(!ended && error !== null, "the stream did not end with the gap");
    same("the error", error.code, "MissedRotation");
    const gaps = logNames.flatMap((log) =>
      check.expected.items[log]
        .slice(check.counts[log])
        .flatMap((item) => (isGap(item) ? [{ log, ...item.gap }] : [])),
    );
    same("the error's gaps", error.fields.gaps, gaps);
    this.#kept = error.fields.resumeCursor;
    decodeCursor(this.#kept);
  }

  /** @param {{ bytes: string }} answer */
  #text({ bytes }) {
    const check = this.#checked;
    const { items, stopsAtGap } = check.expected;
    const shown = merged(items).filter(({ item }) => !(stopsAtGap && isGap(item)));
    let cut = false;
    const wanted = shown.map(({ log, item }) => {
      check.counts[log] += 1;
      if (isGap(item)) {
        const { from, to, reason } = item.gap;
        const before = cut ? "\n" : "";
        cut = false;
        return Buffer.from(`${before}--- ${log} ${from} to ${to} are missing (${reason}) ---\n`);
      }
      const data = Buffer.from(item.data, "base64");
      cut = data.at(-1) !== 0x0a;
      return data;
    });
    same("the text", bytes, Buffer.concat(wanted).toString("base64"));
  }

  /** @param {string} what */
  async #keep(what) {
    if (what === "position") {
      this.#kept = (await this.#ask("position", { stream: this.#stream })).position;
      this.#checked.cursor(this.#kept);
    } else if (what === "entry") {
      const last = this.#items.at(-1);
      this.#kept = last.cursor ?? last.resumeCursor;
    } else throw new Error(`there is no ${what} to keep`);
  }

  /** @param {any} options */
  async #resume(options) {
    const { since: _, tail: __, ...same } = this.given.options;
    const fromCursor = this.#kept;
    await this.#close();
    await this.#open({ ...same, ...options, fromCursor });
  }

  async #close() {
    const [stream, check] = [this.#stream, this.#check];
    if (!stream) return;
    this.#stream = "";
    this.#check = undefined;
    const { end, position } = await this.#ask("close", { stream });
    if (!check || this.way === "bytes text" || check.expected.stopsAtGap) return;
    check.cursor(position);
    check.end(end, this.#ended ? undefined : "closed");
  }
}

/** Asks for a snapshot and compares it. @param {import("./agent.mjs").Agent} agent @param {string} way @param {Case} given @param {Manifest} manifest */
export async function playSnapshot(agent, way, given, manifest) {
  const folder = folderOf(given.fixture);
  const asked = await optionsOf(given, manifest);
  const request = agent.ask("snapshot", { way, folder, options: asked });
  if (given.expect?.error) return sameError(await refusal(request), given.expect.error);
  const options = { ...leftOut(asked), ...given.means, onGap: "report" };
  const check = new Check(manifest, expectation(manifest, options, startOf(options)));
  const gone = goneAfterCursor(check);
  if (gone.length > 0) {
    const missed = { code: "MissedRotation", fields: { gaps: gone } };
    return sameError(await refusal(request), missed);
  }
  const { items, gaps, truncated, cursor } = await request;
  const wanted = merged(check.expected.items);
  same(
    "the order",
    items.map((/** @type {any} */ { log, sequence }) => `${log} ${sequence}`),
    wanted.flatMap(({ log, item }) => (isGap(item) ? [] : [`${log} ${item.sequence}`])),
  );
  const queues = { items: [...items], gaps: [...gaps] };
  for (const { item } of wanted) {
    const next = isGap(item) ? queues.gaps.shift() : queues.items.shift();
    ensure(next !== undefined, `a gap is not in the snapshot's gaps: ${JSON.stringify(item)}`);
    check.take([next]);
  }
  same("further gaps", queues.gaps, []);
  check.complete();
  check.cursor(cursor);
  same("truncated", truncated, check.expected.truncated);
  if (given.expect) compareByHand(given.expect, check);
}

/** Entries just after a cursor that a snapshot can not show as missing in between. @param {Check} check */
function goneAfterCursor({ expected }) {
  return logNames.flatMap((log) => {
    if ((expected.start[log] ?? null) === null) return [];
    const first = expected.items[log].findIndex((item) => !isGone(item));
    const gone = first < 0 ? expected.items[log] : expected.items[log].slice(0, first);
    return gone.flatMap((item) => (isGap(item) ? [{ log, ...item.gap }] : []));
  });
}

/** @param {import("./model/expect.mjs").Item} item */
function isGone(item) {
  return isGap(item) && item.gap.reason === "rotated";
}

/** With the cursor that a case describes as text. @param {Case} given @param {Manifest} manifest @returns {Promise<any>} */
async function optionsOf({ options }, manifest) {
  const { fromCursor } = options;
  if (typeof fromCursor !== "object" || fromCursor === null) return options;
  const of = fromCursor.of === undefined ? manifest : await manifestOf(fromCursor.of);
  return { ...options, fromCursor: madeCursor(of, fromCursor) };
}

/** Null is as if it was left out. @param {any} options @returns {any} */
function leftOut(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null));
}

/** @param {any} options @returns {Start} */
export function startOf({ fromCursor }) {
  if (fromCursor === undefined) return {};
  const cursor = decodeCursor(fromCursor);
  return Object.fromEntries(logNames.map((log) => [log, cursor[log]?.sequence ?? null]));
}

/** @param {Promise<unknown>} asked @returns {Promise<import("./agent.mjs").ErrorData | undefined>} */
async function refusal(asked) {
  try {
    await asked;
    return undefined;
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    if (error.data.code === "Inexpressible") throw new Inexpressible(error.message);
    return error.data;
  }
}

/** @param {import("./agent.mjs").ErrorData | undefined} error @param {any} wanted */
function sameError(error, { code, fields = {}, retryable = false }) {
  if (!error) throw new Difference(`expected is ${code}, nothing was refused`);
  const found = Object.fromEntries(Object.keys(fields).map((name) => [name, error.fields[name]]));
  same(
    "the error",
    { code: error.code, retryable: error.retryable, fields: found },
    { code, retryable, fields },
  );
  ensure(error.message.length > 0, "the error says nothing");
}
