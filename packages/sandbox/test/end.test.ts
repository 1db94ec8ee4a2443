import { expect, test } from "vitest";
import { type LogStream, Sandbox } from "../src/index.js";
import { plainSandbox, temporaryHome } from "./home.js";

temporaryHome();

/** All lines, and how the stream ended. */
async function toEnd(stream: LogStream) {
  const lines: string[] = [];
  for await (const entry of stream) lines.push(entry.line);
  return { lines, end: stream.end };
}

test("a finite stream drains, and counts what it gave", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.shell("echo one; echo three >&2");
  const stream = await sandbox.logStream();
  expect(stream.end).toBeUndefined();
  const { end } = await toEnd(stream);
  expect(end).toEqual({
    reason: "drained",
    logs: { exec: { entries: 2, bytes: 10, firstSequence: 1, lastSequence: 2, gaps: 0 } },
  });
});

test("follow on a stopped sandbox drains and ends", async () => {
  const sandbox = await plainSandbox();
  await sandbox.shell("echo one");
  await sandbox.stop();
  const { lines, end } = await toEnd(await sandbox.logStream({ follow: true }));
  expect(lines).toEqual(["one"]);
  expect(end?.reason).toBe("stopped");
});

test("follow gets the last line before the stop, and then its end", async () => {
  const sandbox = await plainSandbox();
  const following = toEnd(await sandbox.logStream({ follow: true }));
  await sandbox.shell("echo one");
  await sandbox.stop();
  expect(await following).toMatchObject({ lines: ["one"], end: { reason: "stopped" } });
});

test("a killed supervisor ends the stream as crashed", async () => {
  const sandbox = await plainSandbox();
  await sandbox.shell("echo one");
  const following = toEnd(await sandbox.logStream({ follow: true }));
  const { supervisorPid } = await sandbox.inspect();
  process.kill(supervisorPid as number, "SIGKILL");
  expect(await following).toMatchObject({ lines: ["one"], end: { reason: "crashed" } });
  const again = await (await Sandbox.get(sandbox.name)).start();
  await again.shell("echo two");
  await again.stop();
  expect((await sandbox.logs()).map((entry) => entry.line)).toEqual(["one", "two"]);
});

test("until in the near future ends on a quiet log", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.shell("echo one");
  const until = new Date(Date.now() + 300);
  const { lines, end } = await toEnd(await sandbox.logStream({ follow: true, until }));
  expect(lines).toEqual(["one"]);
  expect(end?.reason).toBe("until");
  expect(Date.now()).toBeGreaterThanOrEqual(until.getTime());
});

test("a sandbox that is removed while followed drains, and is not mixed with the next", async () => {
  const sandbox = await plainSandbox({ name: "short-lived" });
  await sandbox.shell("echo one");
  const stream = await sandbox.logStream({ follow: true });
  expect((await stream.recv())?.line).toBe("one");
  const following = toEnd(stream);
  await sandbox.shell("echo two");
  await sandbox.remove({ force: true });
  await using next = await plainSandbox({ name: "short-lived" });
  await next.shell("echo other");
  expect(await following).toMatchObject({ lines: ["two"], end: { reason: "removed" } });
  expect((await next.logs()).map((entry) => entry.line)).toEqual(["other"]);
});

test("close counts only what was handed over", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.shell("seq 100");
  const stream = await sandbox.logStream();
  for (let i = 0; i < 10; i += 1) await stream.recv();
  await stream.close();
  expect(stream.end).toMatchObject({
    reason: "closed",
    logs: { exec: { entries: 10, firstSequence: 1, lastSequence: 10, bytes: 21 } },
  });
  expect(await stream.recv()).toBeNull();
  expect(stream.tryRecv()).toBeNull();
});

test("an abort signal ends the stream as aborted, also for those who wait", async () => {
  await using sandbox = await plainSandbox();
  const controller = new AbortController();
  const stream = await sandbox.logStream({ follow: true, signal: controller.signal });
  const waiting = [stream.recv(), stream.recv()];
  controller.abort();
  expect(await Promise.all(waiting)).toEqual([null, null]);
  expect(stream.end?.reason).toBe("aborted");
  const late = await sandbox.logStream({ follow: true, signal: controller.signal });
  expect(await late.recv()).toBeNull();
});

test("leaving a loop closes the stream", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.shell("seq 10");
  const left = await sandbox.logStream();
  for await (const _ of left) break;
  expect(left.end?.reason).toBe("closed");
  const thrown = await sandbox.logStream();
  await expect(
    (async () => {
      for await (const _ of thrown) throw new Error("out");
    })(),
  ).rejects.toThrow("out");
  expect(thrown.end?.reason).toBe("closed");
  const disposed = await sandbox.logStream();
  {
    await using stream = disposed;
    await stream.recv();
  }
  expect(disposed.end?.reason).toBe("closed");
});

test.each(["text", "ndjson", "sse"] as const)(
  "leaving bytes as %s while it waits closes the stream, and the one who waits is told",
  async (format) => {
    await using sandbox = await plainSandbox();
    await sandbox.shell("echo one");
    const stream = await sandbox.logStream({ follow: true });
    const bytes = stream.bytes({ format });
    expect((await bytes.next()).done).toBe(false);
    const waiting = bytes.next();
    await bytes.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(stream.end?.reason).toBe("closed");
    expect((await bytes.next()).done).toBe(true);
  },
);
