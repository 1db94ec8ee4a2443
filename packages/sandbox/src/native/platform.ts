import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** What follows system and processor in the names of platform packages: on Linux, glibc is the only C library. */
const suffix = process.platform === "linux" ? "-gnu" : "";

/** The name that this system has in the names of platform packages, such as `linux-x64-gnu`. */
export const platform = `${process.platform}-${process.arch}${suffix}`;

// The second is the workspace that builds the first; only a checkout has it.
const packages = [`@silt/sandbox-${platform}`, "@silt/node-binding"];

/** The folder with what was built for this system: the library and the executable. */
export function platformFolder(): string {
  for (const name of packages) {
    try {
      return dirname(require.resolve(`${name}/package.json`));
    } catch {
      // Not this one.
    }
  }
  throw new Error(
    `@silt/sandbox brings nothing for ${platform}: the package ${packages[0]} is not installed. ` +
      "Install without --no-optional and --omit=optional; there are packages for linux-x64-gnu.",
  );
}

/** The library for Node, loaded. */
export function loadLibrary(): unknown {
  return require(join(platformFolder(), `silt.${platform}.node`));
}
