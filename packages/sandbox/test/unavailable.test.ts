import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { LimitUnavailable, Sandbox } from "../src/index.js";
import { plainSandbox, temporaryHome } from "./home.js";
import { withoutControlGroups, withoutUserNamespaces } from "./programs/lacking.js";

temporaryHome();

/** One process with 200 MiB at once. */
const hold = "head -c 200m /dev/zero | tail -c 200m | wc -c";

test("where user namespaces are forbidden the mend is named and process is not chosen", async () => {
  const sandbox = await Sandbox.create();
  expect((await sandbox.shell("echo it runs")).stdout).toBe("it runs\n");
  await sandbox.remove({ force: true });

  const refused = await withoutUserNamespaces("create.mjs", "{}");
  expect(refused).toEqual({
    code: "RuntimeUnavailable",
    runtime: "namespace",
    retryable: false,
    message: expect.stringMatching(
      /`sysctl user\.max_user_namespaces=15000`; or ask for the runtime `process` by name/,
    ),
    left: 0,
  });
  const asked = await withoutUserNamespaces("create.mjs", '{"runtime":"process"}');
  expect(asked).toEqual({ runtime: "process", stdout: "it runs\n", left: 0 });
});

test("a limit that can not be held is refused with the mend, or named in the log", async () => {
  const folder = await mkdtemp(join(tmpdir(), "silt-test-"));
  const before = process.env.SILT_EXECUTABLE;
  onTestFinished(async () => {
    if (before === undefined) delete process.env.SILT_EXECUTABLE;
    else process.env.SILT_EXECUTABLE = before;
    await rm(folder, { recursive: true });
  });
  process.env.SILT_EXECUTABLE = withoutControlGroups(folder);
  const limits = { memoryBytes: 64 << 20 };

  const error = await plainSandbox({ name: "refused", limits }).catch((error) => error);
  expect(error).toBeInstanceOf(LimitUnavailable);
  expect(error).toMatchObject({ code: "LimitUnavailable", limit: "memoryBytes" });
  expect(error.message).toMatch(/as root.*Delegate=yes.*set `bestEffort: true`/);
  expect(await Sandbox.list()).toEqual([]);

  await using sandbox = await plainSandbox({ limits: { ...limits, bestEffort: true } });
  expect((await sandbox.shell(hold)).stdout).toBe("209715200\n");
  const entries = await sandbox.logs({ sources: ["system"] });
  const told = entries.filter((entry) => entry.line.includes("memoryBytes does not hold: "));
  expect(told.map((entry) => entry.log)).toEqual(["runtime"]);
});

test("a limit that can be held holds", async () => {
  const limits = { memoryBytes: 64 << 20 };
  const sandbox = await Sandbox.create({ limits }).catch((error) => error);
  if (sandbox instanceof LimitUnavailable) {
    // Root can hold it.
    expect(process.geteuid?.()).not.toBe(0);
    return;
  }
  expect((await sandbox.shell(hold)).stdout).toBe("0\n");
  expect((await sandbox.shell("echo still here")).stdout).toBe("still here\n");
  await sandbox.stop();
});
