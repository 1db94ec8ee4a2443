import { readdir } from "node:fs/promises";
import { LogDirectory } from "@silt/sandbox";
import { onDisk } from "./disk.mjs";
import { text } from "./ledger.mjs";
import { beginningOfLines } from "./wrote.mjs";

/**
 * @typedef {object} Figures
 * @property {number} entries that were given a number
 * @property {number} delivered to all readers together
 * @property {number} rotations
 * @property {number} crashes supervisors killed
 * @property {number} resumes processes that went on from a cursor of another
 * @property {number} pauses processes that were stopped for a while
 * @property {number} digests SHA-256 that were compared
 * @property {number} gaps reported
 * @property {number} gapsOfDisk those of them that a full disk made
 * @property {number} gapsDue those that were foreseen, to a number: of readers that were held back on purpose, and those
 *   that the log has recorded, once for each reader that came by
 * @property {number} gapsAsDue those of them that were reported as foreseen
 * @property {number} lost passed over without a word
 * @property {number} repeated
 * @property {string[]} wrong
 */

/**
 * Holds what the readers were given against what was written.
 *
 * @param {object} life
 * @param {import("./life.mjs").Kind} life.kind
 * @param {import("./scene.mjs").Scene} life.scene
 * @param {import("./follower.mjs").Follower[]} life.followers
 * @param {import("./straggler.mjs").Straggler} life.straggler
 * @param {import("./acts.mjs").Written[]} life.written
 * @param {number} life.crashes
 * @returns {Promise<Figures>}
 */
export async function judge({ kind, scene, followers, straggler, written, crashes }) {
  const report = await (await LogDirectory.open(scene.folder)).verify();
  const exec = report.logs.find(({ log }) => log === "exec");
  if (exec === undefined) throw new Error("a report without the log exec");
  /** @type {string[]} */
  const wrong = [];
  if (!report.whole) wrong.push(`the log does not verify: ${JSON.stringify(report.damage)}`);
  const disk = await onDisk(scene.folder);
  if (text(disk.gaps) !== text(exec.gaps)) {
    wrong.push(`headers state the gaps ${text(disk.gaps)}, verify found ${text(exec.gaps)}`);
  }
  wrong.push(...straggler.wrong, ...followers.flatMap(({ wrongGaps }) => wrongGaps));
  let digests = 0;
  let [gapsDue, gapsAsDue] = [straggler.due, straggler.asDue];
  const readers = [...followers, straggler];
  for (const { ledger } of readers) {
    if (ledger.next !== exec.lastSequence + 1) {
      wrong.push(`a reader ended before ${ledger.next}, the log after ${exec.lastSequence}`);
    }
    if (kind === "roomy" && (ledger.first !== 1 || ledger.gaps.length > 0)) {
      wrong.push(`of a log that held everything, a reader missed ${JSON.stringify(ledger.gaps)}`);
    }
    const unforeseen = unrecorded(ledger.gaps, exec);
    wrong.push(...unforeseen);
    if (ledger !== straggler.ledger) {
      const due = disk.gaps.filter((gap) => gap.from >= ledger.first);
      const silent = unreported(due, ledger.gaps);
      gapsDue += due.length;
      gapsAsDue += due.length - silent.length;
      wrong.push(...silent);
    }
    digests += compare(ledger, written, wrong);
  }
  for (const { account, totals } of written) {
    for (const { source, bytes, sha256 } of account ?? []) {
      const recorded = totals?.find((total) => total.source === source);
      if (bytes > 0 && (recorded?.bytes !== bytes || recorded.sha256 !== sha256)) {
        wrong.push(`an exit record says ${JSON.stringify(recorded)}, ${bytes} bytes were written`);
      }
    }
  }
  /** @param {(reader: typeof readers[number]) => number} of */
  const sum = (of) => readers.reduce((total, follower) => total + of(follower), 0);
  return {
    entries: exec.lastSequence,
    delivered: sum(({ ledger }) => ledger.entries),
    rotations: (await newestSegment(scene.folder)) - 1 - crashes,
    crashes,
    resumes: sum(({ resumes }) => resumes),
    pauses: sum(({ pauses }) => pauses),
    digests,
    gaps: sum(({ ledger }) => ledger.gaps.length),
    gapsOfDisk: sum(
      ({ ledger }) => ledger.gaps.filter(({ reason }) => reason !== "rotated").length,
    ),
    gapsDue,
    gapsAsDue,
    lost: sum(({ ledger }) => ledger.lost),
    repeated: sum(({ ledger }) => ledger.repeated),
    wrong,
  };
}

/** @typedef {{ from: number, to: number }} Range */

/** @param {Range[]} recorded @param {import("./ledger.mjs").Gap[]} reported */
function unreported(recorded, reported) {
  return recorded
    .filter(({ from, to }) => !reported.some((gap) => gap.from <= from && to <= gap.to))
    .map(({ from, to }) => `the recorded gap ${from} to ${to} was not reported`);
}

/** @param {import("./ledger.mjs").Gap[]} reported @param {{ firstSequence: number, gaps: Range[] }} held */
function unrecorded(reported, { firstSequence, gaps }) {
  return reported
    .filter((gap) => gap.reason !== "rotated" && gap.from >= firstSequence)
    .filter(({ from, to }) => !gaps.some((gap) => gap.from === from && gap.to === to))
    .map(({ from, to, reason }) => `${from} to ${to} was reported as ${reason}, recorded nowhere`);
}

/**
 * SHA-256 by session and source, of the sessions that no gap touches.
 *
 * @param {import("./ledger.mjs").Ledger} ledger
 * @param {import("./acts.mjs").Written[]} written
 * @param {string[]} wrong
 */
function compare(ledger, written, wrong) {
  let compared = 0;
  for (const { sessionId, lines, account } of written) {
    if (sessionId <= ledger.incompleteUpTo) continue;
    const sources = account ?? (lines ? [{ source: "stdout", bytes: -1, sha256: "" }] : []);
    for (const { source, ...due } of sources) {
      const got = ledger.digest(`${sessionId} ${source}`);
      // Of a killed program, as much as came is the beginning of what it wrote.
      const wanted = due.bytes >= 0 ? due : { ...got, sha256: beginningOfLines(got.bytes) };
      compared += 1;
      if (got.bytes !== wanted.bytes || got.sha256 !== wanted.sha256) {
        wrong.push(
          `session ${sessionId} ${source}: ${JSON.stringify(got)} was read, ${JSON.stringify(wanted)} written`,
        );
      }
    }
  }
  return compared;
}

/** @param {string} folder */
async function newestSegment(folder) {
  const names = await readdir(folder);
  return Math.max(...names.map((name) => Number(name.match(/^exec\.log\.(\d+)/)?.[1] ?? 0)));
}
