/**
 * A generated file of the package.
 *
 * @param {string} body
 * @param {string[]} [imports]
 */
export function file(body, imports = []) {
  const note = "// Code generated from crates/silt-interface by `npm run generate`. DO NOT EDIT.";
  const lines = imports.map((name) => `\t${JSON.stringify(name)}`).join("\n");
  const head = lines === "" ? "" : `import (\n${lines}\n)\n\n`;
  return `${note}\n\npackage silt\n\n${head}${body}\n`;
}

const initials = new Map([
  ["Id", "ID"],
  ["Cpu", "CPU"],
]);

/** A name as Go exports it: `sessionId` as `SessionID`, `disk-full` as `DiskFull`. @param {string} name */
export function go(name) {
  return name
    .split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .map((word) => initials.get(word) ?? word)
    .join("");
}

/** A name that is not exported. @param {string} name */
export function local(name) {
  const exported = go(name);
  return exported.charAt(0).toLowerCase() + exported.slice(1);
}

/** Lines of columns, as gofmt aligns them. @param {string[][]} rows @param {string} indent */
export function columns(rows, indent) {
  const widths =
    rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  return rows
    .map(
      (row) =>
        indent +
        row
          .map((cell, at) => (at < row.length - 1 ? cell.padEnd(widths[at] ?? 0) : cell))
          .join(" "),
    )
    .join("\n");
}

/** Documentation of the core names options in its own spelling, and values as JSON. @param {string} doc @param {string[]} names */
export function prose(doc, names) {
  return names.reduce((text, name) => text.replaceAll(`\`${name}\``, `[${go(name)}]`), doc);
}
