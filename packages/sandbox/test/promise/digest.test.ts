import { join } from "node:path";
import { expect, test } from "vitest";
import { type LogStream, Sandbox } from "../../src/index.js";
import { plainSandbox, temporaryHome } from "../home.js";
import { accounts, programPath } from "../programs/native.js";

temporaryHome();

/** A sandbox with two sessions at once, and what their programs say that they wrote. */
async function twoPrograms(sandbox: Sandbox) {
  const random = programPath("print-random", "process");
  const lines = programPath("print-lines", "process");
  const sessions = await Promise.all([
    sandbox.spawn(random, ["7", String(4 << 20), String(3 << 20), "account-random"]),
    sandbox.spawn(lines, ["100000", "account-lines"]),
  ]);
  for (const session of sessions) expect((await session.wait()).exitCode).toBe(0);
  const { workdir } = (await Sandbox.get(sandbox.name)).info;
  const written = await Promise.all(
    ["random", "lines"].map((name) => accounts(join(workdir, `account-${name}`))),
  );
  return { sessions, written };
}

/** The end's sessions in the form of the accounts. */
function delivered(stream: LogStream<never> | LogStream) {
  return stream.end?.sessions?.map(({ sessionId, complete, sources }) => ({
    sessionId,
    complete,
    sources: Object.fromEntries(
      sources.map(({ source, bytes, sha256 }) => [source, { bytes, sha256 }]),
    ),
  }));
}

async function drain(stream: LogStream): Promise<void> {
  for await (const _ of stream.batches());
}

test("the digest of a stream is the account of the program that wrote it", async () => {
  const sandbox = await plainSandbox({ logs: { maxBytes: 1 << 28, segmentBytes: 1 << 20 } });
  const followed = await sandbox.logStream({ follow: true, digest: true });
  const following = drain(followed);
  const { sessions, written } = await twoPrograms(sandbox);
  const all = sessions.map(({ sessionId }, index) => ({
    sessionId,
    complete: true,
    sources: written[index],
  }));
  const inById = all.toSorted((a, b) => a.sessionId - b.sessionId);
  // Ends with the session, though the sandbox runs on.
  for (const [index, session] of sessions.entries()) {
    const own = await session.logStream({ follow: true, digest: true });
    await drain(own);
    expect(delivered(own)).toEqual([all[index]]);
  }
  await sandbox.stop();
  await following;
  expect(delivered(followed)).toEqual(inById);
});

test("a session with a gap is not complete, and one after it is", async () => {
  await using sandbox = await plainSandbox({ logs: { maxBytes: 1 << 20, segmentBytes: 1 << 16 } });
  const stream = await sandbox.logStream({ follow: true, digest: true, onGap: "report" });
  const first = await sandbox.spawn("sh", ["-c", "echo begun; read go; seq 60000"]);
  expect((await stream.recv())?.type).toBe("entry");
  await first.write("go\n");
  await first.wait();
  const { sessionId } = await sandbox.exec("echo", ["all of it"]);
  await sandbox.stop();
  const gaps = [];
  for await (const item of stream) if (item.type === "gap") gaps.push(item);
  expect(gaps.length).toBeGreaterThan(0);
  expect(stream.end?.sessions).toMatchObject([
    { sessionId: first.sessionId, complete: false },
    { sessionId, complete: true, sources: [{ source: "stdout", entries: 1, bytes: 10 }] },
  ]);
});

test("a session that was read from its middle, or to its middle, is not judged", async () => {
  await using sandbox = await plainSandbox();
  const { sessionId } = await sandbox.exec("seq", ["100"]);
  const half = await sandbox.logStream({ digest: true });
  let cursor = "";
  for (let i = 0; i < 50; i += 1) cursor = (await half.recv())?.cursor ?? "";
  await half.close();
  expect(half.end?.sessions).toMatchObject([
    { sessionId, complete: null, sources: [{ source: "stdout", entries: 50, bytes: 141 }] },
  ]);
  const rest = await sandbox.logStream({ fromCursor: cursor, digest: true });
  await drain(rest);
  expect(rest.end?.sessions).toMatchObject([
    { sessionId, complete: null, sources: [{ entries: 50, bytes: 151 }] },
  ]);
});

test("closing after the last entry counts it, and the session is complete", async () => {
  await using sandbox = await plainSandbox();
  const { sessionId } = await sandbox.exec("seq", ["100"]);
  const stream = await sandbox.logStream({ follow: true, digest: true });
  for (let i = 0; i < 100; i += 1) await stream.recv();
  await stream.close();
  expect(stream.end?.sessions).toMatchObject([
    { sessionId, complete: true, sources: [{ entries: 100, bytes: 292 }] },
  ]);
});

test("the last server-sent event has the digest where it was asked for", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.exec("seq", ["10"]);
  const told = async (stream: LogStream) => {
    let last = "";
    for await (const frames of stream.bytes({ format: "sse" }))
      last = Buffer.from(frames).toString();
    const [, data = ""] = last.match(/^event: end\nid: \S+\ndata: (.*)\n\n$/) ?? [];
    return JSON.parse(data);
  };
  const digested = await sandbox.logStream({ digest: true });
  const end = await told(digested);
  expect(end).toEqual({ ...digested.end, position: digested.position });
  expect(end.sessions).toMatchObject([{ complete: true, sources: [{ entries: 10, bytes: 21 }] }]);
  expect(await told(await sandbox.logStream())).not.toHaveProperty("sessions");
});

test("without the option nothing is said of sessions", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.exec("seq", ["10"]);
  const stream = await sandbox.logStream();
  await drain(stream);
  expect(stream.end).not.toHaveProperty("sessions");
});
