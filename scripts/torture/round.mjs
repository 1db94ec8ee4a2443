import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { LogDirectory, Sandbox } from "@silt/sandbox";
import { root } from "../paths.mjs";
import { Model } from "./model.mjs";

/** @typedef {import("./random.mjs").Random} Random */

const program = join(root, "scripts/torture/program.mjs");

/**
 * One sandbox, one program, one reader that leaves and comes back; now and then the supervisor is killed.
 *
 * @param {Random} random
 * @param {string} home
 * @returns {Promise<string>} what it was, in a line
 */
export async function round(random, home) {
  const workdir = await mkdtemp(join(home, "workdir-"));
  const bytes = random.between(100_000, 20_000_000);
  const roomy = random.chance(0.5);
  const maxBytes = roomy ? 256 << 20 : random.between(1 << 20, 4 << 20);
  const segmentBytes = random.between(64 << 10, maxBytes / 8);
  const crash = random.chance(0.3);
  const sandbox = await Sandbox.create({
    runtime: "process",
    workdir,
    logs: { maxBytes, segmentBytes },
  });
  const seed = String(random.between(0, 2 ** 31));
  try {
    const model = new Model();
    const args = [program, seed, String(bytes), join(workdir, "written.json")];
    const session = await sandbox.spawn(process.execPath, args);
    const ended = crash ? kill(sandbox, random) : session.wait().then(() => sandbox.stop());
    const reason = await readAll(sandbox, random, model);
    await ended;
    if (roomy && !crash && (model.gaps > 0 || model.first !== 1))
      throw new Error("entries are missing");
    const wanted = crash ? "crashed" : "stopped";
    if (reason !== wanted) throw new Error(`the stream ended ${reason}, not ${wanted}`);
    if (!crash && model.gaps === 0 && model.first === 1) await compare(model, workdir);
    await verify(home, sandbox.name);
    const kind = `${bytes} bytes, segments of ${segmentBytes} in ${maxBytes}${crash ? ", killed" : ""}`;
    return `${kind}: ${model.next - 1} numbers, ${model.gaps} gaps`;
  } finally {
    await (await Sandbox.get(sandbox.name)).remove({ force: true });
    await rm(workdir, { recursive: true, force: true });
  }
}

/** Kills the supervisor once the log has grown to a random size, or has ended before that. @param {Sandbox} sandbox @param {Random} random */
async function kill(sandbox, random) {
  const { info } = await Sandbox.get(sandbox.name);
  const entries = random.between(1, 2000);
  let seen = 0;
  for await (const _ of await sandbox.logStream({
    sources: "all",
    follow: true,
    onGap: "report",
  })) {
    seen += 1;
    if (seen === entries) break;
  }
  process.kill(/** @type {number} */ (info.supervisorPid), "SIGKILL");
}

/**
 * Reads to the end, leaving at random places and going on from a cursor.
 *
 * @param {Sandbox} sandbox
 * @param {Random} random
 * @param {Model} model
 */
async function readAll(sandbox, random, model) {
  /** @type {string | undefined} */
  let cursor;
  for (;;) {
    const leaveAfter = random.between(1, 20_000);
    const stream = await sandbox.logStream({
      sources: "all",
      follow: true,
      onGap: "report",
      ...(cursor === undefined ? {} : { fromCursor: cursor }),
    });
    let taken = 0;
    for await (const item of stream) {
      model.add(item);
      taken += 1;
      if (taken === leaveAfter) {
        cursor = stream.position;
        break;
      }
    }
    if (taken < leaveAfter) return stream.end?.reason;
  }
}

/** @param {Model} model @param {string} workdir */
async function compare(model, workdir) {
  const written = JSON.parse(await readFile(join(workdir, "written.json"), "utf8"));
  for (const source of ["stdout", "stderr"]) {
    const [wanted, got] = [written[source], model.digest(source)];
    if (wanted.sha256 !== got.sha256) {
      throw new Error(
        `${source}: ${wanted.bytes} bytes were written, ${got.bytes} others were read`,
      );
    }
  }
}

/** @param {string} home @param {string} name */
async function verify(home, name) {
  const directory = await LogDirectory.open(join(home, "sandboxes", name, "logs"));
  const report = await directory.verify();
  if (!report.whole) throw new Error(`the log does not verify: ${JSON.stringify(report)}`);
}
