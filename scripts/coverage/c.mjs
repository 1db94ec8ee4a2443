import { dirname, join } from "node:path";
import { $, which } from "zx";
import { root } from "../paths.mjs";
import { step } from "../step.mjs";

/**
 * The C library's part of the conformance cases: what runs is counted with the rest of Rust.
 *
 * @param {Record<string, string>} environment of instrumented code
 */
export async function coverC({ SILT_LIBRARY = "", ...environment }) {
  if (!(await which("gcc", { nothrow: true }))) return;
  const shell = $({
    ...{ cwd: root, stdio: "inherit" },
    // Goes before the place that the agent was linked with.
    env: { ...process.env, ...environment, LD_LIBRARY_PATH: dirname(SILT_LIBRARY) },
  });
  await step(shell`${process.execPath} ${join(root, "scripts/conformance.mjs")} --client c`);
}
