import { expect, test } from "vitest";
import type { LogEntry } from "../src/index.js";
import { numberedLines, plainSandbox, temporaryHome } from "./home.js";

temporaryHome();

test("calls of recv that overlap are answered in order", async () => {
  await using sandbox = await plainSandbox();
  const stream = await sandbox.logStream({ follow: true });
  const waiting = Array.from({ length: 500 }, () => stream.recv());
  await sandbox.shell(numberedLines(400));
  const late = Array.from({ length: 100 }, () => stream.recv());
  await sandbox.shell('i=400; while [ $i -lt 600 ]; do echo "line $i"; i=$((i+1)); done');
  const got = await Promise.all([...waiting, ...late]);
  expect(got.map((entry) => entry?.line)).toEqual(
    Array.from({ length: 600 }, (_, i) => `line ${i}`),
  );
  await stream.close();
});

test("tryRecv gives what is there, undefined when it has to be waited for, null at the end", async () => {
  const sandbox = await plainSandbox();
  const stream = await sandbox.logStream({ follow: true });
  expect(stream.tryRecv()).toBeUndefined();
  await sandbox.shell("echo one");
  expect(stream.tryRecv()?.line).toBe("one");
  expect(stream.tryRecv()).toBeUndefined();
  const waiting = stream.recv();
  await sandbox.shell("echo two");
  // It does not overtake those who wait.
  expect(stream.tryRecv()).toBeUndefined();
  expect((await waiting)?.line).toBe("two");
  await sandbox.stop();
  expect(await stream.recv()).toBeNull();
  expect(stream.tryRecv()).toBeNull();
});

test("batches give all entries, never an empty array", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.shell(numberedLines(5000));
  const lines: string[] = [];
  let batches = 0;
  for await (const batch of (await sandbox.logStream()).batches()) {
    expect(batch.length).toBeGreaterThan(0);
    lines.push(...batch.map((entry) => entry.line));
    batches += 1;
  }
  expect(lines).toEqual(Array.from({ length: 5000 }, (_, i) => `line ${i}`));
  expect(batches).toBeLessThan(50);
});

test("a snapshot merges its logs by time, and a stream goes on from its cursor", async () => {
  await using sandbox = await plainSandbox();
  for (const word of ["one", "two", "three"]) await sandbox.shell(`echo ${word}`);
  const snapshot = await sandbox.logs({ sources: "all" });
  const times = snapshot.map((entry) => entry.timestampNanos);
  expect(times).toEqual([...times].sort((a, b) => (a < b ? -1 : 1)));
  expect(new Set(snapshot.map((entry) => entry.log))).toEqual(new Set(["exec", "runtime"]));
  expect(snapshot).toMatchObject({ truncated: false, gaps: [] });
  expect(Array.isArray(snapshot.map((entry) => entry.line))).toBe(true);
  await sandbox.shell("echo four");
  const rest = await sandbox.logs({ fromCursor: snapshot.cursor });
  expect(rest.map((entry) => entry.line)).toEqual(["four"]);
});

test("tail takes the newest entries of all logs that are read", async () => {
  const sandbox = await plainSandbox();
  await sandbox.shell(numberedLines(100));
  const tail = await sandbox.logs({ tail: 3 });
  expect(tail.map((entry) => entry.line)).toEqual(["line 97", "line 98", "line 99"]);
  expect(await sandbox.logs({ tail: 0 })).toHaveLength(0);
  await sandbox.stop();
  const all = await sandbox.logs({ sources: "all" });
  const newest = await sandbox.logs({ sources: "all", tail: 5 });
  expect(newest.map((entry) => entry.cursor)).toEqual(all.slice(-5).map((entry) => entry.cursor));
});

test("who asks for a format that there is not takes nothing, and ends nothing", async () => {
  await using sandbox = await plainSandbox();
  const session = await sandbox.spawn("cat");
  const abort = new AbortController();
  const stream = await session.logStream({ follow: true });
  const aborted = await sandbox.logStream({ follow: true, signal: abort.signal });
  const wrong = { format: "yaml" } as never;
  // One that waits with others, and one that finds something at hand.
  const refusal = { code: "InvalidArgument", option: "format" };
  const refused = expect(stream.bytes(wrong).next()).rejects.toMatchObject(refusal);
  const waiting = stream.recv();
  await session.write("one\ntwo\n");
  await refused;
  expect((await waiting)?.line).toBe("one");
  await expect(stream.bytes(wrong).next()).rejects.toMatchObject(refusal);
  await session.end();
  expect((await stream.recv())?.line).toBe("two");
  expect(await stream.recv()).toBeNull();
  expect(stream.end?.reason).toBe("drained");
  await expect(aborted.bytes(wrong).next()).rejects.toMatchObject(refusal);
  abort.abort();
  expect(aborted.end?.reason).toBe("aborted");
});

test("where an entry's buffer is transferred, what came with it is not handed over as if it were there", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.shell(numberedLines(50));
  const refusal = { code: "InvalidArgument", option: "transfer" };
  for (const follow of [false, true]) {
    const abort = new AbortController();
    const stream = await sandbox.logStream({ follow, signal: abort.signal });
    const first = (await stream.recv()) as LogEntry;
    const { cursor } = first;
    const buffer = first.data.buffer as ArrayBuffer;
    structuredClone(buffer, { transfer: [buffer] });
    expect(() => stream.position).toThrow(expect.objectContaining(refusal));
    if (follow) abort.abort();
    else await expect(stream.recv()).rejects.toMatchObject(refusal);
    await expect(stream.recv()).rejects.toMatchObject(refusal);
    await stream.close();
    expect(() => stream.position).toThrow(expect.objectContaining(refusal));
    expect(stream.end).toBeUndefined();
    const rest = await sandbox.logStream({ fromCursor: cursor });
    expect((await rest.recv())?.line).toBe("line 1");
    await rest.close();
  }
});

test("an entry's buffer may be transferred once all that came with it was handed over", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.shell(numberedLines(50));
  const stream = await sandbox.logStream({ follow: true });
  let last: LogEntry | null | undefined;
  for (let i = 0; i < 50; i += 1) last = await stream.recv();
  const buffer = last?.data.buffer as ArrayBuffer;
  structuredClone(buffer, { transfer: [buffer] });
  const { position } = stream;
  await sandbox.shell("echo more");
  expect((await stream.recv())?.line).toBe("more");
  await stream.close();
  expect(stream.end?.logs.exec?.entries).toBe(51);
  const again = await sandbox.logStream({ fromCursor: position });
  expect((await again.recv())?.line).toBe("more");
  await again.close();
});
