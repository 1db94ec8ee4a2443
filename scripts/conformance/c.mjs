import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { library, root } from "../paths.mjs";
import { run } from "../test/command.mjs";
import { missingPrograms } from "../test/debian.mjs";

/**
 * Compiles the agent of the C library as a user's program would be.
 *
 * @returns {Promise<import("./clients.mjs").Started | { missing: string }>}
 */
export async function prepareC() {
  const missing = missingPrograms({ gcc: "gcc" });
  if (missing) return { missing };
  if (!existsSync(join(library, "libsilt.so"))) {
    return { missing: "bindings/c/lib/libsilt.so, which npm run build makes" };
  }
  const folder = join(root, "bindings/c");
  const program = join(library, "conformance-agent");
  const sources = readdirSync(join(folder, "agent")).filter((name) => name.endsWith(".c"));
  const { succeeded } = await run("gcc", [
    ...["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-I", join(folder, "include")],
    ...["-o", program, ...sources.map((name) => join(folder, "agent", name))],
    ...["-L", library, "-lsilt", "-lpthread", `-Wl,-rpath,${library}`],
  ]);
  if (!succeeded) throw new Error("the agent of the C library can not be compiled");
  return { program, args: [] };
}
