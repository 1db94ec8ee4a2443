import type { FileInfo } from "../generated/records.js";
import { call, callForBytes } from "../native/call.js";
import { bytesGiven } from "../native/given.js";

/**
 * Files of a sandbox's working folder, running or not: paths are relative to `/workspace`. No link and no
 * `..` leads out; a link's absolute target counts from `/workspace`. What `mounts` show there is not seen.
 */
export class SandboxFiles {
  readonly #place: { home: string; name: string };

  /** @internal */
  constructor(place: { home: string; name: string }) {
    this.#place = place;
  }

  /** The bytes of a file. */
  read(path: string): Promise<Uint8Array> {
    return callForBytes("readFile", { ...this.#place, path });
  }

  /** A file as text; what is not UTF-8 shows as U+FFFD. */
  async readText(path: string): Promise<string> {
    return new TextDecoder().decode(await this.read(path));
  }

  /** Writes a file, whole; folders above it are made. A link there is replaced, not followed. */
  async write(path: string, data: string | Uint8Array): Promise<void> {
    await call("writeFile", { ...this.#place, path }, bytesGiven(data, "data"));
  }

  /** What a folder holds, by name. */
  list(path = "."): Promise<FileInfo[]> {
    return call("listFiles", { ...this.#place, path });
  }

  /** Removes a file, or a folder with all that it holds. */
  async remove(path: string): Promise<void> {
    await call("removeFile", { ...this.#place, path });
  }
}
