import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "./random.mjs";
import { round } from "./round.mjs";

/**
 * @param {{ minutes: number, seed: number, rounds: number }} options
 * @returns {Promise<0 | 1>} the exit status
 */
export async function torture({ minutes, seed, rounds }) {
  const home = await mkdtemp(join(tmpdir(), "silt-torture-"));
  process.env.SILT_HOME = home;
  const until = performance.now() + minutes * 60_000;
  let done = 0;
  try {
    for (; done < rounds && (done === 0 || performance.now() < until); done += 1) {
      const own = seed + done;
      try {
        process.stdout.write(`seed ${own}: ${await round(new Random(own), home)}\n`);
      } catch (error) {
        process.stdout.write(
          `seed ${own} failed: ${error instanceof Error ? error.stack : error}\n`,
        );
        return 1;
      }
    }
    process.stdout.write(`${done} rounds, nothing lost, nothing repeated\n`);
    return 0;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
