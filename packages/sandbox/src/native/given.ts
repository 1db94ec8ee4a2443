import { isUint8Array } from "node:util/types";
import { invalidArgument } from "../errors/from-data.js";

/** An options object as it was given; null is as if it was left out. */
export function optionsGiven<Options extends object>(options: Options | null | undefined): Options {
  if (options === null || options === undefined) return {} as Options;
  if (typeof options !== "object" || Array.isArray(options)) {
    throw invalidArgument("options", "an object is expected");
  }
  return options;
}

/** Text or bytes as bytes. Anything else would be written as nothing, or as something else. */
export function bytesGiven(data: string | Uint8Array, name: string): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  if (isUint8Array(data)) return data;
  throw invalidArgument(name, "text or a Uint8Array is expected");
}
