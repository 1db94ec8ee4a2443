/** @param {number[]} values @param {number} share between 0 and 1 */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const index = Math.min(sorted.length - 1, Math.floor(share * sorted.length));
  return /** @type {number} */ (sorted[index]);
}

/** @param {number[]} values */
export function median(values) {
  return quantile(values, 0.5);
}
