import { $ } from "zx";
import { root } from "../paths.mjs";
import { cargoEnvironment } from "../toolchain.mjs";

/**
 * The interface as the Rust sources define it now.
 *
 * @param {import("../toolchain.mjs").Toolchain} rust
 * @returns {Promise<string>} `interface.json`
 */
export async function emitInterface(rust) {
  const shell = $({ cwd: root, env: cargoEnvironment(rust), quiet: true });
  const { stdout } =
    await shell`cargo run --quiet --release --locked -p silt-interface --bin silt-interface`;
  return stdout;
}
