import { lastEntryOf } from "./disk.mjs";

/**
 * @typedef {object} Reader
 * @property {string} name
 * @property {() => string} progress changes whenever it moves
 * @property {() => string} waits where it stands and what it waits for
 */

/** How long nothing at all may move, in milliseconds: far longer than the busiest machine takes for a step. */
const PATIENCE = 120_000;

/**
 * Fails once nothing has moved for a while, and says which reader stands where and what it waits for.
 *
 * @template T
 * @param {import("./scene.mjs").Scene} scene
 * @param {Reader[]} readers
 * @param {Promise<T>} work
 * @param {number} [patience]
 * @returns {Promise<T>}
 */
export async function watched(scene, readers, work, patience = PATIENCE) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const stuck = new Promise((_, reject) => {
    let [before, since] = ["", performance.now()];
    timer = setInterval(() => {
      const now = [scene, ...readers].map((one) => one.progress()).join();
      if (now !== before) [before, since] = [now, performance.now()];
      else if (performance.now() - since > patience) {
        clearInterval(timer);
        said(scene, readers, patience).then((text) => reject(new Error(text)), reject);
      }
    }, patience / 100);
  });
  try {
    return await Promise.race([work, /** @type {Promise<never>} */ (stuck)]);
  } finally {
    clearInterval(timer);
  }
}

/** @param {import("./scene.mjs").Scene} scene @param {Reader[]} readers @param {number} patience */
async function said(scene, readers, patience) {
  const last = await lastEntryOf(scene.folder).catch((error) => `unknown (${error})`);
  const each = readers.map((reader) => `${reader.name} ${reader.waits()}`);
  return [
    `nothing moved for ${patience / 1000} s; the log ends with ${last}; going on: ${scene.doing}`,
    ...each,
  ].join("; ");
}
