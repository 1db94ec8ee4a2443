import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { Lines } from "./lines.mjs";

/**
 * @typedef {import("./judge.mjs").Figures & { lives: number, lanes: Record<string, number> }} Total `lanes`: how many lives of each kind
 */

/** Distance of the seeds of two lanes: more lives than a lane ever has. */
const STRIDE = 1_000_000;

/**
 * Tortures logs of each kind at the same time.
 *
 * @param {object} options
 * @param {number} options.seconds how long; each kind has one life at least
 * @param {number} options.seed
 * @param {import("./life.mjs").Kind[]} [options.kinds] default: all that this user may have
 * @param {number} [options.lives] at most, of each kind
 * @param {number} [options.programs] of each life, at most
 * @param {(line: string) => void} [options.say]
 * @returns {Promise<Total>}
 */
export async function torture({
  seconds,
  seed,
  kinds = possible(),
  lives = Number.POSITIVE_INFINITY,
  programs = 12,
  say = () => {},
}) {
  /** @type {Total} */
  const total = { lives: 0, lanes: {}, ...nothing() };
  await Promise.all(
    kinds.map(async (kind, index) => {
      const path = join(root, "scripts/torture/lane-program.mjs");
      const args = [kind, seed + index * STRIDE, seconds, lives, programs].map(String);
      const lane = spawn(process.execPath, [path, ...args], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const lines = new Lines();
      lane.stdout.on("data", (chunk) => {
        lines.add(chunk, (line) => {
          const { kind: _, seed: own, ...lived } = JSON.parse(line);
          const figures = { ...nothing(), ...lived };
          say(`${kind}, seed ${own}: ${summary(figures)}`);
          add(total, kind, figures);
        });
      });
      const [status] = await once(lane, "close");
      if (status !== 0) total.wrong.push(`the lane ${kind} of seed ${args[1]} failed (${status})`);
    }),
  );
  return total;
}

/** @returns {import("./judge.mjs").Figures} */
function nothing() {
  return {
    ...{ entries: 0, delivered: 0, rotations: 0, crashes: 0, resumes: 0, pauses: 0, digests: 0 },
    ...{ gaps: 0, gapsOfDisk: 0, gapsDue: 0, gapsAsDue: 0, lost: 0, repeated: 0, wrong: [] },
  };
}

/** Only root may mount a small disk. @returns {import("./life.mjs").Kind[]} */
function possible() {
  return process.getuid?.() === 0 ? ["roomy", "tight", "full"] : ["roomy", "tight"];
}

/** @param {Total} total @param {string} kind @param {import("./judge.mjs").Figures} figures */
function add(total, kind, { wrong, ...numbers }) {
  total.lives += 1;
  total.lanes[kind] = (total.lanes[kind] ?? 0) + 1;
  total.wrong.push(...wrong);
  for (const [name, number] of Object.entries(numbers)) {
    total[/** @type {keyof typeof numbers} */ (name)] += number;
  }
}

/** @param {import("./judge.mjs").Figures} figures */
export function summary(figures) {
  const { entries, delivered, rotations, crashes, resumes, pauses, digests } = figures;
  const { gaps, gapsOfDisk, gapsDue, gapsAsDue, lost, repeated, wrong } = figures;
  return [
    `${entries} entries, ${delivered} delivered, ${rotations} rotations, ${crashes} crashes`,
    `${resumes} resumes, ${pauses} pauses, ${digests} digests compared`,
    `${gaps} gaps reported (${gapsOfDisk} of a full disk), ${gapsDue} foreseen and ${gapsAsDue} of these as foreseen, ${lost} lost, ${repeated} repeated`,
    ...wrong,
  ].join("; ");
}
