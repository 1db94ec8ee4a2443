import { inspect } from "node:util";
import { expect, test } from "vitest";
import type { LogEntry } from "../src/index.js";
import { plainSandbox, temporaryHome } from "./home.js";

temporaryHome();

const program = `
  const fs = require("fs");
  fs.writeSync(1, "plain\\n");
  fs.writeSync(2, "ERROR: no \\u00e9l\\u00e8ve\\r\\n");
  fs.writeSync(1, Buffer.from([0xff, 0xfe, 0x0a]));
  fs.writeSync(1, "x".repeat(40000) + "\\n");
  fs.writeSync(1, "no end");
`;

test("an entry has all its fields", async () => {
  await using sandbox = await plainSandbox();
  const before = Date.now();
  await sandbox.shell("echo one");
  const [entry] = (await sandbox.logs()) as unknown as [LogEntry];
  expect(entry).toMatchObject({
    type: "entry",
    log: "exec",
    source: "stdout",
    sequence: 1,
    sessionId: 1,
    level: "INFO",
    part: undefined,
    line: "one",
  });
  expect(entry.data).toEqual(new Uint8Array([0x6f, 0x6e, 0x65, 0x0a]));
  expect(entry.text()).toBe("one\n");
  expect(entry.timestamp.getTime()).toBeGreaterThanOrEqual(before - 1);
  expect(entry.timestampNanos / 1_000_000n).toBe(BigInt(entry.timestamp.getTime()));
});

test("toJSON is what the core writes as NDJSON", async () => {
  const sandbox = await plainSandbox();
  await sandbox.exec(process.execPath, ["-e", program]);
  await sandbox.stop();
  const wanted = (await sandbox.logs({ sources: "all" })).map((entry) => JSON.stringify(entry));
  const stream = await sandbox.logStream({ sources: "all" });
  const frames: Uint8Array[] = [];
  for await (const frame of stream.bytes({ format: "ndjson" })) frames.push(frame);
  expect(Buffer.concat(frames).toString().trimEnd().split("\n")).toEqual(wanted);
  expect(wanted.length).toBeGreaterThan(8);
  expect(wanted.some((json) => json.includes('"encoding":"base64"'))).toBe(true);
  expect(wanted.some((json) => json.includes('"part":"first"'))).toBe(true);
});

test("a long line comes in parts of one level, and an unfinished one without its end", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.exec(process.execPath, [
    "-e",
    `process.stdout.write("ERROR " + "x".repeat(40000) + "\\nrest")`,
  ]);
  const entries = await sandbox.logs();
  const long = entries.slice(0, -1);
  expect(long.map((entry) => entry.part)).toEqual(["first", "middle", "last"]);
  expect(long.map((entry) => entry.level)).toEqual(["ERROR", "ERROR", "ERROR"]);
  expect(long.map((entry) => entry.text()).join("")).toBe(`ERROR ${"x".repeat(40000)}\n`);
  expect(entries.at(-1)?.text()).toBe("rest");
});

test("line strips one line end, and text shows what is no text", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.exec("printf", ["a\\r\\n\\n\\r\\r\\nb\\377\\n"]);
  const entries = await sandbox.logs();
  expect(entries.map((entry) => entry.line)).toEqual(["a", "", "\r", "b\u{fffd}"]);
  expect(entries[3]?.data).toEqual(new Uint8Array([0x62, 0xff, 0x0a]));
});

test("printing an entry shows what it is", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.shell("echo one");
  const [entry] = await sandbox.logs();
  expect(inspect(entry)).toContain("data: 'one\\n'");
});

test("levels and filters", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.shell("echo debug x; echo y; echo WARN: z; echo fatal error >&2");
  const lines = async (options: object): Promise<string[]> =>
    (await sandbox.logs(options)).map((entry) => `${entry.level} ${entry.line}`).sort();
  expect(await lines({})).toEqual([
    "CRITICAL fatal error",
    "DEBUG debug x",
    "INFO y",
    "WARNING WARN: z",
  ]);
  expect(await lines({ level: "WARNING" })).toEqual(["CRITICAL fatal error", "WARNING WARN: z"]);
  expect(await lines({ sources: ["stderr"] })).toEqual(["CRITICAL fatal error"]);
  expect(await lines({ grep: "^[yx]$" })).toEqual(["INFO y"]);
  expect(await lines({ sessions: [2] })).toEqual([]);
});

test("text is the bytes, and server-sent events carry cursors and the end", async () => {
  await using sandbox = await plainSandbox();
  const written = Buffer.from((await sandbox.exec("seq", ["5000"])).stdoutBytes);
  const text: Uint8Array[] = [];
  for await (const part of (await sandbox.logStream()).bytes()) text.push(part);
  expect(Buffer.concat(text).equals(written)).toBe(true);

  const stream = await sandbox.logStream({ tail: 1 });
  let events = "";
  for await (const part of stream.bytes({ format: "sse" })) events += Buffer.from(part).toString();
  const [last] = await sandbox.logs({ tail: 1 });
  const [entry, end] = events.split("\n\n");
  expect(entry).toBe(
    `id: ${last?.cursor}\ndata: ${JSON.stringify({ ...last?.toJSON(), cursor: last?.cursor })}`,
  );
  expect(end).toContain("event: end\nid: ");
  expect(end).toContain('"reason":"drained"');
  for (const format of ["xml", 5, Symbol("text")]) {
    const wrong = (await sandbox.logStream()).bytes({ format: format as "text" });
    await expect(wrong.next()).rejects.toMatchObject({ code: "InvalidArgument", option: "format" });
  }
});
