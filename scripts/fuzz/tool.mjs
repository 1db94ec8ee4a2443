import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { cargoEnvironment } from "../toolchain.mjs";

const version = "0.13.2";
const tools = join(root, "target/tools");
const built = join(root, "target/fuzz");

/** The targets' names, in order. */
export function targets() {
  const files = readdirSync(join(root, "fuzz/targets")).sort();
  return files.map((file) => file.replace(/\.rs$/, ""));
}

/** @param {string} target where its committed inputs are */
export const corpus = (target) => join(root, "fuzz/corpus", target);

/** @param {string} target where the inputs are that runs have found */
export const found = (target) => join(built, "corpus", target);

/**
 * Builds all targets; cargo-fuzz is installed below `target` where it is missing. The compiler need not be a nightly
 * one. Without a sanitizer: what is looked for are panics and differences, and safe Rust has nothing else.
 *
 * @param {import("../toolchain.mjs").Toolchain} rust
 * @returns {((target: string) => string) | null} where each target's program is
 */
export function buildTargets(rust) {
  /** @type {NodeJS.ProcessEnv} */
  const env = cargoEnvironment(rust, { RUSTC_BOOTSTRAP: "1" });
  const path = `${join(tools, "bin")}:${env.PATH}`;
  const cargo = (/** @type {string[]} */ ...args) =>
    spawnSync("cargo", args, { cwd: root, env: { ...env, PATH: path }, stdio: "inherit" })
      .status === 0;
  const installed = existsSync(join(tools, "bin/cargo-fuzz"));
  const install = ["install", "--locked", "cargo-fuzz", "--version", version, "--root", tools];
  // A tool of this machine, whatever the targets are built for.
  if (!installed && !cargo(...install, "--target", rust.host)) return null;
  const build = ["fuzz", "build", "--sanitizer", "none", "--target-dir", built];
  if (!cargo(...build, "--target", rust.host)) return null;
  return (target) => join(built, rust.host, "release", target);
}
