import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../../paths.mjs";
import { pythonEnvironment } from "../../python.mjs";
import { startProgram } from "../readers/program.mjs";

/** `All`, without cgo. @returns {import("./language.mjs").Language[]} */
export function golang() {
  const program = join(root, "bindings/go/bin/bench");
  const built = spawnSync("go", ["build", "-o", program, "./internal/bench"], {
    cwd: join(root, "bindings/go"),
    env: { ...process.env, CGO_ENABLED: "0" },
    encoding: "utf8",
  });
  if (built.status !== 0) {
    process.stderr.write(`Go is left out: ${built.error ?? built.stderr}\n`);
    return [];
  }
  const { SILT_LIBRARY, SILT_EXECUTABLE } = pythonEnvironment;
  const start =
    (/** @type {string} */ way) => (/** @type {string} */ sandbox, /** @type {number} */ count) =>
      startProgram([program, way, sandbox, String(count)], { SILT_LIBRARY, SILT_EXECUTABLE });
  return [
    {
      id: "go",
      title: "Go, `All`",
      peers: { silt: { read: start("read"), follow: start("follow") } },
    },
  ];
}
