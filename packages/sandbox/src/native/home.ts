import { homedir } from "node:os";
import { join } from "node:path";

/** Where the sandboxes of this user live: `SILT_HOME`, else `~/.silt`. */
export function home(): string {
  return process.env.SILT_HOME || join(homedir(), ".silt");
}
