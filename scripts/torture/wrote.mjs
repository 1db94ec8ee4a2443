import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** What a program says that it wrote, from the file in which it says so; undefined when it was killed before. @param {string} path */
export async function accountOf(path) {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  return text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [source = "", bytes, sha256 = ""] = line.split(" ");
      return { source, bytes: Number(bytes), sha256 };
    });
}

/** The SHA-256 of the first bytes that `print-lines` prints. @param {number} bytes */
export function beginningOfLines(bytes) {
  const hash = createHash("sha256");
  let line = 0;
  for (let left = bytes; left > 0; ) {
    let portion = "";
    for (let i = 0; i < 10_000; i += 1, line += 1) portion += `line ${line}\n`;
    hash.update(portion.slice(0, left));
    left -= portion.length;
  }
  return hash.digest("hex");
}
