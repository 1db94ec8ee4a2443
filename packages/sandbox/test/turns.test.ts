import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { LogDirectory, type LogReadable, type Sandbox } from "../src/index.js";
import { plainSandbox, temporaryHome } from "./home.js";

const home = temporaryHome();

/** Lines of `seq`, and the bytes of all of them. */
const LINES = 500_000;
const BYTES = 3_388_895;
let sandbox: Sandbox;
let short: LogReadable;

beforeAll(async () => {
  sandbox = await plainSandbox();
  await sandbox.exec("seq", [String(LINES)]);
  const other = await plainSandbox();
  await other.shell("echo one; echo two");
  await other.stop();
  short = await LogDirectory.open(`${home.path}/sandboxes/${other.name}/logs`);
});

/**
 * How long the event loop had to wait for its turns while `work` ran: nine of ten not longer than this, in
 * milliseconds. A collection of garbage, or a machine that does other things, makes some of them long.
 */
async function longestWait(work: () => Promise<void>): Promise<number> {
  const waits: number[] = [];
  let last = performance.now();
  const tick = (): void => {
    const now = performance.now();
    waits.push(now - last);
    last = now;
    timer = setImmediate(tick);
  };
  let timer = setImmediate(tick);
  await work();
  clearImmediate(timer);
  waits.push(performance.now() - last);
  waits.sort((a, b) => a - b);
  return waits[Math.floor(waits.length * 0.9)] as number;
}

async function readWhole(): Promise<void> {
  let bytes = 0;
  for await (const entry of await sandbox.logStream()) bytes += entry.data.length;
  expect(bytes).toBe(BYTES);
}

test("the event loop has its turns while a log is read", async () => {
  expect(await longestWait(readWhole)).toBeLessThan(50);
});

test("the event loop has its turns while many logs are read at once", async () => {
  const many = Array.from({ length: 10 }, readWhole);
  expect(await longestWait(async () => void (await Promise.all(many)))).toBeLessThan(50);
});

test("those who read at once get on alike", async () => {
  const counts = [0, 0, 0, 0];
  let first: number[] | undefined;
  await Promise.all(
    counts.map(async (_, reader) => {
      for await (const _ of await sandbox.logStream()) counts[reader] = (counts[reader] ?? 0) + 1;
      first ??= [...counts];
    }),
  );
  expect(Math.min(...(first ?? []))).toBeGreaterThan(LINES / 2);
});

const endless: Record<string, () => Promise<unknown>> = {
  "snapshots are taken": () => short.logs(),
  "streams are opened": async () => (await short.logStream()).close(),
  "streams are read to their end": async () => {
    for await (const _ of await short.logStream());
  },
  "streams are read with recv": async () => {
    await using stream = await short.logStream({ follow: true });
    await stream.recv();
  },
  "batches are read": async () => {
    for await (const _ of (await short.logStream()).batches());
  },
  "bytes are read": async () => {
    for await (const _ of (await short.logStream()).bytes());
  },
};

for (const [what, work] of Object.entries(endless)) {
  test(`a timer is not held up where again and again ${what}`, async () => {
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
    }, 50);
    const began = performance.now();
    while (!isOver && performance.now() - began < 5000) await work();
    clearTimeout(timer);
    expect(isOver).toBe(true);
  });
}

test("a log is read though the timers are those of a test", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  await readWhole();
  expect(await sandbox.logs()).toHaveLength(LINES);
});
