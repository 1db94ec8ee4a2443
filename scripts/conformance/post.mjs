import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executable } from "../paths.mjs";
import { Agent } from "./agent.mjs";

/** How often an agent that died is followed by another. */
const STARTS = 5;

/** A place for one agent, with a home folder of its own: who dies there is followed by another, a few times. */
export class Post {
  /** @type {Agent | undefined} */
  #agent;
  #starts = 0;
  #home = "";

  /** @param {import("./clients.mjs").Started} started @param {number} batch how many entries its client takes at once */
  constructor(started, batch) {
    this.started = started;
    this.batch = batch;
  }

  /** The agent that works here now. @returns {Promise<Agent>} */
  async agent() {
    if (this.#agent && (!this.#agent.isMissed || this.#starts >= STARTS)) return this.#agent;
    this.#starts += 1;
    this.#home ||= await mkdtemp(join(tmpdir(), "silt-conformance-"));
    this.#agent = new Agent(this.started, {
      SILT_HOME: this.#home,
      SILT_EXECUTABLE: executable,
      SILT_BATCH_ENTRIES: String(this.batch),
    });
    return this.#agent;
  }

  /** @returns {Promise<string[]>} the ways that its client has of handing entries over */
  async ways() {
    return (await (await this.agent()).ask("hello")).ways;
  }

  /** @returns {Promise<string | null>} what was wrong with its agent's end */
  async close() {
    const complaint = this.#agent ? await this.#agent.close() : null;
    if (this.#home) await rm(this.#home, { recursive: true, force: true });
    return complaint;
  }
}
