import { readdirSync } from "node:fs";
import { expect, test, vi } from "vitest";
import type { LogStream, Sandbox } from "../src/index.js";
import { plainSandbox, temporaryHome } from "./home.js";
import { Program } from "./programs/reader.js";

temporaryHome();

const descriptors = (): number => readdirSync("/proc/self/fd").length;
const threads = (): number => readdirSync("/proc/self/task").length;

/** The engine's own thread gives some of them back, a moment later. */
async function areBack(before: { descriptors: number; threads: number }): Promise<void> {
  await vi.waitFor(() => expect(descriptors()).toBeLessThanOrEqual(before.descriptors), 5000);
  await vi.waitFor(() => expect(threads()).toBeLessThanOrEqual(before.threads), 5000);
}

/** Every way to leave a stream. */
const ways: ((stream: LogStream, abort: AbortController) => Promise<void>)[] = [
  async (stream) => {
    for await (const _ of stream) break;
  },
  async (stream) => {
    try {
      for await (const _ of stream) throw new Error("left");
    } catch {
      // As meant.
    }
  },
  async (stream) => {
    await stream.recv();
    await stream.close();
  },
  async (stream, abort) => {
    await stream.recv();
    abort.abort();
  },
  async (stream) => {
    await using _ = stream;
    await stream.recv();
  },
  async (stream) => {
    await stream.close();
    await stream.close();
  },
];

async function openAndLeave(sandbox: Sandbox, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const abort = new AbortController();
    const follow = i % 2 === 0;
    const stream = await sandbox.logStream({ follow, signal: abort.signal });
    // Half of those that follow have come to wait.
    if (follow && i % 4 === 0) while (stream.tryRecv() !== undefined);
    if (follow && i % 4 === 0) {
      const waiting = stream.recv();
      await stream.close();
      expect(await waiting).toBeNull();
    } else await ways[i % ways.length]?.(stream, abort);
    expect(stream.end).toBeDefined();
  }
}

test("2,000 streams, left in every way, give everything back", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.exec("seq", ["2000"]);
  await openAndLeave(sandbox, 200);
  const before = { descriptors: descriptors(), threads: threads(), rss: process.memoryUsage().rss };
  await openAndLeave(sandbox, 2000);
  await areBack(before);
  expect(process.memoryUsage().rss - before.rss).toBeLessThan(64 * 1024 * 1024);
});

test("2,000 streams open at once, then left", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.exec("seq", ["10"]);
  await openAndLeave(sandbox, 20);
  const before = { descriptors: descriptors(), threads: threads() };
  const streams: LogStream[] = [];
  for (let i = 0; i < 2000; i += 1) streams.push(await sandbox.logStream({ follow: true }));
  const waiting = streams.map((stream, i) => (i % 2 === 0 ? stream.recv() : null));
  const got = await Promise.all(waiting);
  expect(got.filter((entry) => entry?.line === "1")).toHaveLength(1000);
  for (const stream of streams) await stream.close();
  await areBack(before);
});

for (const how of ["unread", "waited", "session"]) {
  test(`the process exits by itself with a stream that it has left: ${how}`, async () => {
    await using sandbox = await plainSandbox();
    await sandbox.shell("echo one");
    const program = new Program("idle.mjs", sandbox.name, how);
    expect(await program.ended()).toEqual({ status: 0, output: "left" });
  });
}
