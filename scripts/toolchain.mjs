// Runs before anything is installed: Node's own modules only.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

/**
 * @typedef {object} Toolchain
 * @property {string} host the triple that rustc builds for by default
 * @property {string} version of rustc
 */

/** @param {string} program @param {string[]} args */
function ask(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    cwd: root,
  });
  if (error) return { problem: `${program} cannot be started (${error.message})` };
  if (status !== 0) return { problem: `${program} ${args.join(" ")} failed: ${stderr.trim()}` };
  return { text: stdout };
}

/** @param {string} version @param {string} least */
function atLeast(version, least) {
  const have = version.split(".").map(Number);
  const need = least.split(".").map(Number);
  for (const [i, part] of need.entries()) {
    if ((have[i] ?? 0) !== part) return (have[i] ?? 0) > part;
  }
  return true;
}

/**
 * The Rust on the PATH, or why it will not do.
 *
 * @returns {Toolchain | { problem: string }}
 */
export function findRust() {
  const rustc = ask("rustc", ["-vV"]);
  if (rustc.problem !== undefined) return { problem: rustc.problem };
  const cargo = ask("cargo", ["--version"]);
  if (cargo.problem !== undefined) return { problem: cargo.problem };
  const version = rustc.text.match(/^release: (\S+)/m)?.[1] ?? "0";
  const host = rustc.text.match(/^host: (\S+)/m)?.[1] ?? "";
  const least = readFileSync(join(root, "Cargo.toml"), "utf8").match(/rust-version = "(.*)"/)?.[1];
  if (least && !atLeast(version, least)) {
    return { problem: `Rust ${least} or newer is needed, and the one on the PATH is ${version}` };
  }
  return { host, version };
}

/** How to get what `findRust` did not find. */
export const rustAdvice = [
  "Silt's core is built from Rust. Install it and run the command again:",
  "  any system      https://rustup.rs",
  "  Debian, Ubuntu  sudo apt install rustc-web cargo-web   (or rustc and cargo, where they are new enough)",
].join("\n");

/**
 * The environment of every cargo call: with the target named, cargo and napi share one set of compiled dependencies.
 *
 * @param {Toolchain} rust
 * @param {Record<string, string>} [more]
 */
export function cargoEnvironment(rust, more = {}) {
  return { ...process.env, CARGO_BUILD_TARGET: rust.host, ...more };
}

/** @param {string} component `fmt` or `clippy` */
export function hasComponent(component) {
  return ask("cargo", [component, "--version"]).problem === undefined;
}
