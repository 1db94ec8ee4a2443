import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../paths.mjs";
import { pythonEnvironment, pythons } from "../../python.mjs";
import { startProgram } from "../readers/program.mjs";

const folder = join(root, "bindings/python/bench");
const microsandbox = "microsandbox==0.6.18";

/** `for` and `async for`, in the newest Python here. @param {boolean} beside @returns {import("./language.mjs").Language[]} */
export function python(beside) {
  const found = pythons().at(-1);
  if (!found) {
    process.stderr.write("Python is left out: there is none of 3.10 or later\n");
    return [];
  }
  const silt = (/** @type {string} */ way) => readers(found.path, "silt", way, pythonEnvironment);
  const peer = beside ? peerPython(found.path) : null;
  return [
    { id: "python-for", title: "Python, `for`", peers: { silt: silt("for") } },
    {
      id: "python-async-for",
      title: "Python, `async for`",
      peers: {
        silt: silt("async"),
        ...(peer && { microsandbox: readers(peer, "microsandbox", "async", {}) }),
      },
    },
  ];
}

/** @param {string} path @param {string} peer @param {string} way @param {NodeJS.ProcessEnv} env @returns {import("./language.mjs").Readers} */
function readers(path, peer, way, env) {
  const start =
    (/** @type {string} */ program) =>
    (/** @type {string} */ sandbox, /** @type {number} */ count) =>
      startProgram([path, join(folder, program), peer, way, sandbox, String(count)], env);
  return { read: start("read_log.py"), follow: start("follow_log.py") };
}

/** A Python that has microsandbox's client, installed where it is not yet there; null where that can not be done. @param {string} python */
function peerPython(python) {
  const place = join(root, "bench/work/microsandbox-python");
  const path = join(place, "bin/python");
  const installed = join(place, `installed ${microsandbox}`);
  if (existsSync(installed)) return path;
  const steps = [
    [python, "-m", "venv", "--clear", place],
    [path, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", microsandbox],
    ["touch", installed],
  ];
  for (const [program = "", ...args] of steps) {
    const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
    if (status !== 0) {
      process.stderr.write(`${microsandbox} can not be installed and is left out: ${stderr}\n`);
      return null;
    }
  }
  return path;
}
