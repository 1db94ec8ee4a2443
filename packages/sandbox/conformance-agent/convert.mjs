import { SiltError } from "@silt/sandbox";

/** @param {import("@silt/sandbox").LogEntry | import("@silt/sandbox").LogGap} item */
export function itemToJson(item) {
  return item.type === "gap" ? item.toJSON() : entryToJson(item);
}

/** @param {import("@silt/sandbox").LogEntry} entry */
function entryToJson(entry) {
  return {
    type: entry.type,
    log: entry.log,
    source: entry.source,
    sessionId: entry.sessionId,
    sequence: entry.sequence,
    timestampNanos: String(entry.timestampNanos),
    level: entry.level,
    part: entry.part ?? null,
    data: toBase64(entry.data),
    text: entry.text(),
    line: entry.line,
    cursor: entry.cursor,
    json: entry.toJSON(),
  };
}

/** @param {Uint8Array} bytes */
export function toBase64(bytes) {
  return Buffer.from(bytes).toString("base64");
}

/** @param {string} text @returns {Uint8Array} */
export function fromBase64(text) {
  return Buffer.from(text, "base64");
}

/** @param {unknown} error */
export function errorToJson(error) {
  if (!(error instanceof SiltError)) {
    const message = error instanceof Error ? `${error.stack}` : String(error);
    return { code: "Agent", message, retryable: false, fields: {} };
  }
  const { code, message, retryable, ...fields } = error;
  return { code, message: error.message, retryable, fields };
}

/** @param {any} options as they stand in a case @returns {any} */
export function optionsFromJson(options = {}) {
  const times = Object.entries(options).filter(([, value]) => typeof value?.time === "string");
  return {
    ...options,
    ...Object.fromEntries(times.map(([name, { time }]) => [name, new Date(time)])),
  };
}
