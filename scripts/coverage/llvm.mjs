import { spawnSync } from "node:child_process";
import { which } from "zx";

/**
 * A tool of the LLVM version that rustc was built with: others do not read its profiles.
 *
 * @param {"llvm-profdata" | "llvm-cov"} tool
 * @returns {Promise<string>} its path
 */
export async function llvm(tool) {
  const major = ask("rustc", "-vV").match(/^LLVM version: (\d+)/m)?.[1];
  for (const name of [`${tool}-${major}`, tool]) {
    const found = await which(name, { nothrow: true });
    if (found && ask(found, "--version").match(/LLVM version (\d+)/)?.[1] === major) return found;
  }
  throw new Error(
    `Coverage of Rust needs ${tool} of LLVM ${major}, the version of this rustc: ` +
      `rustup component add llvm-tools, and its folder on the PATH, or Debian's package llvm-${major}.`,
  );
}

/** @param {string} program @param {string} option */
function ask(program, option) {
  return spawnSync(program, [option], { encoding: "utf8" }).stdout ?? "";
}
