import { join } from "node:path";
import { platformFolder } from "./platform.js";

/** The native `silt` command: `SILT_EXECUTABLE`, else the one that the platform package brings. */
export function executable(): string {
  return process.env.SILT_EXECUTABLE || join(platformFolder(), "silt");
}
