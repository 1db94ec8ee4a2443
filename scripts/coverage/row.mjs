/** @typedef {{ name: string, covered: number, lines: number }} Row */

/** The share that tests have to reach, in each package. */
const LEAST = 0.8;

/** @param {Row} row */
function share({ covered, lines }) {
  return lines === 0 ? 0 : covered / lines;
}

/** @param {Row[]} rows */
export function table(rows) {
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows
    .map((row) => {
      const percent = (100 * share(row)).toFixed(1).padStart(5);
      return `${row.name.padEnd(width)}  ${percent} %  of ${row.lines} lines\n`;
    })
    .join("");
}

/** @param {Row[]} rows */
export function tooFew(rows) {
  return rows.filter((row) => share(row) < LEAST).map(({ name }) => name);
}
