/**
 * @param {string[]} heads
 * @param {string[][]} rows
 */
export function table(heads, rows) {
  // A column in which nothing stands says nothing.
  const kept = heads.map((_, at) => rows.some((row) => row[at] !== ""));
  const lines = [heads, heads.map(() => "---"), ...rows];
  return lines
    .map(
      (cells) =>
        `| ${cells
          .filter((_, at) => kept[at])
          .map(cell)
          .join(" | ")} |`,
    )
    .join("\n");
}

/** A bar would end the cell, also within code. @param {string} text */
function cell(text) {
  return text.replaceAll("|", "\\|");
}

/** @param {string} text */
export function code(text) {
  return `\`${text}\``;
}
