import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where the sandboxes of this user live: `SILT_HOME`, taken from the folder of now, else `~/.silt`. */
export function home(): string {
  return resolve(process.env.SILT_HOME || join(homedir(), ".silt"));
}
