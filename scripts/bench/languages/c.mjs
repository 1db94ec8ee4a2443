import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { library, root } from "../../paths.mjs";
import { startProgram } from "../readers/program.mjs";

const folder = join(root, "bindings/c");

/** `silt_stream_take`. @param {string} work where the programs are put @returns {import("./language.mjs").Language[]} */
export function c(work) {
  for (const name of ["read", "follow"]) {
    const source = join(folder, "bench", `${name}.c`);
    const flags = ["-O2", "-I", join(folder, "include"), "-o", join(work, `c-${name}`), source];
    const linked = ["-L", library, "-lsilt", `-Wl,-rpath,${library}`];
    const built = spawnSync("cc", [...flags, ...linked], { encoding: "utf8" });
    if (built.status !== 0) {
      process.stderr.write(`C is left out: ${built.error ?? built.stderr}\n`);
      return [];
    }
  }
  const start =
    (/** @type {string} */ name) =>
    (/** @type {string} */ sandbox, /** @type {number} */ count) => {
      const logs = join(process.env.SILT_HOME ?? "", "sandboxes", sandbox, "logs");
      return startProgram([join(work, `c-${name}`), logs, String(count)]);
    };
  const readers = { read: start("read"), follow: start("follow") };
  return [{ id: "c", title: "C, `silt_stream_take`", peers: { silt: readers } }];
}
