import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { executable, root, testPrograms } from "../paths.mjs";
import { Frames } from "./frames.mjs";
import { Lines } from "./lines.mjs";

/**
 * @typedef {object} Taking what a stint hands on, as it comes
 * @property {(from: number, to: number) => void} entries
 * @property {(gap: import("./ledger.mjs").Gap, held: number | null | undefined) => void} gap `held`: the oldest number that was there
 * @property {(key: string, data: Uint8Array) => void} data
 * @property {(cursor: string) => void} cursor all before it was handed on
 *
 * @typedef {object} Stint a process that reads from a cursor
 * @property {import("node:child_process").ChildProcess} process
 * @property {string} name what reads, and its number among processes
 * @property {boolean} leaves by itself when it has had enough
 * @property {Promise<string>} ended once all it said was taken; what it said on standard error
 */

const program = join(root, "scripts/torture/stint-program.mjs");

/**
 * A process that follows a log until it has had enough or is killed: Node, Rust or the command line, by chance. The
 * command line never has enough.
 *
 * @param {import("./random.mjs").Random} random @param {string} folder @param {number} enough
 * @param {string | undefined} cursor @param {Taking} taking @returns {Stint}
 */
export function oneStint(random, folder, enough, cursor, taking) {
  const args = [folder, String(enough), ...(cursor === undefined ? [] : [cursor])];
  const kind = random.next();
  if (kind < 0.3) return framed("Node", process.execPath, [program, ...args], taking);
  if (kind < 0.7) return framed("Rust", join(testPrograms, "follow-log"), args, taking);
  return commandStint(folder, cursor, taking);
}

/** @param {string} name @param {string} program one that prints frames @param {string[]} args @param {Taking} taking @returns {Stint} */
function framed(name, program, args, taking) {
  const frames = new Frames();
  return follow(name, program, args, true, (chunk) =>
    frames.add(chunk, (header, payload) => {
      for (const { gap, held, from, to } of header.spans) {
        if (gap) taking.gap(gap, held);
        else taking.entries(from, to);
      }
      let at = 0;
      for (const [key, length] of header.parts) {
        taking.data(key, payload.subarray(at, at + length));
        at += length;
      }
      taking.cursor(header.position);
    }),
  );
}

/** @param {string} folder @param {string | undefined} cursor @param {Taking} taking @returns {Stint} */
function commandStint(folder, cursor, taking) {
  const lines = new Lines();
  const args = [
    ...["logs", "--dir", folder, "-f", "--json", "--with-cursors"],
    ...["--source", "all", "--on-gap", "report"],
    ...(cursor === undefined ? [] : ["--cursor", cursor]),
  ];
  return follow("the command line", executable, args, false, (chunk) => {
    /** @type {string | undefined} */
    let last;
    lines.add(chunk, (line) => {
      const item = JSON.parse(line);
      last = item.cursor ?? item.resumeCursor;
      if (item.log !== "exec") return;
      if (item.type === "gap") return taking.gap(item, undefined);
      taking.entries(item.sequence, item.sequence);
      taking.data(
        `${item.sessionId} ${item.source}`,
        Buffer.from(item.data, item.encoding ?? "utf8"),
      );
    });
    if (last !== undefined) taking.cursor(last);
  });
}

/** @param {string} name @param {string} program @param {string[]} args @param {boolean} leaves @param {(chunk: Buffer) => void} take @returns {Stint} */
function follow(name, program, args, leaves, take) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  const ended = new Promise((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      try {
        take(chunk);
      } catch (error) {
        child.kill("SIGKILL");
        reject(error);
      }
    });
    child.on("error", reject);
    child.on("close", () => resolve(said));
  });
  return { process: child, name: `${name} (process ${child.pid})`, leaves, ended };
}

/**
 * Stops a process, and waits until all its threads stand still.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<number>} its id
 */
export async function stopped(child) {
  const { pid } = child;
  if (pid === undefined) throw new Error("a reader without a process can not be stopped");
  child.kill("SIGSTOP");
  const tasks = `/proc/${pid}/task`;
  for (const thread of await readdir(tasks)) {
    const status = join(tasks, thread, "status");
    const stands = async () =>
      /^State:\s+[TXZ]/m.test(await readFile(status, "utf8").catch(() => "State: X"));
    while (!(await stands())) await pause(1);
  }
  return pid;
}
