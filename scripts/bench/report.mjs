/**
 * @typedef {import("./rows/row.mjs").Row} Row
 * @typedef {import("./rows/row.mjs").Figure} Figure
 *
 * @typedef {object} Table
 * @property {string} title
 * @property {Record<string, string>} titles of the programs, by name
 * @property {Row[]} rows
 */

/** @param {number} value */
function number(value) {
  if (value >= 1000) return Math.round(value).toLocaleString("en");
  return value >= 10 ? value.toFixed(0) : value.toFixed(2);
}

/** @param {Figure | undefined} figure @param {string} unit */
function cell(figure, unit) {
  if (!figure) return "–";
  const text = unit === "lost" ? String(figure.value) : `${number(figure.value)} ${unit}`;
  if (figure.lost === undefined) return text;
  const repeated = `${figure.repeated ?? 0} repeated`;
  return unit === "lost" ? `${text}, ${repeated}` : `${text} (${figure.lost} lost, ${repeated})`;
}

/** How many times better Silt is than the best of the others. @param {Row} row */
function ratio({ figures, better, unit }) {
  const { silt, ...others } = figures;
  const values = Object.values(others).map(({ value }) => value);
  if (!silt || values.length === 0 || unit === "lost") return "";
  const times =
    better === "higher" ? silt.value / Math.max(...values) : Math.min(...values) / silt.value;
  return `${times >= 10 ? times.toFixed(0) : times.toFixed(1)} ×`;
}

/** The table, in Markdown. @param {Table} table */
export function table({ title, titles, rows }) {
  const names = Object.keys(titles);
  const header = [title, ...Object.values(titles), "Silt's ratio to the better"];
  const lines = rows.map((row) => [
    row.what,
    ...names.map((name) => cell(row.figures[name], row.unit)),
    ratio(row),
  ]);
  return [header, header.map(() => "---"), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
