import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/**
 * An error as an agent tells it.
 *
 * @typedef {{ code: string, message: string, retryable: boolean, fields: Record<string, any> }} ErrorData
 */

/** What an agent answered instead of a result. */
export class AgentError extends Error {
  /** @param {string} op @param {ErrorData} data */
  constructor(op, data) {
    super(`${op}: ${data.code}: ${data.message}`);
    this.data = data;
  }
}

/** Nothing more is to be had from an agent. */
export class AgentGone extends Error {}

/** How much of what an agent said on its standard error is told when it is gone, in characters. */
const LAST_WORDS = 2000;
/** How long an agent may say nothing while it is asked something, in milliseconds. */
const PATIENCE = 120_000;

/** A client's agent at work; see conformance/README.md. */
export class Agent {
  #child;
  #next = 1;
  #said = "";
  /** Why it answers no more. @type {AgentGone | undefined} */
  #gone;
  #missed = false;
  /** @type {Map<number, { op: string, resolve: (ok: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();
  /** @type {NodeJS.Timeout | undefined} */
  #silence;
  #patience;

  /**
   * @param {{ program: string, args: string[] }} command
   * @param {Record<string, string>} env
   * @param {number} [patience] in milliseconds
   */
  constructor({ program, args }, env, patience = PATIENCE) {
    this.#patience = patience;
    this.#child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child.stderr.setEncoding("utf8").on("data", (/** @type {string} */ text) => {
      process.stderr.write(text);
      this.#said = (this.#said + text).slice(-LAST_WORDS);
    });
    this.#child.on("error", (error) => this.#fail(error.message));
    // Only then all that it said is here.
    this.#child.on("close", (code, signal) =>
      this.#fail(`it ended: ${signal ?? `status ${code}`}`),
    );
    this.#child.stdin.on("error", () => {});
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#answered(line));
  }

  /** Whether it is gone, and who asked it was told so. */
  get isMissed() {
    return this.#missed;
  }

  /** @param {string} op @param {object} [request] @returns {Promise<any>} */
  ask(op, request = {}) {
    if (this.#gone) {
      this.#missed = true;
      return Promise.reject(this.#gone);
    }
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { op, resolve, reject });
      this.#watch();
      this.#child.stdin.write(`${JSON.stringify({ id, op, ...request })}\n`);
    });
  }

  /** @param {string} line */
  #answered(line) {
    const answer = parsed(line);
    const waiter = this.#waiting.get(answer?.id);
    if (!waiter) return this.#end(`it said what nobody asked for: ${line.slice(0, 300)}`);
    this.#waiting.delete(answer.id);
    this.#watch();
    if (answer.error === undefined) waiter.resolve(answer.ok);
    else waiter.reject(new AgentError(waiter.op, answer.error));
  }

  /** Waits anew for the next answer, if there is one to come. */
  #watch() {
    clearTimeout(this.#silence);
    if (this.#waiting.size === 0) return;
    const seconds = this.#patience / 1000;
    this.#silence = setTimeout(() => this.#end(`it said nothing for ${seconds} s`), this.#patience);
  }

  /** @param {string} why */
  #end(why) {
    this.#fail(why);
    this.#child.kill("SIGKILL");
  }

  /** @param {string} why */
  #fail(why) {
    clearTimeout(this.#silence);
    const said = this.#said.trim();
    this.#gone ??= new AgentGone(
      `the agent is gone: ${why}${said && `; its standard error:\n${said}`}`,
    );
    for (const { reject } of this.#waiting.values()) reject(this.#gone);
    this.#missed ||= this.#waiting.size > 0;
    this.#waiting.clear();
  }

  /**
   * Ends its input and waits until it has ended, or ends it.
   *
   * @returns {Promise<string | null>} what was wrong with its end that nobody was told
   */
  async close() {
    clearTimeout(this.#silence);
    if (this.#gone) return this.#missed ? null : this.#gone.message;
    const closed = once(this.#child, "close");
    this.#child.stdin.end();
    const impatient = setTimeout(() => this.#child.kill("SIGKILL"), this.#patience);
    const [code] = await closed;
    clearTimeout(impatient);
    return code === 0 ? null : this.#reason;
  }

  get #reason() {
    return this.#gone?.message ?? "";
  }
}

/** @param {string} line @returns {any} undefined where it is no JSON */
function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
