import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import {
  InvalidArgument,
  LogDirectory,
  Sandbox,
  SandboxExists,
  SandboxNotFound,
} from "../src/index.js";
import { plainSandbox, temporaryHome } from "./home.js";

const home = temporaryHome();

describe("since with fromCursor", () => {
  const both = { since: "5m", fromCursor: "abc" };

  test("is InvalidArgument on a sandbox and on a handle", async () => {
    await using sandbox = await plainSandbox();
    for (const reading of [sandbox, await Sandbox.get(sandbox.name)]) {
      const wrong = { name: "InvalidArgument", code: "InvalidArgument" };
      await expect(reading.logStream(both)).rejects.toMatchObject(wrong);
      await expect(reading.logs(both)).rejects.toMatchObject(wrong);
    }
  });

  test("comes before any I/O: also when the sandbox is gone", async () => {
    const sandbox = await plainSandbox();
    const handle = await Sandbox.get(sandbox.name);
    await sandbox.remove({ force: true });
    await expect(handle.logStream(both)).rejects.toBeInstanceOf(InvalidArgument);
    await expect(handle.logStream()).rejects.toBeInstanceOf(SandboxNotFound);
    await expect(Sandbox.get(handle.name)).rejects.toBeInstanceOf(SandboxNotFound);
  });
});

describe("every wrong option is named, and nothing is quietly left out", () => {
  const wrong: Record<string, unknown[]> = {
    since: [1_700_000_000_000, "yesterday", "2026-05-01T10:00:00", new Date(Number.NaN), {}],
    until: [5, "5", /5m/],
    sources: ["everything", [], ["stdin"], 3, [1]],
    sessions: [[], [0], [-1], [1.5], [2 ** 53], "x", [() => 1]],
    level: ["LOUD", 3],
    grep: ["(", 4, /x/],
    tail: [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "10", 2 ** 53, 10n],
    follow: ["yes", 1],
    onGap: ["ignore", true],
    fromCursor: [7],
    tial: [10],
  };
  for (const [option, values] of Object.entries(wrong)) {
    test(option, async () => {
      const sandbox = await plainSandbox();
      for (const value of values) {
        const opening = sandbox.logStream({ [option]: value });
        await expect(opening, String(value)).rejects.toMatchObject({
          code: "InvalidArgument",
          option: expect.stringContaining(option),
          retryable: false,
        });
      }
      await sandbox.stop();
    });
  }
});

test("times are dates, text with a zone, or durations back", async () => {
  await using sandbox = await plainSandbox();
  await sandbox.shell("echo now");
  for (const since of [new Date(Date.now() - 60_000), "2020-01-01T00:00:00+02:00", "1h"]) {
    expect((await sandbox.logs({ since })).map((entry) => entry.line)).toEqual(["now"]);
    expect(await sandbox.logs({ until: since })).toHaveLength(0);
  }
  expect(await sandbox.logs({ since: new Date(Date.now() + 60_000) })).toHaveLength(0);
});

test("names that are none are refused, and nothing is made of them", async () => {
  for (const name of ["../x", "", "a".repeat(64), "A", ".hidden", "a/b", "a\0b", "-"]) {
    await expect(Sandbox.get(name), name).rejects.toBeInstanceOf(InvalidArgument);
    await expect(plainSandbox({ name }), name).rejects.toBeInstanceOf(InvalidArgument);
  }
  expect(existsSync(join(home.path, "x"))).toBe(false);
});

test("a name is taken once", async () => {
  await using sandbox = await plainSandbox({ name: "taken" });
  await expect(plainSandbox({ name: "taken" })).rejects.toBeInstanceOf(SandboxExists);
  expect(sandbox.name).toBe("taken");
});

test("options of a sandbox are checked with their path", async () => {
  const wrong = [
    [{ logs: { maxBytes: 1_000_000, segmentBytes: 600_000 } }, "logs.segmentBytes"],
    [{ limits: { memoryBytes: 1 } }, "limits.memoryBytes"],
    [{ logs: { maxByte: 1 } }, "logs.maxByte"],
    [{ mounts: [{ source: "/tmp" }] }, "mounts[0].target"],
    [{ limits: { processes: 0 } }, "limits.processes"],
    [{ maxLifetime: "soon" }, "maxLifetime"],
    [{ runtime: "vm" }, "runtime"],
  ] as const;
  for (const [options, option] of wrong) {
    await expect(plainSandbox(options as object), option).rejects.toMatchObject({
      code: "InvalidArgument",
      option: expect.stringContaining(option),
    });
  }
});

test("an environment that JSON can not carry is refused, not left out", async () => {
  const env = new Map([["KEY", "value"]]) as unknown as Record<string, string>;
  await expect(plainSandbox({ env })).rejects.toMatchObject({
    code: "InvalidArgument",
    option: "env",
  });
});

test("options that are no object are refused wherever there are options; null is none", async () => {
  await using sandbox = await plainSandbox();
  const session = await sandbox.spawn("true");
  const calls: Record<string, (options: never) => Promise<unknown>> = {
    exec: (options) => sandbox.exec("true", [], options),
    shell: (options) => sandbox.shell("true", options),
    spawn: (options) => sandbox.spawn("true", [], options),
    logs: (options) => sandbox.logs(options),
    logStream: (options) => sandbox.logStream(options),
    "session.logStream": (options) => session.logStream(options),
  };
  for (const [name, call] of Object.entries(calls)) {
    for (const wrong of [5, "text", []]) {
      await expect(call(wrong as never), `${name}(${wrong})`).rejects.toMatchObject({
        code: "InvalidArgument",
        option: "options",
      });
    }
    await call(null as never);
  }
});

test("a value of env is in no message", async () => {
  const env = { TOKEN: "hunter2\0" };
  const failing = plainSandbox({ env });
  await expect(failing).rejects.toMatchObject({ message: expect.not.stringContaining("hunter2") });
});

test("a later change of the current folder moves neither home nor log folder", async () => {
  const [before, given] = [process.cwd(), process.env.SILT_HOME];
  process.env.SILT_HOME = relative(before, home.path);
  try {
    const sandbox = await plainSandbox();
    const directory = await LogDirectory.open(
      relative(before, join(home.path, "sandboxes", sandbox.name, "logs")),
    );
    process.chdir("/usr/lib");
    expect((await sandbox.exec("echo", ["here"])).stdout).toBe("here\n");
    expect((await directory.logs()).map((entry) => entry.line)).toEqual(["here"]);
    await directory.verify();
    await sandbox.stop();
  } finally {
    process.chdir(before);
    process.env.SILT_HOME = given;
  }
});

test("a folder without a log is NotFound", async () => {
  await expect(LogDirectory.open(join(home.path, "nothing"))).rejects.toMatchObject({
    code: "NotFound",
  });
});
