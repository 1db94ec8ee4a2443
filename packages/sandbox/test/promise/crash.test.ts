import { createHash, randomInt } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { LogDirectory, type LogEntry, Sandbox } from "../../src/index.js";
import { temporaryHome } from "../home.js";

const home = temporaryHome();

const ROUNDS = 20;

/** Whether numbers and lines follow each other, and a hash of all of it. */
class Sequence {
  entries = 0;
  wrong = 0;
  last: number | undefined;
  readonly #hash = createHash("sha256");

  add(entry: LogEntry): void {
    // A round's program starts at line 0; a number never jumps, not even between rounds.
    if (this.last !== undefined && entry.sequence !== this.last + 1) this.wrong += 1;
    if (!entry.line.startsWith(`line ${this.entries}`)) this.wrong += 1;
    this.last = entry.sequence;
    this.entries += 1;
    this.#hash.update(`${entry.sequence} ${entry.timestampNanos} `).update(entry.data);
  }

  digest(): string {
    return this.#hash.copy().digest("hex");
  }
}

/** Processes of the machine that have `mark` among their arguments. */
async function processesWith(mark: string): Promise<string[]> {
  const found = [];
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (line.includes(mark)) found.push(pid);
  }
  return found;
}

test(`SIGKILL of the supervisor at a random moment under full output, ${ROUNDS} times`, async () => {
  let sandbox = await Sandbox.create({
    name: "killed",
    runtime: "namespace",
    logs: { maxBytes: 1 << 30, segmentBytes: 256 << 10 },
  });
  const logs = join(home.path, "sandboxes/killed/logs");
  const mark = `output of ${process.pid}`;
  let lastOfBefore: number | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { position } = await sandbox.logStream({ tail: 0 });
    const stream = await sandbox.logStream({ follow: true, fromCursor: position });
    const followed = new Sequence();
    const reading = (async () => {
      for await (const entry of stream) followed.add(entry);
    })();
    await sandbox.spawn("sh", [
      "-c",
      `i=0; while :; do echo "line $i"; i=$((i+1)); done # ${mark}`,
    ]);
    await vi.waitUntil(() => followed.entries > 0, { interval: 1, timeout: 10_000 });
    expect(await processesWith(mark)).not.toEqual([]);
    const { supervisorPid } = (await Sandbox.get("killed")).info;
    // The one sleep: it is what makes the moment random.
    await setTimeout(randomInt(0, 150));
    process.kill(supervisorPid as number, "SIGKILL");

    await reading;
    expect(stream.end?.reason).toBe("crashed");
    await vi.waitUntil(async () => (await processesWith(mark)).length === 0, { timeout: 10_000 });
    const directory = await LogDirectory.open(logs);
    expect(await directory.verify()).toMatchObject({ whole: true });
    const again = new Sequence();
    for await (const entry of await directory.logStream({ fromCursor: position })) again.add(entry);
    expect(followed.wrong).toBe(0);
    expect({ entries: again.entries, digest: again.digest() }).toEqual({
      entries: followed.entries,
      digest: followed.digest(),
    });
    if (lastOfBefore !== undefined) {
      expect((followed.last as number) - followed.entries).toBe(lastOfBefore);
    }
    lastOfBefore = followed.last;

    const handle = await Sandbox.get("killed");
    expect(handle.status).toBe("crashed");
    sandbox = await handle.start();
  }
  await sandbox.stop();
}, 600_000);
