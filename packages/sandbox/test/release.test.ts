import { getEventListeners, setMaxListeners } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import type { LogStream, Sandbox } from "../src/index.js";
import { inEveryTurn } from "./every-turn.js";
import { plainSandbox, temporaryHome } from "./home.js";
import { Program } from "./programs/reader.js";

temporaryHome();

const LINES = 2000;

const descriptors = (): number => readdirSync("/proc/self/fd").length;
const threads = (): number => readdirSync("/proc/self/task").length;

/** The engine's own thread gives some of them back, a moment later. */
async function areBack(before: { descriptors: number; threads: number }): Promise<void> {
  await vi.waitFor(() => expect(descriptors()).toBeLessThanOrEqual(before.descriptors), 5000);
  await vi.waitFor(() => expect(threads()).toBeLessThanOrEqual(before.threads), 5000);
}

/** Every way to leave a stream. */
const ways: Record<string, (stream: LogStream, abort: AbortController) => Promise<void>> = {
  break: async (stream) => {
    for await (const _ of stream) break;
  },
  throw: async (stream) => {
    try {
      for await (const _ of stream) throw new Error("left");
    } catch {
      // As meant.
    }
  },
  close: async (stream) => {
    await stream.recv();
    await stream.close();
  },
  abort: async (stream, abort) => {
    await stream.recv();
    abort.abort();
  },
  disposal: async (stream) => {
    await using _ = stream;
    await stream.recv();
  },
  "half read": async (stream) => {
    for (let i = 0; i < LINES / 2; i += 1) await stream.recv();
    await stream.close();
  },
  unread: async (stream) => {
    await stream.close();
    await stream.close();
  },
};

/** What a follower alone can come to. */
const waysToStopWaiting: typeof ways = {
  "closed while it waits": async (stream) => {
    while (stream.tryRecv() !== undefined);
    const waiting = stream.recv();
    await stream.close();
    expect(await waiting).toBeNull();
  },
  "aborted while it waits": async (stream, abort) => {
    while (stream.tryRecv() !== undefined);
    const waiting = stream.recv();
    abort.abort();
    expect(await waiting).toBeNull();
  },
};

/** Each way in turn. */
async function openAndLeave(sandbox: Sandbox, count: number, follow: boolean): Promise<void> {
  const possible = Object.entries({ ...ways, ...(follow && waysToStopWaiting) });
  for (let i = 0; i < count; i += 1) {
    const [name, leave] = possible[i % possible.length] as (typeof possible)[number];
    const abort = new AbortController();
    const stream = await sandbox.logStream({ follow, signal: abort.signal });
    await leave(stream, abort);
    const reason = name.startsWith("abort") ? "aborted" : "closed";
    if (stream.end?.reason !== reason) throw new Error(`${name}: it ended ${stream.end?.reason}`);
  }
}

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Resident memory that is of no file, in bytes, when what nobody holds is gone. */
function memory(): number {
  collect();
  const [, kibibytes] =
    readFileSync("/proc/self/status", "utf8").match(/^RssAnon:\s+(\d+) kB$/m) ?? [];
  return Number(kibibytes) * 1024;
}

for (const follow of [false, true]) {
  test(`2,000 streams, left in every way, give everything back: follow ${follow}`, async () => {
    await using sandbox = await plainSandbox();
    await sandbox.exec("seq", [String(LINES)]);
    const round = () => openAndLeave(sandbox, 2000, follow);
    // What the first times bring along for good: pools, and code that is compiled.
    await round();
    await round();
    const before = { descriptors: descriptors(), threads: threads() };
    const grown: number[] = [];
    let was = memory();
    for (let i = 0; i < 7; i += 1) {
      await round();
      const is = memory();
      grown.push(is - was);
      was = is;
    }
    // The engine of JavaScript takes more at some time or other; what streams leave behind comes each time.
    expect(Math.min(...grown), `${grown}`).toBeLessThan(2000 * 1024);
    await areBack(before);
  });
}

test("2,000 streams open at once, then left", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.exec("seq", ["10"]);
  for (let i = 0; i < 20; i += 1) {
    await using stream = await sandbox.logStream({ follow: true });
    await stream.recv();
  }
  const before = { descriptors: descriptors(), threads: threads() };
  const streams: LogStream[] = [];
  for (let i = 0; i < 2000; i += 1) streams.push(await sandbox.logStream({ follow: true }));
  const waiting = streams.map((stream, i) => (i % 2 === 0 ? stream.recv() : null));
  const got = await Promise.all(waiting);
  expect(got.filter((entry) => entry?.line === "1")).toHaveLength(1000);
  for (const stream of streams) await stream.close();
  await areBack(before);
});

test("2,000 snapshots at once hold no files while they wait for their turn", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.exec("seq", ["10"]);
  await sandbox.logs();
  const before = descriptors();
  let turns = 0;
  const end = inEveryTurn(() => {
    turns += 1;
  });
  const snapshots = Array.from({ length: 2000 }, () => sandbox.logs());
  let most = 0;
  const watched = snapshots.map(async (snapshot) => {
    const { length } = await snapshot;
    most = Math.max(most, descriptors());
    return length;
  });
  expect(new Set(await Promise.all(watched))).toEqual(new Set([10]));
  end();
  expect(most).toBeLessThan(before + 30);
  expect(turns).toBeGreaterThan(5);
});

const manners = ["of the sandbox", "of a session", "of a session that has ended", "with a signal"];
for (const manner of manners) {
  test(`streams that are forgotten are given back: ${manner}`, async () => {
    await using sandbox = await plainSandbox();
    const session = await sandbox.spawn("sh", ["-c", "echo one; read line"]);
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const isOfSession = manner.startsWith("of a session");
    /** Each finds nothing more, so that it would be told of the session's end. */
    const forget = async (): Promise<void> => {
      for (let i = 0; i < 100; i += 1) {
        const options = manner === "with a signal" ? { follow: true, signal } : { follow: true };
        const stream = await (isOfSession ? session : sandbox).logStream(options);
        while (stream.tryRecv() !== undefined);
      }
    };
    await (await session.logStream()).close();
    const before = descriptors();
    await forget();
    if (manner.endsWith("ended")) {
      await session.end();
      await session.wait();
    }
    await vi.waitFor(() => {
      collect();
      // A few of the last may be held by what is still on the stack; each has three.
      expect(descriptors()).toBeLessThan(before + 30);
      expect(getEventListeners(signal, "abort").length).toBeLessThan(10);
    }, 10_000);
    await session.end();
  });
}

for (const how of ["unread", "waited", "session"]) {
  test(`the process exits by itself with a stream that it has left: ${how}`, async () => {
    await using sandbox = await plainSandbox();
    await sandbox.shell("echo one");
    const program = new Program("idle.mjs", sandbox.name, how);
    expect(await program.ended()).toEqual({ status: 0, output: "left" });
  });
}
