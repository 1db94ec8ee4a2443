import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);
const folder = join(import.meta.dirname, "..");

export const root = join(folder, "../..");
export const library = join(folder, "lib");
export const executable = join(root, "bindings/node/silt");

/** Warnings are errors: in the headers they would be in every user's build. */
const warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/**
 * @typedef {object} Compilation
 * @property {string} into the folder of the program
 * @property {string[]} [flags]
 * @property {string | undefined} [compiler]
 * @property {string | undefined} [standard]
 * @property {string[]} [linked] what is linked in place of the shared library
 */

/**
 * Compiles a program of `bindings/c` and gives its path.
 *
 * @param {string} source
 * @param {Compilation} options
 */
export async function compile(source, options) {
  const { into, flags = [], compiler = "gcc", standard = "-std=gnu11" } = options;
  const linked = options.linked ?? [`-L${library}`, "-lsilt", `-Wl,-rpath,${library}`];
  const name = join(into, `${source.replace(/[^a-z]/g, "-")}${flags.length}`);
  const includes = ["-I", join(folder, "include"), "-I", join(folder, "test/programs")];
  await execute(compiler, [
    ...[standard, "-O1", "-g", ...warnings, ...flags, ...includes],
    ...["-o", name, join(folder, source), ...linked, "-lpthread"],
  ]);
  return name;
}

/**
 * Runs a program; its output, or an error with its output when it fails.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, started?: ((child: import("node:child_process").ChildProcess) => void) | undefined }} [how]
 *   further variables, and who is shown the program while it runs
 */
export async function run(program, args, { env = {}, started } = {}) {
  const options = { maxBuffer: 1 << 28, timeout: 300_000, env: { ...process.env, ...env } };
  const running = execute(program, args, options);
  started?.(running.child);
  return running;
}

/** A folder that goes when the body is over. @param {(path: string) => Promise<void>} body */
export async function inTemporaryFolder(body) {
  const path = await mkdtemp(join(tmpdir(), "silt-c-"));
  try {
    await body(path);
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}
