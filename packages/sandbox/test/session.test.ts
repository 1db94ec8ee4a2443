import { expect, test, vi } from "vitest";
import { Sandbox } from "../src/index.js";
import { plainSandbox, temporaryHome } from "./home.js";

temporaryHome();

test("a session takes input in the order of the calls, and ends", async () => {
  await using sandbox = await plainSandbox();
  const session = await sandbox.spawn("cat");
  const writes = Array.from({ length: 50 }, (_, i) => session.write(`${i}\n`));
  const ended = session.end();
  expect(await Promise.all(writes)).toEqual(writes.map(() => true));
  await ended;
  const lines: string[] = [];
  for await (const entry of await session.logStream({ follow: true })) lines.push(entry.line);
  expect(lines).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
  expect(await session.wait()).toMatchObject({ exitCode: 0, signal: null });
});

test("a signal reaches the group and is told", async () => {
  await using sandbox = await plainSandbox();
  const session = await sandbox.spawn("sleep", ["60"]);
  await session.kill("SIGKILL");
  expect(await session.wait()).toMatchObject({ exitCode: null, signal: "SIGKILL" });
});

test("a terminal has the size that it is given", async () => {
  await using sandbox = await plainSandbox();
  const line = "stty size; read x; stty size";
  const session = await sandbox.spawn("sh", ["-c", line], { pty: { columns: 100, rows: 30 } });
  const stream = await session.logStream({ follow: true });
  expect((await stream.recv())?.line).toBe("30 100");
  await session.resize(120, 40);
  await session.write("\n");
  const lines: string[] = [];
  for await (const entry of stream) lines.push(entry.line);
  expect(lines.at(-1)).toBe("40 120");
});

test("the stream of a session has nothing of another, and ends with it", async () => {
  await using sandbox = await plainSandbox();
  const loud = await sandbox.spawn("sh", ["-c", "while :; do echo loud; done"]);
  const quiet = await sandbox.spawn("sh", ["-c", "echo one; echo two >&2"]);
  const entries: string[] = [];
  const stream = await quiet.logStream({ follow: true });
  for await (const entry of stream) {
    expect(entry.sessionId).toBe(quiet.sessionId);
    entries.push(`${entry.source} ${entry.line}`);
  }
  expect(entries.sort()).toEqual(["stderr two", "stdout one"]);
  expect(stream.end?.reason).toBe("drained");
  await loud.kill("SIGKILL");
});

test("the stream of a session that died ends, though another supervisor is there before it is read on", async () => {
  const sandbox = await plainSandbox();
  const session = await sandbox.spawn("sh", ["-c", "seq 1 5; sleep 86430"]);
  const stream = await session.logStream({ follow: true });
  const lines: string[] = [];
  const patience = { timeout: 60_000 };
  // Finding nothing more, it asks the supervisor that is going to die.
  await vi.waitFor(() => {
    for (let entry = stream.tryRecv(); entry; entry = stream.tryRecv()) lines.push(entry.line);
    expect(lines).toHaveLength(5);
  }, patience);
  const { supervisorPid } = await sandbox.inspect();
  process.kill(supervisorPid as number, "SIGKILL");
  const found = () => Sandbox.get(sandbox.name);
  await vi.waitFor(async () => expect((await found()).status).toBe("crashed"), patience);
  await using again = await (await found()).start();
  for await (const entry of stream) lines.push(entry.line);
  expect(lines).toEqual(["1", "2", "3", "4", "5"]);
  expect((await again.inspect()).sessions.at(-1)).toMatchObject({ crashed: true });
}, 120_000);

test("polling the stream of a session meets its end, though the sandbox runs on", async () => {
  await using sandbox = await plainSandbox();
  const session = await sandbox.spawn("cat");
  const stream = await session.logStream({ follow: true });
  const lines: string[] = [];
  const poll = (): boolean => {
    for (let entry = stream.tryRecv(); entry !== undefined; entry = stream.tryRecv()) {
      if (entry === null) return true;
      lines.push(entry.line);
    }
    return false;
  };
  expect(poll()).toBe(false);
  await session.write("one\ntwo\n");
  await session.end();
  await vi.waitUntil(poll, { timeout: 60_000 });
  expect(lines).toEqual(["one", "two"]);
  expect(stream.end?.reason).toBe("drained");
});

test("polling the stream of a session begun after its end meets it too", async () => {
  await using sandbox = await plainSandbox();
  const session = await sandbox.spawn("echo", ["one"]);
  await session.wait();
  const stream = await session.logStream({ follow: true });
  expect(stream.tryRecv()?.line).toBe("one");
  await vi.waitUntil(() => stream.tryRecv() === null, { timeout: 60_000 });
  expect(stream.end?.reason).toBe("drained");
});

test("the stream of a session goes on while a child writes that it left, and then ends", async () => {
  await using sandbox = await plainSandbox();
  const line = "(read line < go; sleep 0.1; echo late) & echo early";
  await sandbox.exec("mkfifo", ["go"]);
  const session = await sandbox.spawn("sh", ["-c", line]);
  const stream = await session.logStream({ follow: true });
  expect((await stream.recv())?.line).toBe("early");
  const rest = stream.recv();
  expect(await session.wait()).toMatchObject({ exitCode: 0, detached: true });
  await sandbox.exec("sh", ["-c", "echo > go"]);
  expect((await rest)?.line).toBe("late");
  expect(await stream.recv()).toBe(null);
  expect(stream.end?.reason).toBe("drained");
});

test("the stream of a session tells what is gone of its beginning, however it is said that there is no cursor", async () => {
  await using sandbox = await plainSandbox({ logs: { maxBytes: 64 << 10, segmentBytes: 8 << 10 } });
  const session = await sandbox.spawn("seq", ["20000"]);
  await session.wait();
  const none = [{}, { fromCursor: undefined }, { fromCursor: null }, { since: null }];
  for (const given of none as { fromCursor?: undefined }[]) {
    await expect(async () => {
      for await (const _ of await session.logStream(given));
    }).rejects.toMatchObject({ code: "MissedRotation", gaps: [{ log: "exec", from: 1 }] });
    const numbers: number[] = [];
    let next = 1;
    for await (const item of await session.logStream({ ...given, onGap: "report", follow: true })) {
      expect(item.type === "gap" ? item.from : item.sequence).toBe(next);
      if (item.type === "entry") numbers.push(Number(item.line));
      next = (item.type === "gap" ? item.to : item.sequence) + 1;
    }
    expect(next).toBe(20_001);
    expect(numbers.at(-1)).toBe(20_000);
  }
});

test("the end of a session is told from the record once the sandbox has stopped", async () => {
  await using sandbox = await plainSandbox();
  const session = await sandbox.spawn("sh", ["-c", "echo kept; exit 7"]);
  const end = await session.wait();
  await sandbox.stop();
  expect(await session.wait()).toEqual(end);
});

test("writing to a program that has ended says so", async () => {
  await using sandbox = await plainSandbox();
  const session = await sandbox.spawn("true");
  await session.wait();
  expect(await session.write("too late")).toBe(false);
});

test("input that is no text and no bytes is refused, and costs nothing of what follows", async () => {
  await using sandbox = await plainSandbox();
  const session = await sandbox.spawn("cat");
  for (const data of [undefined, 5, { length: 3 }]) {
    await expect(session.write(data as never)).rejects.toMatchObject({
      code: "InvalidArgument",
      option: "data",
    });
  }
  await session.write("kept\n");
  await session.end();
  const stream = await session.logStream({ follow: true });
  expect((await stream.recv())?.line).toBe("kept");
});
