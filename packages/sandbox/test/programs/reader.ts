import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A program of this folder, running in a Node of its own. */
export class Program {
  readonly process: ChildProcess;
  readonly #closed: Promise<unknown[]>;
  #output = "";

  constructor(name: string, ...args: string[]) {
    const path = fileURLToPath(new URL(name, import.meta.url));
    this.process = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    this.process.stdout?.on("data", (data) => {
      this.#output += data;
    });
    // Not its exit: what it printed last may come after that.
    this.#closed = once(this.process, "close");
    this.#closed.catch(() => {});
  }

  /** Once it says something on standard error. */
  async said(): Promise<string> {
    const [data] = await once(this.process.stderr as NodeJS.ReadableStream, "data");
    return String(data);
  }

  /** Its status and what it printed, once it has ended by itself. */
  async ended(): Promise<{ status: number | null; output: string }> {
    const [status] = await this.#closed;
    return { status: status as number | null, output: this.#output };
  }
}
