// Has a client read a fixture and keep cursors on its way.
import { Check, Difference, ensure } from "../check.mjs";
import { itemsOf } from "../delivered.mjs";
import { expectation, firstOf, isGap, lastOf, logNames } from "../model/expect.mjs";
import { folderOf, manifestOf } from "../play.mjs";
import { plansFor } from "./plans.mjs";

/**
 * @typedef {import("../agent.mjs").Agent} Agent
 * @typedef {import("../model/expect.mjs").LogName} LogName
 *
 * @typedef {object} Saved
 * @property {string} fixture
 * @property {string} plan the name of the one that it was saved by
 * @property {string} place what its reader had been handed then
 * @property {string} cursor
 * @property {any} options with which it is resumed
 * @property {Partial<Record<LogName, number | null>>} after the number handed over last, by log; null before the first
 */

/** What a cursor of an entry or a gap is resumed with: there it stands exactly, whatever was filtered. */
const unfiltered = { onGap: "report" };

/** How many items' own cursors are kept of one reading. */
const OWN = 5;

/**
 * @param {Agent} agent
 * @param {string[]} ways those of its client
 * @param {string} fixture
 * @param {number} turn which of the ways comes first
 * @returns {Promise<Saved[]>} each once
 */
export async function saveCursors(agent, ways, fixture, turn) {
  const manifest = await manifestOf(fixture);
  // What plain text is about can be known at its end alone.
  const telling = ways.filter((way) => way !== "bytes text");
  const saved = [];
  for (const [i, plan] of plansFor(manifest).entries()) {
    const way = String(telling[(turn + i) % telling.length]);
    const reading = new Saving(agent, way, fixture, manifest, plan);
    saved.push(...(await (plan.snapshot ? reading.snapshot() : reading.stream())));
  }
  const known = new Map(saved.map((one) => [JSON.stringify([one.cursor, one.options]), one]));
  return [...known.values()];
}

let streams = 0;

/** One reading. */
class Saving {
  /** @type {Saved[]} */
  #saved = [];
  /** The items that were handed over, with what they are about. @type {{ found: any, log: LogName, after: Saved["after"] }[]} */
  #own = [];

  /** @param {Agent} agent @param {string} way @param {string} fixture @param {import("../model/expect.mjs").Manifest} manifest @param {import("./plans.mjs").Plan} plan */
  constructor(agent, way, fixture, manifest, plan) {
    this.agent = agent;
    this.way = way;
    this.fixture = fixture;
    this.plan = plan;
    this.manifest = manifest;
    this.expected = expectation(manifest, plan.options);
    this.check = new Check(manifest, this.expected);
  }

  async stream() {
    streams += 1;
    const [stream, way] = [`save ${streams}`, this.way];
    const { options } = this.plan;
    const folder = folderOf(this.fixture);
    await this.agent.ask("open", { way, stream, folder, options });
    if (!this.plan.lateStart) {
      const { position } = await this.agent.ask("position", { way, stream });
      this.#keep("position", position);
    }
    for (const stop of stopsIn(logNames.flatMap((log) => this.expected.items[log]).length)) {
      const handed = this.check.all.length;
      // Whole arrays may have brought more than was asked for.
      if (stop !== null && stop <= handed) continue;
      const count = stop && stop - handed;
      const answer = await this.agent.ask("read", { way, stream, count });
      this.#handed(answer);
      if (answer.error) {
        this.#missed(answer.error);
        break;
      }
      if (stop !== null) continue;
      ensure(answer.ended, "the stream has not ended");
      this.check.complete();
      this.check.end(answer.end);
    }
    await this.agent.ask("close", { way, stream });
    this.#keepOwn();
    return this.#saved;
  }

  async snapshot() {
    const { way } = this;
    const { options } = this.plan;
    this.expected = expectation(this.manifest, { ...options, onGap: "report" });
    this.check = new Check(this.manifest, this.expected);
    const folder = folderOf(this.fixture);
    const { items, gaps, cursor } = await this.agent.ask("snapshot", { way, folder, options });
    const both = [...items, ...gaps].sort((a, b) => firstNumber(a) - firstNumber(b));
    this.#took(both);
    this.#keepOwn();
    this.#keep("cursor", cursor);
    return this.#saved;
  }

  /** @param {any} answer */
  #handed(answer) {
    this.#took(itemsOf(this.way, answer) ?? []);
    if (!answer.error && (this.check.all.length > 0 || !this.plan.lateStart))
      this.#keep("position", answer.position);
  }

  /** @param {any[]} items */
  #took(items) {
    for (const found of items) {
      this.check.take([found]);
      const log = this.check.all.at(-1)?.log ?? "exec";
      this.#own.push({ found, log, after: this.#after() });
    }
  }

  /** The gaps that ended the stream are over where its resume cursor stands. @param {any} error */
  #missed(error) {
    if (error.code !== "MissedRotation") throw new Difference(`${error.code}: ${error.message}`);
    ensure(this.expected.stopsAtGap, "there is no gap");
    for (const log of logNames) {
      const [gap] = this.expected.items[log].slice(this.check.counts[log]);
      if (!gap) continue;
      ensure(isGap(gap), `${log} lacks ${firstOf(gap)}`);
      this.check.counts[log] += 1;
    }
    this.#keep("resume cursor", error.fields.resumeCursor);
  }

  /** The number that was handed over last, by log. @returns {Saved["after"]} */
  #after() {
    const after = this.expected.selected.map((log) => {
      const item = this.expected.items[log][this.check.counts[log] - 1];
      return [log, item ? lastOf(item) : null];
    });
    return Object.fromEntries(after);
  }

  /** @param {string} what @param {string} cursor @param {any} [options] @param {Saved["after"]} [after] */
  #keep(what, cursor, options = this.#same, after = this.#after()) {
    const place = `${what} of ${this.plan.name} (${this.way}) after ${JSON.stringify(after)}`;
    this.#saved.push({
      fixture: this.fixture,
      plan: this.plan.name,
      place,
      cursor,
      options,
      after,
    });
  }

  /** With which the reading goes on. */
  get #same() {
    const { since: _, tail: __, ...same } = this.plan.options;
    return { ...same, onGap: "report" };
  }

  /** The cursors of some items, the first and the last among them. */
  #keepOwn() {
    const step = Math.max(1, (this.#own.length - 1) / (OWN - 1));
    for (let at = 0; Math.round(at) < this.#own.length; at += step) {
      const { found, log, after } = this.#own[Math.round(at)] ?? {};
      const cursor = found.cursor ?? found.resumeCursor;
      if (cursor === undefined || after === undefined) continue;
      // In its own log it is exact, whatever was filtered.
      if (log === "exec") this.#keep("an item", cursor, unfiltered, { exec: after.exec ?? null });
      else this.#keep("an item", cursor, this.#same, after);
    }
  }
}

/** How far is read before a cursor is kept; null: to the end. @param {number} all @returns {(number | null)[]} */
function stopsIn(all) {
  const some = [1, Math.ceil(all / 3), Math.ceil((2 * all) / 3), all];
  return [...new Set(some.filter((stop) => stop > 0)), null];
}

/** @param {any} item */
function firstNumber(item) {
  return item.type === "gap" ? item.from : item.sequence;
}
