import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { root } from "./paths.mjs";

/** With these variables a Python finds the client, the library and the executable of this checkout. */
export const pythonEnvironment = {
  PYTHONPATH: join(root, "bindings/python/src"),
  SILT_LIBRARY: join(root, "bindings/c/lib/libsilt.so"),
  SILT_EXECUTABLE: join(root, "bindings/node/silt"),
};

/**
 * The oldest and the newest Python of this machine that the client supports.
 *
 * @returns {{ path: string, version: string }[]}
 */
export function pythons() {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"), "versions");
  const kept = existsSync(versions)
    ? readdirSync(versions).map((name) => join(versions, name, "bin/python3"))
    : [];
  const known = [...kept, "python3"]
    .flatMap((path) => {
      const program = "import sys; print('%d.%d.%d' % sys.version_info[:3])";
      const { status, stdout } = spawnSync(path, ["-c", program], { encoding: "utf8" });
      return status === 0 ? [{ path, version: stdout.trim() }] : [];
    })
    .filter(({ version }) => order(version) >= order("3.10.0"))
    .sort((a, b) => order(a.version) - order(b.version));
  const newest = known.at(-1);
  return known.slice(0, 1).concat(newest && newest.version !== known[0]?.version ? [newest] : []);
}

/** @param {string} version */
function order(version) {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return (major * 1000 + minor) * 1000 + patch;
}
