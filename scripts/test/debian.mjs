import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Sees to it that programs are on the PATH: installed by apt where that can be done without asking.
 *
 * @param {Record<string, string>} packages the Debian package of each program
 * @returns {string | null} what is missing and how to bring it, or null
 */
export function missingPrograms(packages) {
  const missing = () => Object.keys(packages).filter((program) => !isOnPath(program));
  if (missing().length > 0 && process.getuid?.() === 0 && isOnPath("apt-get")) {
    const wanted = missing().map((program) => packages[program] ?? program);
    const args = ["install", "-y", "--no-install-recommends", ...wanted];
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    spawnSync("apt-get", args, { stdio: "inherit", env });
  }
  const left = missing();
  if (left.length === 0) return null;
  const names = left.map((program) => packages[program]).join(" ");
  return `${left.join(", ")} not found; Debian, Ubuntu: sudo apt install ${names}`;
}

/** @param {string} program */
function isOnPath(program) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
