import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LogDirectory, Sandbox } from "../../src/index.js";
import { accounts, programPath } from "../programs/native.js";

const LINES = 400_000;

let small: string;
let workdir: string;

beforeEach(async () => {
  small = await mkdtemp(join(tmpdir(), "silt-small-"));
  workdir = await mkdtemp(join(tmpdir(), "silt-work-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m,mode=0700", "silt-test", small]);
  process.env.SILT_HOME = small;
});

afterEach(async () => {
  for (const handle of await Sandbox.list()) await handle.remove({ force: true });
  delete process.env.SILT_HOME;
  execFileSync("umount", [small]);
  await rm(small, { recursive: true });
  await rm(workdir, { recursive: true });
});

// Only root may mount a small disk.
test.runIf(process.getuid?.() === 0)(
  "on a full disk the child runs on, the newest entries win, and the loss is a recorded gap",
  async () => {
    const sandbox = await Sandbox.create({
      name: "full",
      runtime: "process",
      workdir,
      logs: { maxBytes: 1 << 30, segmentBytes: 256 << 10 },
    });
    // First the log fills the disk by itself, then somebody else takes what is left.
    const program = programPath("print-lines", "process");
    const account = join(workdir, "account");
    expect(await sandbox.exec(program, [String(LINES), account])).toMatchObject({ exitCode: 0 });
    expect(Object.keys(await accounts(account))).toEqual(["stdout"]);
    const filler = join(small, "filler");
    await writeFile(filler, Buffer.alloc(8 << 20)).catch((error) => {
      expect(error.code).toBe("ENOSPC");
    });
    expect(await sandbox.exec(program, [String(LINES), account])).toMatchObject({
      exitCode: 0,
      truncated: true,
    });
    await rm(filler);
    expect(await sandbox.exec("echo", ["there is room again"])).toMatchObject({ exitCode: 0 });
    await sandbox.stop();

    const logs = await LogDirectory.open(join(small, "sandboxes/full/logs"));
    expect(await logs.verify()).toMatchObject({ whole: true });
    const stream = await logs.logStream({ onGap: "report" });
    let next: number | undefined;
    let last = "";
    for await (const item of stream) {
      const first = item.type === "gap" ? item.from : item.sequence;
      expect(next === undefined || first === next).toBe(true);
      next = (item.type === "gap" ? item.to : item.sequence) + 1;
      if (item.type === "entry") last = item.line;
    }
    expect(last).toBe("there is room again");
    // Every line took its number, kept or not.
    expect(next).toBe(2 * LINES + 2);
  },
  120_000,
);
