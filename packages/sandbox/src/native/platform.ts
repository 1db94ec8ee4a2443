import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** Whether the C library is glibc: the only one that Silt is built for on Linux. */
function libc(): string {
  if (process.platform !== "linux") return "";
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  return report?.header?.glibcVersionRuntime ? "-gnu" : "-musl";
}

/** The name that this system has in the names of platform packages, such as `linux-x64-gnu`. */
export const platform = `${process.platform}-${process.arch}${libc()}`;

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
