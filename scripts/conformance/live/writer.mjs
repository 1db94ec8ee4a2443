import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { testPrograms } from "../../paths.mjs";

/** How large a log and its segments may be, in bytes. @typedef {{ maxBytes?: number, segmentBytes?: number }} Sizes */

/** A writer at work on a folder, in a process of its own. */
export class Writer {
  #child;
  /** @type {{ resolve: (answer: any) => void, reject: (error: Error) => void }[]} */
  #waiting = [];
  #said = "";
  /** What it says once it is there. @type {Promise<{ last: number, session: number }>} */
  ready;

  /** @param {string} folder @param {Sizes} sizes */
  constructor(folder, { maxBytes = 1 << 20, segmentBytes = 64 << 10 }) {
    const args = [folder, String(maxBytes), String(segmentBytes)];
    this.#child = spawn(join(testPrograms, "write-log"), args);
    this.#child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#said += text;
    });
    this.#child.stdin.on("error", () => {});
    createInterface({ input: this.#child.stdout }).on("line", (line) =>
      this.#waiting.shift()?.resolve(JSON.parse(line)),
    );
    this.#child.on("error", (error) => this.#fail(error.message));
    this.#child.on("close", () => this.#fail(this.#said));
    this.ready = this.#answer();
  }

  /** @param {string} why */
  #fail(why) {
    for (const { reject } of this.#waiting.splice(0))
      reject(new Error(`the writer is gone: ${why}`));
  }

  /** @returns {Promise<{ last: number, session: number }>} */
  #answer() {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** @param {object} request @returns {Promise<{ last: number, session: number }>} once readers can see it */
  async tell(request) {
    const answer = this.#answer();
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    return answer;
  }

  /** Ends it in order. */
  async end() {
    await this.tell({ end: true });
    await this.#gone();
  }

  async kill() {
    this.#child.kill("SIGKILL");
    await this.#gone();
  }

  async #gone() {
    if (this.#child.exitCode === null && this.#child.signalCode === null)
      await once(this.#child, "exit");
  }
}

/** The number of the first entry that the folder still holds. @param {string} folder @returns {Promise<number>} */
export async function firstHeld(folder) {
  for (;;) {
    const names = (await readdir(folder)).filter((name) => /^exec\.log\.\d+$/.test(name)).sort();
    const text = await readFile(join(folder, String(names[0])), "utf8").catch(() => "");
    // One that has just gone is not asked.
    if (text !== "") return JSON.parse(text.slice(0, text.indexOf("\n"))).first;
  }
}
