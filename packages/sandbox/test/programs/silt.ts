import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { executable } from "../../src/native/executable.js";

/** The native command, running. */
export class SiltCommand {
  /** What it prints, line by line. To be read to its end. */
  readonly lines: AsyncIterable<string>;
  readonly #closed: Promise<unknown[]>;
  #errors = "";

  constructor(...args: string[]) {
    const child = spawn(executable(), args, { stdio: ["ignore", "pipe", "pipe"] });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#errors += text;
    });
    this.lines = createInterface({ input: child.stdout });
    this.#closed = once(child, "close");
  }

  /** Its status and what it said on standard error, once it has ended by itself. */
  async ended(): Promise<{ status: number | null; errors: string }> {
    const [status] = await this.#closed;
    return { status: status as number | null, errors: this.#errors };
  }
}
