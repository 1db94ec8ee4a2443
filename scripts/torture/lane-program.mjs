// Lives of one kind, one after another, until the time is up: node lane-program.mjs KIND SEED SECONDS LIVES PROGRAMS
//
// In a process of its own, because the home of its sandboxes is: that of `full` is a disk of a few megabytes.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { life } from "./life.mjs";
import { Random } from "./random.mjs";

const [kind = "roomy", seed = "0", seconds = "0", lives = "1", programs = "12"] =
  process.argv.slice(2);
const scratch = await mkdtemp(join(tmpdir(), "silt-torture-"));
const home = join(scratch, "home");
await mkdir(home);
process.env.SILT_HOME = home;
const small = kind === "full";
if (small) {
  const mount = ["-t", "tmpfs", "-o", "size=6m,mode=0700", "silt-torture", home];
  const { status, stderr } = spawnSync("mount", mount, { encoding: "utf8" });
  if (status !== 0) throw new Error(`no small disk: ${stderr}`);
}
const until = performance.now() + Number(seconds) * 1000;
// Lives that were asked for are lived to their end.
const cut = Number.isFinite(Number(lives)) ? Number.POSITIVE_INFINITY : until;
try {
  for (let done = 0; done < Number(lives); done += 1) {
    if (done > 0 && performance.now() >= until) break;
    const own = Number(seed) + done;
    const random = new Random(own);
    const lived = /** @type {import("./life.mjs").Kind} */ (kind);
    // One that fails is told, and does not end the others.
    const figures = await life(random, lived, home, scratch, Number(programs), cut).catch(
      (error) => ({ wrong: [`${kind}, seed ${own}: ${error.stack}`] }),
    );
    process.stdout.write(`${JSON.stringify({ kind, seed: own, ...figures })}\n`);
  }
} finally {
  if (small) spawnSync("umount", [home]);
  await rm(scratch, { recursive: true, force: true });
}
