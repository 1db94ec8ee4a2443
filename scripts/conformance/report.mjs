/**
 * @typedef {import("./run.mjs").Row} Row
 * @typedef {import("./run.mjs").Failure} Failure
 */

/** A line a client and way, a column a batch size. @param {Row[]} rows @param {number[]} batches @returns {string} */
export function table(rows, batches) {
  const names = [...new Set(rows.map(({ client, way }) => `${client}\t${way}`))];
  const lines = names.map((name) => {
    const [client, way] = name.split("\t");
    const cells = batches.map((batch) => {
      const row = rows.find(
        (row) => row.client === client && row.way === way && row.batch === batch,
      );
      if (!row) return "";
      return row.failed > 0 ? `${row.passed}, ${row.failed} differ` : `${row.passed}`;
    });
    return [String(client), String(way), ...cells];
  });
  return columns([["client", "way", ...batches.map((batch) => `batch ${batch}`)], ...lines]);
}

/** @param {string[][]} lines */
export function columns(lines) {
  const widths = (lines[0] ?? []).map((_, i) =>
    Math.max(...lines.map((line) => line[i]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** What differs, a case a line with all ways and batches in which it does. @param {Failure[]} failures @returns {string} */
export function differences(failures) {
  if (failures.length === 0) return "What differs: nothing.";
  /** @type {Map<string, Failure[]>} */
  const byCase = new Map();
  for (const failure of failures) {
    const key = `${failure.client}\t${failure.name}`;
    byCase.set(key, [...(byCase.get(key) ?? []), failure]);
  }
  const lines = [...byCase].map(([key, all]) => {
    const where = [...new Set(all.map(({ way, batch }) => `${way} by ${batch}`))];
    const [client, name] = key.split("\t");
    return `  ${client} ${name} (${where.slice(0, 4).join(", ")}${where.length > 4 ? ", …" : ""})\n    ${all[0]?.why}`;
  });
  return `What differs:\n${lines.join("\n")}`;
}
