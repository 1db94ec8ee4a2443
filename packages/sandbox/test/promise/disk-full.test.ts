import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { type FileHandle, mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  LogDirectory,
  type LogEntry,
  type LogGap,
  type LogStream,
  Sandbox,
} from "../../src/index.js";
import { type Account, accounts, programPath } from "../programs/native.js";

const LINES = 200_000;
const program = programPath("print-lines", "process");

let small: string;
let workdir: string;
/** Files that keep their room while they are held open, whoever removes them. */
let held: Map<string, FileHandle>;

beforeEach(async () => {
  small = await mkdtemp(join(tmpdir(), "silt-small-"));
  workdir = await mkdtemp(join(tmpdir(), "silt-work-"));
  held = new Map();
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m,mode=0700", "silt-test", small]);
  process.env.SILT_HOME = small;
});

afterEach(async () => {
  await letGo();
  for (const handle of await Sandbox.list()) await handle.remove({ force: true });
  delete process.env.SILT_HOME;
  execFileSync("umount", [small]);
  await rm(small, { recursive: true });
  await rm(workdir, { recursive: true });
});

async function letGo(): Promise<void> {
  for (const file of held.values()) await file.close();
  held.clear();
}

/** The files of the log `exec` that a reader opens. */
async function segments(logs: string): Promise<string[]> {
  return (await readdir(logs)).filter((name) => /^exec\.log\.\d/.test(name));
}

/** Another file takes all the room that is left. */
async function fill(path: string): Promise<void> {
  const file = await open(path, "a");
  try {
    for (;;) await file.appendFile(Buffer.alloc(64 << 10));
  } catch (error) {
    expect(error).toMatchObject({ code: "ENOSPC" });
  } finally {
    await file.close();
  }
}

/** What `print-lines` says that it wrote when it printed this many lines. */
function accountOf(lines: number): Account {
  const text = Array.from({ length: lines }, (_, n) => `line ${n}\n`).join("");
  return { bytes: text.length, sha256: createHash("sha256").update(text).digest("hex") };
}

/** Every number once, in order, delivered or said to be lost. */
class Accounted {
  next: number;
  delivered = 0;
  gaps: LogGap[] = [];
  last = "";

  constructor(readonly first: number) {
    this.next = first;
  }

  async read(stream: LogStream<LogEntry | LogGap>): Promise<this> {
    for await (const item of stream) {
      expect(item.type === "gap" ? item.from : item.sequence).toBe(this.next);
      if (item.type === "gap") {
        expect(item.lost).toBe(item.to - item.from + 1);
        this.gaps.push(item);
        this.next = item.to + 1;
      } else {
        this.delivered += 1;
        this.last = item.line;
        this.next = item.sequence + 1;
      }
    }
    return this;
  }

  get lost(): number {
    return this.gaps.reduce((sum, gap) => sum + (gap.lost ?? Number.NaN), 0);
  }

  ofFullDisk(): LogGap[] {
    return this.gaps.filter((gap) => gap.reason === "disk-full");
  }
}

// Only root may mount a small disk.
test.runIf(process.getuid?.() === 0)(
  "on a full disk the command runs on, the newest entries win, and the loss is a recorded gap",
  async () => {
    const sandbox = await Sandbox.create({
      name: "full",
      runtime: "process",
      workdir,
      logs: { maxBytes: 1 << 30, segmentBytes: 256 << 10 },
    });
    const logs = join(small, "sandboxes/full/logs");
    let written = 0;
    /** Counted by the program itself, in a file on another disk that Silt never reads. */
    const print = async (lines: number) => {
      const account = join(workdir, `account-${written}`);
      const result = await sandbox.exec(program, [String(lines), account]);
      expect(result).toMatchObject({ exitCode: 0, signal: null });
      expect(await accounts(account)).toEqual({ stdout: accountOf(lines) });
      written += lines;
    };
    const say = async (text: string) => {
      expect(await sandbox.exec("echo", [text])).toMatchObject({ exitCode: 0 });
      written += 1;
    };

    await say("before");
    const [before] = await sandbox.logs();
    const fromCursor = before?.cursor ?? "";
    const following = new Accounted(1).read(
      await sandbox.logStream({ follow: true, onGap: "report" }),
    );

    // What retention gives up stays taken, until the log has no file left to give up.
    const filler = join(small, "filler");
    for (let left = await segments(logs); left.length > 0; left = await segments(logs)) {
      for (const name of left) {
        if (!held.has(name)) held.set(name, await open(join(logs, name)));
      }
      await fill(filler);
      await print(10_000);
    }
    const fullFrom = written + 1;
    await print(LINES);
    const fullTo = written;
    await letGo();
    await rm(filler);
    await say("there is room again");

    const stream = await sandbox.logStream({ fromCursor, onGap: "report" });
    const found = await new Accounted(2).read(stream);
    expect(found.last).toBe("there is room again");
    expect(1 + found.delivered + found.lost).toBe(written);
    const covering = found.ofFullDisk().filter(({ from, to }) => from <= fullFrom && to >= fullTo);
    expect(covering).toHaveLength(1);

    // Now the log fills the disk by itself: its oldest entries go for the newest.
    await print(LINES);
    const tail = await sandbox.logs({ tail: 1000 });
    expect(tail.map((entry) => entry.line)).toEqual(
      Array.from({ length: 1000 }, (_, i) => `line ${LINES - 1000 + i}`),
    );
    await say("the end");
    await sandbox.stop();

    const handle = await Sandbox.get("full");
    expect(await (await LogDirectory.open(logs)).verify()).toMatchObject({ whole: true });
    const followed = await following;
    expect(followed.last).toBe("the end");
    expect(followed.delivered + followed.lost).toBe(written);
    expect(followed.ofFullDisk().length).toBeGreaterThan(0);
    const rest = await new Accounted(2).read(
      await handle.logStream({ fromCursor, onGap: "report" }),
    );
    expect(1 + rest.delivered + rest.lost).toBe(written);
    expect(rest.last).toBe("the end");
  },
  240_000,
);
