import { $ } from "zx";
import { root } from "../paths.mjs";
import { cargoEnvironment } from "../toolchain.mjs";

/**
 * `silt.h`, as cbindgen makes it from the sources now.
 *
 * @param {import("../toolchain.mjs").Toolchain} rust
 * @returns {Promise<Record<string, string>>} text by path
 */
export async function emitHeader(rust) {
  const shell = $({ cwd: root, env: cargoEnvironment(rust), quiet: true });
  const { stdout } = await shell`cargo run --quiet --release --locked -p silt-c --example header`;
  return { "bindings/c/include/silt.h": stdout };
}
