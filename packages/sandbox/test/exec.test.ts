import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { InvalidArgument, Sandbox } from "../src/index.js";
import { plainSandbox, temporaryHome } from "./home.js";

const home = temporaryHome();

test("output, status and times come back", async () => {
  await using sandbox = await plainSandbox();
  const result = await sandbox.shell("echo out; echo err >&2; exit 3");
  expect(result).toMatchObject({
    exitCode: 3,
    signal: null,
    stdout: "out\n",
    stderr: "err\n",
    timedOut: false,
    truncated: false,
  });
  expect(result.stdoutBytes).toBeInstanceOf(Uint8Array);
  expect(result.endedAt.getTime()).toBeGreaterThanOrEqual(result.startedAt.getTime());
  expect(result.durationMs).toBeGreaterThanOrEqual(0);
});

test("a program takes its arguments as they are, and no shell looks at them", async () => {
  await using sandbox = await plainSandbox();
  const { stdout } = await sandbox.exec("printf", ["%s|", "$HOME", "a b", "*", "'"]);
  expect(stdout).toBe("$HOME|a b|*|'|");
});

test("not found is 127, not executable 126", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.files.write("plain.txt", "no program");
  expect((await sandbox.exec("no-such-program")).exitCode).toBe(127);
  expect((await sandbox.exec("./plain.txt")).exitCode).toBe(126);
});

test("a missing cwd is InvalidArgument", async () => {
  await using sandbox = await plainSandbox();
  await expect(sandbox.exec("true", [], { cwd: "nowhere" })).rejects.toBeInstanceOf(
    InvalidArgument,
  );
});

test("an option of spawn alone is none of exec", async () => {
  await using sandbox = await plainSandbox();
  await expect(sandbox.exec("cat", [], { stdin: false } as object)).rejects.toMatchObject({
    code: "InvalidArgument",
    option: "stdin",
  });
});

test("a time-out ends the command and is told, not thrown", async () => {
  await using sandbox = await plainSandbox();
  const result = await sandbox.exec("sleep", ["60"], { timeout: 50 });
  expect(result).toMatchObject({ timedOut: true, exitCode: null, signal: "SIGTERM" });
});

test("input is given and ends", async () => {
  await using sandbox = await plainSandbox();
  const input = Buffer.alloc(3_000_000, "0123456789abcdef\n");
  const { stdoutBytes } = await sandbox.exec("cat", [], { input });
  expect(Buffer.from(stdoutBytes).equals(input)).toBe(true);
  expect((await sandbox.exec("head", ["-c", "5"], { input })).stdout).toBe("01234");
  expect((await sandbox.exec("cat")).stdout).toBe("");
});

test("callbacks get what the command writes, in order and whole", async () => {
  await using sandbox = await plainSandbox();
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const result = await sandbox.shell("seq 1 20000; seq 1 20000 >&2", {
    onStdout: (data) => out.push(data),
    onStderr: (data) => err.push(data),
  });
  expect(Buffer.concat(out).toString()).toBe(result.stdout);
  expect(Buffer.concat(err).toString()).toBe(result.stdout);
  expect(result.stderr).toBe(result.stdout);
});

test("a callback that throws ends the command and the call", async () => {
  await using sandbox = await plainSandbox();
  const failure = new Error("no more");
  const running = sandbox.shell("echo x; exec sleep 60", {
    onStdout: () => {
      throw failure;
    },
  });
  await expect(running).rejects.toBe(failure);
});

test("an abort signal kills the command and rejects with its reason", async () => {
  await using sandbox = await plainSandbox();
  const controller = new AbortController();
  const running = sandbox.shell("echo ready; exec sleep 60", {
    signal: controller.signal,
    onStdout: () => controller.abort(new Error("enough")),
  });
  await expect(running).rejects.toThrow("enough");
  const { sessions } = await sandbox.inspect();
  expect(sessions.at(-1)).toMatchObject({ signal: "SIGKILL", exitCode: null });
});

test("an abort while the command is being started kills it, also one that is said twice", async () => {
  await using sandbox = await plainSandbox();
  const supervisor = sandbox.info.supervisorPid as number;
  const controller = new AbortController();
  process.kill(supervisor, "SIGSTOP");
  const running = sandbox.exec("sleep", ["600"], { signal: controller.signal });
  controller.abort(new Error("enough"));
  controller.abort(new Error("really"));
  process.kill(supervisor, "SIGCONT");
  await expect(running).rejects.toThrow("enough");
  const { sessions } = await sandbox.inspect();
  expect(sessions).toMatchObject([{ command: ["sleep", "600"], signal: "SIGKILL" }]);
});

test("a callback that throws takes nothing from others who listen", async () => {
  await using sandbox = await plainSandbox();
  const line = "until test -e go; do sleep 0.01; done; seq 20000";
  const session = await sandbox.spawn("sh", ["-c", line]);
  const followers = await Promise.all([1, 2].map(() => session.logStream({ follow: true })));
  const followed = followers.map(async (stream) => {
    const parts: Uint8Array[] = [];
    for await (const part of stream.bytes()) parts.push(part);
    return Buffer.concat(parts).toString();
  });
  const onStdout = (): void => {
    throw new Error("no more");
  };
  const throwing = [1, 2, 3].map(() => sandbox.shell(line, { onStdout }));
  const listening = sandbox.shell(line);
  await sandbox.files.write("go", "");
  for (const result of await Promise.allSettled(throwing)) expect(result.status).toBe("rejected");
  const wanted = Array.from({ length: 20_000 }, (_, i) => `${i + 1}\n`).join("");
  expect((await listening).stdout === wanted).toBe(true);
  for (const text of await Promise.all(followed)) expect(text === wanted).toBe(true);
});

test("a callback can run a command, and end the one that calls it", async () => {
  await using sandbox = await plainSandbox();
  const inner: Promise<unknown>[] = [];
  const outer = sandbox.shell("echo x; until test -e go; do sleep 0.01; done; echo y", {
    onStdout: (data) => {
      if (data[0] === "x".charCodeAt(0)) inner.push(sandbox.shell("echo inner; touch go"));
      else inner.push(sandbox.kill());
    },
  });
  expect((await outer).stdout).toBe("x\ny\n");
  expect(await Promise.all(inner)).toMatchObject([{ stdout: "inner\n" }, undefined]);
});

test("a terminal merges both streams into stdout", async () => {
  await using sandbox = await plainSandbox();
  const result = await sandbox.shell("test -t 1 && echo out; echo err >&2", { pty: true });
  expect(result.stdout).toBe("out\r\nerr\r\n");
  expect(result.stderr).toBe("");
});

test("a background child that holds the output lets exec go after a second", async () => {
  await using sandbox = await plainSandbox();
  const result = await sandbox.shell("sleep 60 & echo started");
  expect(result).toMatchObject({ detached: true, exitCode: 0, stdout: "started\n" });
});

test("a background child that holds the input, and reads none of it, lets exec go too", async () => {
  const sandbox = await plainSandbox();
  const { stdout, ...end } = await sandbox.shell("exec 3<&0; sleep 600 <&3 & echo started", {
    // More than a pipe holds, and more than is given at once.
    input: Buffer.alloc(3 << 20),
  });
  expect({ ...end, stdout }).toMatchObject({ detached: true, exitCode: 0, stdout: "started\n" });
  // What was still to be given fails then, and nobody is told.
  await sandbox.kill();
});

test("more than 64 MiB: the newest are kept, and it is said", { timeout: 120_000 }, async () => {
  await using sandbox = await plainSandbox();
  const { stdoutBytes, truncated } = await sandbox.shell(
    "yes 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde | head -c 100000000; echo end",
  );
  expect(truncated).toBe(true);
  expect(stdoutBytes.length).toBe(64 * 1024 * 1024);
  expect(Buffer.from(stdoutBytes.subarray(-4)).toString()).toBe("end\n");
});

for (const missed of ["nothing of its own", "something of its own"]) {
  test(`a caller that is held up, and misses ${missed}, is told exactly`, async () => {
    await using sandbox = await plainSandbox({
      logs: { maxBytes: 512 << 10, segmentBytes: 64 << 10 },
    });
    const { workdir } = sandbox.info;
    const waitFor = (file: string): string => `until test -e ${file}; do sleep 0.01; done`;
    // More than the log keeps and a pipe holds.
    const flood = `${waitFor("read")}; seq 400000; touch flooded`;
    const own = missed === "something of its own";
    if (!own) await sandbox.spawn("sh", ["-c", flood]);
    const line = `echo mine; ${own ? flood : waitFor("flooded")}; echo end`;
    const { stdout, truncated } = await sandbox.shell(line, {
      onStdout: () => {
        execFileSync("sh", ["-c", `touch read; ${waitFor("flooded")}`], { cwd: workdir });
      },
    });
    expect(stdout.startsWith("mine\n") && stdout.endsWith("end\n")).toBe(true);
    expect({ truncated, whole: stdout === "mine\nend\n" }).toEqual({ truncated: own, whole: !own });
  });
}

test("bytes that are no text come back exactly", async () => {
  await using sandbox = await plainSandbox();
  const program = `
    const crypto = require("crypto"), fs = require("fs");
    const hash = crypto.createHash("sha256");
    for (let i = 0; i < 40; i++) {
      const part = crypto.randomBytes(Math.floor(Math.random() * 200000));
      hash.update(part);
      fs.writeSync(1, part);
    }
    fs.writeFileSync("written", hash.digest("hex"));
  `;
  const { info } = sandbox;
  const { stdoutBytes, exitCode, stderr } = await sandbox.exec(process.execPath, ["-e", program]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const written = await readFile(join(info.workdir, "written"), "utf8");
  expect(createHash("sha256").update(stdoutBytes).digest("hex")).toBe(written);
});

test("commands at once never mix", async () => {
  await using sandbox = await plainSandbox();
  const names = ["a", "b", "c", "d"];
  const results = await Promise.all(
    names.map((name) => sandbox.shell(`for i in $(seq 500); do echo ${name}$i; done`)),
  );
  for (const [index, name] of names.entries()) {
    const wanted = Array.from({ length: 500 }, (_, i) => `${name}${i + 1}\n`).join("");
    expect(results[index]?.stdout).toBe(wanted);
  }
});

test("what only JavaScript can check is InvalidArgument too", async () => {
  await using sandbox = await plainSandbox();
  const wrong = [
    { onStdout: "x" },
    { input: 7 },
    { signal: {} },
    { timeout: Number.NaN },
    { timeout: "soon" },
    { unknown: 1 },
    { env: { A: 1 } },
  ];
  for (const options of wrong) {
    const running = sandbox.exec("true", [], options as object);
    await expect(running, JSON.stringify(options)).rejects.toBeInstanceOf(InvalidArgument);
  }
});

test("the default runtime isolates", async (context) => {
  const sandbox = await Sandbox.create().catch((error) => error);
  if (sandbox.code === "RuntimeUnavailable") return context.skip(sandbox.message);
  expect(sandbox.info.runtime).toBe("namespace");
  const { stdout } = await sandbox.shell(`pwd; echo $HOME; test -e ${home.path} || echo hidden`);
  expect(stdout).toBe("/workspace\n/workspace\nhidden\n");
  await sandbox.stop();
});
