import { LogDirectory } from "@silt/sandbox";
import { errorToJson, itemToJson, optionsFromJson, toBase64 } from "./convert.mjs";
import { sandboxNamed, sessionNamed } from "./sandboxes.mjs";

/**
 * @typedef {import("@silt/sandbox").LogStream<any>} LogStream
 * @typedef {object} Reader
 * @property {() => Promise<any>} next what the way gives next; null at the end
 * @property {() => Promise<unknown>} leave
 */

/** @type {Record<string, (stream: LogStream) => Reader>} */
const readers = {
  "for await": (stream) => iterate(stream[Symbol.asyncIterator]()),
  recv: (stream) => ({ next: () => stream.recv(), leave: () => stream.close() }),
  batches: (stream) => iterate(stream.batches()),
  "bytes ndjson": (stream) => iterate(stream.bytes({ format: "ndjson" })),
  "bytes sse": (stream) => iterate(stream.bytes({ format: "sse" })),
  "bytes text": (stream) => iterate(stream.bytes({ format: "text" })),
};

export const ways = Object.keys(readers);

/** As a loop does it that is left by `break`. @param {AsyncIterableIterator<any>} iterator @returns {Reader} */
function iterate(iterator) {
  return {
    next: async () => {
      const { done, value } = await iterator.next();
      return done ? null : value;
    },
    leave: async () => iterator.return?.(),
  };
}

/** @type {Map<string, { stream: LogStream, way: string, reader: Reader }>} */
const open = new Map();

/** @param {string} name */
function named(name) {
  const found = open.get(name);
  if (!found) throw new Error(`there is no stream ${name}`);
  return found;
}

/** @param {{ folder?: string, sandbox?: string, session?: string }} place @returns {Promise<any>} */
async function source({ folder, sandbox, session }) {
  if (folder !== undefined) return LogDirectory.open(folder);
  return sandbox === undefined ? sessionNamed(String(session)) : sandboxNamed(sandbox);
}

/** What was handed over, in the form of the way, and how often a separator stands in it. */
class Taken {
  /** @type {any[]} */
  items = [];
  /** @type {Uint8Array[]} */
  pieces = [];
  count = 0;
  #separator;

  /** @param {string} way */
  constructor(way) {
    this.#separator = way === "bytes sse" ? "\n\n" : "\n";
  }

  /** @param {any} value */
  add(value) {
    if (value instanceof Uint8Array) {
      this.pieces.push(value);
      this.count += Buffer.from(value).toString("latin1").split(this.#separator).length - 1;
      return;
    }
    const items = Array.isArray(value) ? value : [value];
    this.items.push(...items.map(itemToJson));
    this.count += items.length;
  }

  /** @param {string} way */
  toJSON(way) {
    if (way.startsWith("bytes")) return { bytes: toBase64(Buffer.concat(this.pieces)) };
    return { items: this.items };
  }
}

/** @type {Record<string, (request: any) => Promise<object>>} */
export const reading = {
  async open({ way, stream: name, options, ...place }) {
    const stream = await (await source(place)).logStream(optionsFromJson(options));
    const reader = readers[way]?.(stream);
    if (!reader) throw new Error(`there is no way ${way}`);
    open.set(name, { stream, way, reader });
    return {};
  },

  async read({ stream: name, count }) {
    const { stream, way, reader } = named(name);
    const taken = new Taken(way);
    let ended = false;
    let error = null;
    try {
      while (!ended && taken.count < (count ?? Number.POSITIVE_INFINITY)) {
        const value = await reader.next();
        if (value === null) ended = true;
        else taken.add(value);
      }
    } catch (thrown) {
      error = errorToJson(thrown);
    }
    const end = ended ? (stream.end ?? null) : null;
    return { ...taken.toJSON(way), ended, end, error, position: stream.position };
  },

  async position({ stream }) {
    return { position: named(stream).stream.position };
  },

  async close({ stream: name }) {
    const { stream, reader } = named(name);
    open.delete(name);
    await reader.leave();
    await stream.close();
    return { end: stream.end ?? null, position: stream.position };
  },

  async snapshot({ options, ...place }) {
    const snapshot = await (await source(place)).logs(optionsFromJson(options));
    return {
      items: Array.from(snapshot, itemToJson),
      gaps: snapshot.gaps.map(itemToJson),
      truncated: snapshot.truncated,
      cursor: snapshot.cursor,
    };
  },

  async verify(place) {
    return { report: await (await source(place)).verify() };
  },
};
