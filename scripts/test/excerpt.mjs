import { stripVTControlCharacters } from "node:util";

/** A line that names a test that failed, as the programs write it that run them here. */
const failure = new RegExp(
  [
    "^ FAIL  ", // vitest
    "^\\s*not ok \\d", // node --test
    "^---- .* stdout ----$", // cargo test
    "^(FAILED|ERROR) ", // pytest
    "--- FAIL: ", // go test
    "^What differs:$", // conformance
  ].join("|"),
);

/** Lines that are shown around each: Go says why before the name, the others after it. */
const before = 4;
const after = 16;
/** Lines at most, of a suite. */
const most = 80;
/** Lines at the end of an output that names no test: a linter's, a compiler's. */
const atEnd = 40;

/**
 * What a reader needs of the output of a command that failed: the tests that failed and why, or its end.
 *
 * @param {string} output
 * @returns {string} without a line feed at its end
 */
export function excerpt(output) {
  const lines = stripVTControlCharacters(output).trimEnd().split("\n");
  const named = lines.flatMap((line, i) => (failure.test(line) ? [i] : []));
  if (named.length === 0) return lines.slice(-atEnd).join("\n");
  const wanted = lines.filter((_, i) => named.some((at) => at - before <= i && i <= at + after));
  const left = wanted.length - most;
  return [...wanted.slice(0, most), ...(left > 0 ? [`… ${left} lines more, above`] : [])].join(
    "\n",
  );
}
