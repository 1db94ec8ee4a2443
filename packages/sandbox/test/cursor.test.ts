import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import {
  InvalidCursor,
  type LogEntry,
  MissedRotation,
  Sandbox,
  type SandboxHandle,
} from "../src/index.js";
import { numberedLines, plainSandbox, temporaryHome } from "./home.js";

temporaryHome();

/** The lines of a stream, to its end. A line may come in parts. */
async function lines(stream: AsyncIterable<LogEntry>): Promise<string[]> {
  let all = "";
  for await (const entry of stream) all += entry.text();
  return all.split("\n").slice(0, -1);
}

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `line ${from + i}`);

test("it is short, URL-safe text on every entry, in stream and snapshot alike", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.shell(numberedLines(10));
  const snapshot = await sandbox.logs();
  const streamed: string[] = [];
  for await (const entry of await sandbox.logStream()) streamed.push(entry.cursor);
  expect(snapshot.map((entry) => entry.cursor)).toEqual(streamed);
  for (const cursor of streamed) expect(cursor).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
});

test("a cursor from the middle resumes strictly after its entry", async () => {
  const sandbox = await plainSandbox({ logs: { maxBytes: 4 << 20, segmentBytes: 16 << 10 } });
  await sandbox.shell(numberedLines(1000));
  const middle = (await sandbox.logs())[499] as LogEntry;
  expect(middle.line).toBe("line 499");
  const fromCursor = middle.cursor;

  expect(await lines(await sandbox.logStream({ fromCursor }))).toEqual(range(500, 1000));
  const handle = await Sandbox.get(sandbox.name);
  expect(await lines(await handle.logStream({ fromCursor }))).toEqual(range(500, 1000));
  expect((await handle.logs({ fromCursor })).map((entry) => entry.line)).toEqual(range(500, 1000));

  // After rotation: what came since lies in other segments.
  await sandbox.shell("seq 1 5000 >&2");
  const errors = await lines(await sandbox.logStream({ fromCursor, sources: ["stderr"] }));
  expect(errors).toHaveLength(5000);
  const rest = await lines(await sandbox.logStream({ fromCursor, sources: ["stdout"] }));
  expect(rest).toEqual(range(500, 1000));

  // After a restart, by the same name.
  await sandbox.stop();
  const again = await handle.start();
  await again.shell("echo restarted");
  const after = await lines(await again.logStream({ fromCursor, sources: ["stdout"] }));
  expect(after).toEqual([...range(500, 1000), "restarted"]);
  await again.stop();
});

test("a cursor that was found with tail or filters resumes without them", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.shell(numberedLines(1000));
  const [tailed] = await sandbox.logs({ tail: 10 });
  expect(tailed?.line).toBe("line 990");
  const { cursor = "" } = tailed ?? {};
  expect(await lines(await sandbox.logStream({ fromCursor: cursor }))).toEqual(range(991, 1000));

  const found = await sandbox.logs({ grep: "^line 5.0$" });
  expect(found.map((entry) => entry.line)).toHaveLength(10);
  const fromCursor = found[4]?.cursor ?? "";
  expect(await lines(await sandbox.logStream({ fromCursor }))).toEqual(range(541, 1000));
});

test("a cursor with all sources covers the other logs too", async () => {
  const sandbox = await plainSandbox();
  await sandbox.shell("echo one; echo two");
  await sandbox.stop();
  const all = await sandbox.logs({ sources: "all" });
  for (const [index, { cursor }] of all.entries()) {
    const rest = await sandbox.logs({ sources: "all", fromCursor: cursor });
    const [left, wanted] = [rest, all.slice(index + 1)].map((entries) =>
      entries.map((entry) => `${entry.log} ${entry.sequence}`),
    );
    expect(left).toEqual(wanted);
  }
});

test("position stands after what was handed over, never after what was only read ahead", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.shell(numberedLines(3000));
  const stream = await sandbox.logStream();
  const seen: string[] = [];
  for (let i = 0; i < 1700; i += 1) seen.push((await stream.recv())?.line ?? "");
  const rest = await lines(await sandbox.logStream({ fromCursor: stream.position }));
  expect([...seen, ...rest]).toEqual(range(0, 3000));
  await stream.close();
  const closed = await lines(await sandbox.logStream({ fromCursor: stream.position }));
  expect(closed).toEqual(rest);
});

/** Writes what a rare grep skips, a part of a segment at a time, until `isDone`. */
async function writeFiller(sandbox: Sandbox, isDone: () => Promise<boolean>): Promise<void> {
  do await sandbox.exec("seq", ["40"]);
  while (!(await isDone()));
}

/** Whether the entries after this cursor are gone. */
async function isMissed(sandbox: Sandbox, fromCursor: string): Promise<boolean> {
  const error = await sandbox.logs({ fromCursor }).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (error !== undefined && !(error instanceof MissedRotation)) throw error;
  return error !== undefined;
}

test("after a rare grep retention takes what follows the entry's cursor, not what follows position", async () => {
  await using sandbox = await plainSandbox({ logs: { maxBytes: 64 << 10, segmentBytes: 8 << 10 } });
  const grep = "needle";
  await sandbox.shell("echo needle 0");
  const stream = await sandbox.logStream({ grep, follow: true });
  let needle = await stream.recv();
  expect(needle?.line).toBe("needle 0");
  for (let round = 1; round <= 5; round += 1) {
    const { cursor = "" } = needle ?? {};
    const waiting = stream.recv();
    await writeFiller(sandbox, async () => {
      // The stream reads on through the filler, with nothing to hand over.
      await vi.waitFor(
        async () => expect(await sandbox.logs({ fromCursor: stream.position })).toHaveLength(0),
        { timeout: 30_000, interval: 5 },
      );
      return isMissed(sandbox, cursor);
    });
    const { position } = stream;
    await sandbox.shell(`echo needle ${round}`);

    const gone = await sandbox.logStream({ grep, fromCursor: cursor });
    await expect(gone.recv()).rejects.toMatchObject({ code: "MissedRotation" });
    const resumed = await sandbox.logStream({ grep, fromCursor: position });
    expect(await lines(resumed)).toEqual([`needle ${round}`]);
    expect(resumed.end?.logs).toMatchObject({ exec: { entries: 1, gaps: 0 } });
    needle = await waiting;
    expect(needle?.line).toBe(`needle ${round}`);
  }
  await stream.close();
});

test("a stream that ends leaves its position after what a rare grep skipped", async () => {
  await using sandbox = await plainSandbox({ logs: { maxBytes: 64 << 10, segmentBytes: 8 << 10 } });
  const grep = "needle";
  await sandbox.shell("echo needle 0; seq 300");
  const stream = await sandbox.logStream({ grep });
  const needle = await stream.recv();
  expect(needle?.line).toBe("needle 0");
  expect(await stream.recv()).toBeNull();
  const { cursor = "" } = needle ?? {};
  await writeFiller(sandbox, () => isMissed(sandbox, cursor));
  await sandbox.shell("echo needle 1");
  await expect(sandbox.logs({ grep, fromCursor: cursor })).rejects.toMatchObject({
    code: "MissedRotation",
  });
  const rest = await sandbox.logs({ grep, fromCursor: stream.position });
  expect(rest.map((entry) => entry.line)).toEqual(["needle 1"]);
});

test("the log of a sandbox that was made again under its name is another", async () => {
  const first = await plainSandbox({ name: "again" });
  await first.shell("echo first");
  const { cursor = "" } = (await first.logs())[0] ?? {};
  await first.remove({ force: true });
  await using second = await plainSandbox({ name: "again" });
  await second.shell("echo second");
  await expect(second.logStream({ fromCursor: cursor })).rejects.toMatchObject({
    code: "InvalidCursor",
    reason: "other-log",
  });
});

test("a bad cursor is refused with its reason, before the first entry", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.shell(numberedLines(10));
  const { cursor = "" } = (await sandbox.logs())[4] ?? {};
  const changed = `${cursor.slice(0, 9)}${cursor[9] === "A" ? "B" : "A"}${cursor.slice(10)}`;
  const cases = [
    ["", "malformed"],
    ["%%%", "malformed"],
    [`${cursor}!`, "malformed"],
    [changed, "checksum"],
  ] as const;
  for (const [fromCursor, reason] of cases) {
    const openings = [() => sandbox.logStream({ fromCursor }), () => sandbox.logs({ fromCursor })];
    for (const open of openings) {
      const error = await open().catch((error: unknown) => error);
      expect(error, fromCursor).toBeInstanceOf(InvalidCursor);
      expect(error, fromCursor).toMatchObject({ reason });
    }
  }
});

/** A cursor that a log gave out before it was set back to an earlier state, from a copy. */
async function setBack(): Promise<{ handle: SandboxHandle; cursor: string }> {
  const folder = await mkdtemp(join(tmpdir(), "silt-copy-"));
  try {
    const sandbox = await plainSandbox();
    await sandbox.shell("echo kept");
    await sandbox.stop();
    const logs = join(sandbox.info.workdir, "../logs");
    const handle = await Sandbox.get(sandbox.name);
    await cp(logs, join(folder, "logs"), { recursive: true, preserveTimestamps: true });
    const again = await handle.start();
    await again.shell("echo later");
    const { cursor = "" } = (await again.logs()).at(-1) ?? {};
    await again.stop();
    await rm(logs, { recursive: true });
    await rename(join(folder, "logs"), logs);
    return { handle, cursor };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("a cursor from the future of a log that was set back is past its end", async () => {
  const { handle, cursor } = await setBack();
  await expect(handle.logStream({ fromCursor: cursor })).rejects.toMatchObject({
    code: "InvalidCursor",
    reason: "past-end",
  });
});

test("a cursor from the future of a log that was set back and went another way is of another log", async () => {
  const { handle, cursor } = await setBack();
  const again = await handle.start();
  await again.shell("echo another way; echo further");
  await expect(handle.logStream({ fromCursor: cursor })).rejects.toMatchObject({
    code: "InvalidCursor",
    reason: "other-log",
  });
  await again.stop();
});
