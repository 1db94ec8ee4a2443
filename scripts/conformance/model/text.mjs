const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Lenient: U+FFFD for each maximal part that is not UTF-8. @param {Uint8Array} bytes */
export function textOf(bytes) {
  return decoder.decode(bytes);
}

/** @param {Uint8Array} bytes */
export function lineOf(bytes) {
  return textOf(bytes).replace(/\r?\n$/, "");
}

const start = "\u001b";
const sequences = new RegExp(
  [
    `${start}\\[[0-?]*[ -/]*[@-~]`,
    `${start}\\][^\u0007${start}]*(?:\u0007|${start}\\\\)`,
    `${start}[ -/]*[0-Z\\\\^-~]`,
    // One that the end of the line cuts off.
    `${start}(?:\\[[0-?]*[ -/]*|\\][^\u0007${start}]*|[ -/]*)$`,
  ].join("|"),
  "g",
);

/** What `grep` looks at: without colours, other escape sequences and line end. @param {Uint8Array} bytes */
export function plainText(bytes) {
  return lineOf(bytes).replace(sequences, "");
}
