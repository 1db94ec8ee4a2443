import { encodeCursor } from "./cursor.mjs";
import { isGap, logNames } from "./expect.mjs";

/**
 * A cursor as a case describes it.
 *
 * @typedef {object} Described
 * @property {number | null} [exec] the number that it stands after; absent or null: not read
 * @property {number | null} [runtime]
 * @property {number | null} [kernel]
 * @property {boolean} [hint] whether it says where that is; true unless said otherwise
 * @property {string} [tag] another tag than the segment's
 * @property {string} [logId] another log id than the log's
 * @property {number} [version]
 * @property {"checksum" | "cut" | "longer" | "spaces"} [spoil]
 */

/** @param {import("./expect.mjs").Manifest} manifest @param {Described} described @returns {string} */
export function madeCursor(manifest, described) {
  const { hint = true, tag, logId = manifest.logId, version = 1, spoil } = described;
  const [exec, runtime, kernel] = logNames.map((log) => {
    const sequence = described[log] ?? null;
    if (sequence === null) return null;
    const place = (hint && placeOf(manifest.logs[log], sequence)) || noPlace;
    return { sequence, ...place, ...(tag === undefined ? {} : { tag }) };
  });
  const text = encodeCursor(
    { logId, exec: exec ?? null, runtime: runtime ?? null, kernel: kernel ?? null },
    { version },
  );
  return spoil ? spoilt[spoil](text) : text;
}

const noPlace = { segment: 0, offset: 0, tag: "00000000" };

/** @satisfies {Record<string, (text: string) => string>} */
const spoilt = {
  checksum: (/** @type {string} */ text) =>
    text.slice(0, 8) + (text[8] === "A" ? "B" : "A") + text.slice(9),
  cut: (/** @type {string} */ text) => text.slice(0, 4),
  longer: (/** @type {string} */ text) => `${text}AAAA`,
  spaces: (/** @type {string} */ text) => ` ${text} `,
};

/** @param {import("./expect.mjs").Manifest["logs"]["exec"]} log @param {number} sequence */
function placeOf({ items, segments }, sequence) {
  const entry = items.find((item) => !isGap(item) && item.sequence === sequence);
  if (!entry || isGap(entry)) return null;
  const segment = segments?.find(({ number }) => number === entry.segment);
  return { segment: entry.segment ?? 0, offset: entry.to ?? 0, tag: segment?.tag ?? "00000000" };
}
