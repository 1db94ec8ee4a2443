import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { Sandbox } from "../src/index.js";
import { numberedLines, plainSandbox, temporaryHome } from "./home.js";
import { Program } from "./programs/reader.js";
import { SiltCommand } from "./programs/silt.js";

const home = temporaryHome();

const LINES = 300_000;

test("followers in this process and in another get every line once, in order, over rotation", async () => {
  const sandbox = await plainSandbox({ logs: { segmentBytes: 262_144 } });
  const program = new Program("follow.mjs", sandbox.name);
  await program.said();
  const stream = await sandbox.logStream({ follow: true });
  const reading = (async () => {
    let next = 0;
    let wrong = 0;
    for await (const entry of stream) {
      if (entry.line !== `line ${next}` || entry.sequence !== next + 1) wrong += 1;
      next += 1;
    }
    return { entries: next, wrong };
  })();
  const session = await sandbox.spawn("sh", ["-c", numberedLines(LINES)]);
  expect(await session.wait()).toMatchObject({ exitCode: 0, totals: [{ entries: LINES }] });
  await sandbox.stop();
  expect(await reading).toEqual({ entries: LINES, wrong: 0 });
  expect(stream.end).toMatchObject({
    reason: "stopped",
    logs: { exec: { entries: LINES, firstSequence: 1, lastSequence: LINES, gaps: 0 } },
  });
  const { output } = await program.ended();
  expect(JSON.parse(output)).toEqual({
    entries: LINES,
    lost: 0,
    repeated: 0,
    wrong: 0,
    gaps: [],
    missed: 0,
    reason: "stopped",
  });
});

/** How many lines come, each with its number in the log, and how many of them are not the next one. */
async function counted(
  entries: AsyncIterable<{ sequence: number; data: string }>,
): Promise<{ entries: number; wrong: number }> {
  let next = 0;
  let wrong = 0;
  for await (const { sequence, data } of entries) {
    if (data !== `line ${next}\n` || sequence !== next + 1) wrong += 1;
    next += 1;
  }
  return { entries: next, wrong };
}

test("a `silt run` is followed to its end from Node and by `silt logs -f`, every line once, in order", async () => {
  const account = join(home.path, "account");
  const script = `${numberedLines(LINES)}; echo $i > '${account}'`;
  const options = ["--name", "followed", "--runtime", "process", "--log-segment-bytes", "262144"];
  const run = new SiltCommand("run", ...options, "--", "sh", "-c", script);
  const shown = (async () => {
    let next = 0;
    let wrong = 0;
    for await (const line of run.lines) {
      if (line !== `line ${next}`) wrong += 1;
      next += 1;
    }
    return { entries: next, wrong };
  })();
  // At once: while the sandbox is being made there is no log yet.
  const stream = await vi.waitFor(
    async () => (await Sandbox.get("followed")).logStream({ follow: true }),
    { timeout: 30_000, interval: 1 },
  );
  const command = new SiltCommand("logs", "-f", "--json", "followed");
  const followed = counted(
    (async function* () {
      for await (const line of command.lines) yield JSON.parse(line);
    })(),
  );
  const streamed = counted(
    (async function* () {
      for await (const entry of stream) yield { sequence: entry.sequence, data: entry.text() };
    })(),
  );

  const all = { entries: LINES, wrong: 0 };
  expect(await Promise.all([shown, streamed, followed])).toEqual([all, all, all]);
  expect(await readFile(account, "utf8")).toBe(`${LINES}\n`);
  expect(await run.ended()).toEqual({ status: 0, errors: "" });
  expect(stream.end).toMatchObject({
    reason: "stopped",
    logs: { exec: { entries: LINES, firstSequence: 1, lastSequence: LINES, gaps: 0 } },
  });
  // Of any other end than `stopped` it would say on standard error what it was.
  expect(await command.ended()).toEqual({ status: 0, errors: "" });
});

for (const onGap of ["error", "report"] as const) {
  test(`a stopped follower misses an exact range, and goes on: onGap ${onGap}`, async () => {
    const sandbox = await plainSandbox({ logs: { maxBytes: 1 << 20, segmentBytes: 128 << 10 } });
    await sandbox.shell("echo 'line 0'");
    const options = JSON.stringify({ onGap, resume: onGap === "error" });
    const program = new Program("follow.mjs", sandbox.name, options);
    await program.said();
    program.process.kill("SIGSTOP");
    const rest = numberedLines(LINES).replace("i=0", "i=1");
    const { exitCode } = await sandbox.shell(rest);
    expect(exitCode).toBe(0);
    program.process.kill("SIGCONT");
    await sandbox.stop();
    const { output } = await program.ended();
    const seen = JSON.parse(output);
    expect(seen).toMatchObject({ repeated: 0, wrong: 0, reason: "stopped" });
    expect(seen.lost).toBeGreaterThan(0);
    expect(seen.entries + seen.lost).toBe(LINES);
    expect(seen.missed > 0).toBe(onGap === "error");
    for (const gap of seen.gaps) {
      expect(gap).toMatchObject({ log: "exec", reason: "rotated", lost: gap.to - gap.from + 1 });
    }
  });
}

test("a snapshot from a cursor that is gone says so; one without begins later", async () => {
  await using sandbox = await plainSandbox({ logs: { maxBytes: 64 << 10, segmentBytes: 8 << 10 } });
  await sandbox.shell("echo first");
  const { cursor = "" } = (await sandbox.logs())[0] ?? {};
  await sandbox.exec("seq", ["20000"]);
  const whole = await sandbox.logs();
  expect(whole.truncated).toBe(true);
  const oldest = whole[0]?.sequence ?? 0;
  expect(oldest).toBeGreaterThan(2);
  const missed = await sandbox.logs({ fromCursor: cursor }).catch((error) => error);
  expect(missed).toMatchObject({
    code: "MissedRotation",
    gaps: [{ log: "exec", from: 2, to: oldest - 1, lost: oldest - 2, reason: "rotated" }],
  });
  const rest = await sandbox.logs({ fromCursor: missed.resumeCursor });
  expect(rest.map((entry) => entry.sequence)).toEqual(whole.map((entry) => entry.sequence));
  const streamed = await sandbox.logStream({ fromCursor: cursor });
  await expect(streamed.recv()).rejects.toMatchObject({ code: "MissedRotation" });
  expect(streamed.end).toBeUndefined();
  const reported = await sandbox.logStream({ fromCursor: cursor, onGap: "report" });
  expect((await reported.recv())?.toJSON()).toMatchObject({ type: "gap", from: 2, to: oldest - 1 });
  expect(await reported.recv()).toMatchObject({ type: "entry", sequence: oldest });
  await reported.close();
  expect((await Sandbox.get(sandbox.name)).info.truncated).toBe(true);
});
