import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { LogEntry } from "../../src/index.js";

/** The folder of the programs that keep account of what they write, and where sandboxes see it. */
const source = fileURLToPath(new URL("native/", import.meta.url));
export const programs = { source, target: "/programs" };

/** The path of a program as a sandbox of this runtime sees it. */
export function programPath(name: string, runtime: "namespace" | "process"): string {
  return `${runtime === "namespace" ? programs.target : source}/${name}`;
}

/** Bytes and SHA-256 of a stream. */
export interface Account {
  bytes: number;
  sha256: string;
}

/** What a program says that it wrote, from the file in which it says so. */
export async function accounts(path: string): Promise<Record<string, Account>> {
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  return Object.fromEntries(
    lines.map((line) => {
      const [name = "", bytes, sha256 = ""] = line.split(" ");
      return [name, { bytes: Number(bytes), sha256 }];
    }),
  );
}

/** What a reader of the log received, by source. */
export class Received {
  readonly #streams = new Map<string, { bytes: number; hash: ReturnType<typeof createHash> }>();

  add(entry: LogEntry): void {
    let stream = this.#streams.get(entry.source);
    if (stream === undefined) {
      stream = { bytes: 0, hash: createHash("sha256") };
      this.#streams.set(entry.source, stream);
    }
    const { data } = entry;
    stream.bytes += data.length;
    stream.hash.update(data);
  }

  accounts(): Record<string, Account> {
    return Object.fromEntries(
      [...this.#streams].map(([name, { bytes, hash }]) => [
        name,
        { bytes, sha256: hash.copy().digest("hex") },
      ]),
    );
  }
}
