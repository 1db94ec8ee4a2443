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

/** A client's agent at work; see conformance/README.md. */
export class Agent {
  #child;
  #next = 1;
  /** @type {Map<number, { op: string, resolve: (ok: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();

  /** @param {{ program: string, args: string[] }} command @param {Record<string, string>} env */
  constructor({ program, args }, env) {
    this.#child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child.on("error", (error) => this.#fail(error));
    this.#child.on("exit", (code, signal) =>
      this.#fail(new Error(`the agent ended: ${signal ?? `status ${code}`}`)),
    );
    this.#child.stdin.on("error", (error) => this.#fail(error));
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#answered(line));
  }

  /** @param {string} op @param {object} [request] @returns {Promise<any>} */
  ask(op, request = {}) {
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { op, resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ id, op, ...request })}\n`);
    });
  }

  /** @param {string} line */
  #answered(line) {
    const { id, ok, error } = JSON.parse(line);
    const waiter = this.#waiting.get(id);
    if (!waiter) return this.#fail(new Error(`an answer that nobody asked for: ${line}`));
    this.#waiting.delete(id);
    if (error === undefined) waiter.resolve(ok);
    else waiter.reject(new AgentError(waiter.op, error));
  }

  /** @param {Error} error */
  #fail(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  /** Ends its input and waits until it has ended, or ends it. */
  async close() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.stdin.end();
    const impatient = setTimeout(() => this.#child.kill("SIGKILL"), 5000);
    await exited;
    clearTimeout(impatient);
  }
}
