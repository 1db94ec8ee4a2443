import { performance as clock } from "node:perf_hooks";
import { clearTimeout, setTimeout } from "node:timers";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { LogDirectory, type Sandbox } from "../src/index.js";
import { nextTurn, turn } from "../src/log/turn.js";
import { inEveryTurn } from "./every-turn.js";
import { plainSandbox, temporaryHome } from "./home.js";
import { Program } from "./programs/reader.js";

const home = temporaryHome();

/** Lines of `seq`, and the bytes of all of them. */
const LINES = 500_000;
const BYTES = 3_388_895;
let sandbox: Sandbox;
let short: LogDirectory;

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
  const end = inEveryTurn(() => {
    const now = performance.now();
    waits.push(now - last);
    last = now;
  });
  await work();
  end();
  waits.push(performance.now() - last);
  waits.sort((a, b) => a - b);
  return waits[Math.floor(waits.length * 0.9)] as number;
}

function burn(milliseconds: number): void {
  const began = performance.now();
  while (performance.now() - began < milliseconds);
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
  const many = Array.from({ length: 20 }, readWhole);
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

test("after a batch the clock is looked at, however fast entries came before", async () => {
  for (let isTried = false; !isTried; ) {
    await nextTurn();
    let isOver = false;
    for (let i = 0; i < 130; i += 1) isOver ||= turn.isOver();
    // Where the machine did other things meanwhile.
    if (isOver) continue;
    burn(6);
    turn.look();
    expect(turn.isOver()).toBe(true);
    isTried = true;
  }
  const looked = vi.spyOn(turn, "look");
  onTestFinished(() => looked.mockRestore());
  let batches = 0;
  for await (const _ of (await sandbox.logStream()).batches()) batches += 1;
  expect(looked.mock.calls.length).toBeGreaterThan(batches);
});

test("one who waited and works for a whole turn is the only one in it", async () => {
  let most = 0;
  let since = 0;
  const end = inEveryTurn(() => {
    since = 0;
  });
  const works = Array.from({ length: 20 }, async () => {
    await nextTurn();
    since += 1;
    most = Math.max(most, since);
    burn(6);
  });
  await Promise.all(works);
  end();
  expect(most).toBe(1);
});

test("many who read little do not wait for a turn of the event loop each", async () => {
  let turns = 0;
  const end = inEveryTurn(() => {
    burn(5);
    turns += 1;
  });
  const readers = Array.from({ length: 500 }, async () => {
    let entries = 0;
    for await (const _ of await short.logStream()) entries += 1;
    return entries;
  });
  expect(new Set(await Promise.all(readers))).toEqual(new Set([2]));
  end();
  expect(turns).toBeLessThan(250);
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

/** Does `work` again and again until a timer ends it; whether it did, in time. */
async function endsByTimer(work: () => Promise<unknown>): Promise<boolean> {
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
  }, 50);
  const began = clock.now();
  while (!isOver && clock.now() - began < 5000) await work();
  clearTimeout(timer);
  return isOver;
}

for (const [what, work] of Object.entries(endless)) {
  test(`a timer is not held up where again and again ${what}`, async () => {
    expect(await endsByTimer(work)).toBe(true);
  });
}

test("the event loop has its turns though the clock and the timers are those of a test", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  await readWhole();
  expect(await sandbox.logs()).toHaveLength(LINES);
  for (const work of Object.values(endless)) expect(await endsByTimer(work)).toBe(true);
});

test("a process that reads as it exits does so once", async () => {
  const program = new Program("exiting.mjs", short.folder);
  // Where the machine held it up it steps back, and the loop goes on once more.
  const { status, output } = await program.ended();
  expect({ status, often: Number(output) > 20 }).toEqual({ status: 0, often: false });
});
