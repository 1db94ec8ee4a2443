import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { cargoEnvironment, hasComponent } from "../toolchain.mjs";
import { run } from "./command.mjs";
import {
  checked,
  none,
  ofCargo,
  ofCheck,
  ofLine,
  ofNodeTest,
  ofVitest,
  skipped,
} from "./counts.mjs";
import { currentNode } from "./current-node.mjs";
import { missingPrograms } from "./debian.mjs";
import { goTests } from "./go.mjs";
import { testedPackages } from "./packages.mjs";
import { python } from "./python.mjs";

/**
 * @typedef {import("../toolchain.mjs").Toolchain} Toolchain
 * @typedef {import("./counts.mjs").Counts} Counts
 *
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} [package] the npm package that it tests
 * @property {() => Promise<Counts>} run
 */

const colours = process.stderr.isTTY ? "--colors=force" : "--colors=off";
const noRust = "there is no Rust on the PATH";

/**
 * All suites, the quick ones first.
 *
 * @param {Toolchain | null} rust
 * @returns {Suite[]}
 */
export function suites(rust) {
  return [
    { name: "biome", run: () => check(["@biomejs/biome/bin/biome", "check", colours, "."]) },
    { name: "tsc", run: () => check(["typescript/bin/tsc", "-b"]) },
    { name: "rustfmt", run: () => component(rust, "fmt", ["fmt", "--all", "--check"]) },
    {
      name: "clippy",
      run: () =>
        component(rust, "clippy", [
          ...["clippy", "--release", "--workspace", "--all-targets"],
          ...["--", "-D", "warnings"],
        ]),
    },
    { name: "cargo test", run: () => cargoTest(rust) },
    { name: "deliberate bugs", run: () => deliberateBugs(rust) },
    { name: "cargo doc", run: () => cargoDoc(rust) },
    { name: "generated files", run: () => script(["generate.mjs", "--check"]) },
    { name: "conformance", run: conformance },
    { name: "typedoc", run: () => check(["typedoc/bin/typedoc", "--emit", "none"]) },
    ...testedPackages().flatMap(vitestSuites),
    { name: "c", run: () => c(rust) },
    { name: "python", run: python },
    { name: "go", run: goTests },
    { name: "tasks", run: () => nodeTests("scripts/test/tasks") },
    { name: "scripts", run: () => nodeTests("scripts/test") },
  ];
}

/** @param {string[]} args the first a file below node_modules */
async function check([file = "", ...args]) {
  return ofCheck(await run(process.execPath, [join(root, "node_modules", file), ...args]));
}

/** @param {string[]} args the first a file below scripts */
async function script([file = "", ...args]) {
  return ofCheck(await run(process.execPath, [join(root, "scripts", file), ...args]));
}

/** @param {Toolchain | null} rust @param {string} name @param {string[]} args */
async function component(rust, name, args) {
  if (!rust) return skipped(noRust);
  if (!hasComponent(name)) return skipped(`this Rust has no cargo ${name}`);
  return ofCheck(await run("cargo", args, { env: cargoEnvironment(rust) }));
}

// The binding is left out: its symbols are found only inside Node, and its tests are those of the packages.
/** @param {Toolchain | null} rust */
async function cargoTest(rust) {
  if (!rust) return skipped(noRust);
  const args = ["test", "--release", "--workspace", "--exclude", "silt-node", "--no-fail-fast"];
  const ended = await run("cargo", args, { env: cargoEnvironment(rust) });
  return checked(ofCargo(ended.output), ended);
}

// A test of the tests: each bug that the feature builds in has to be caught.
/** @param {Toolchain | null} rust */
async function deliberateBugs(rust) {
  if (!rust) return skipped(noRust);
  const args = ["test", "--release", "-p", "silt-log", "--lib"];
  const only = ["--features", "mutations", "trouble::mutations"];
  const ended = await run("cargo", [...args, ...only], {
    env: cargoEnvironment(rust),
  });
  return checked(ofCargo(ended.output), ended);
}

/** @param {Toolchain | null} rust */
async function cargoDoc(rust) {
  if (!rust) return skipped(noRust);
  const env = cargoEnvironment(rust, { RUSTDOCFLAGS: "-D warnings" });
  const args = ["doc", "--release", "--no-deps", "--workspace"];
  return ofCheck(await run("cargo", args, { env }));
}

async function conformance() {
  const program = join(root, "scripts/conformance.mjs");
  const ended = await run(process.execPath, [program]);
  return checked(ofLine(ended.output), ended);
}

// The library that they link is what `npm run build` put there.
/** @param {Toolchain | null} rust */
async function c(rust) {
  if (!rust) return skipped(noRust);
  const missing = missingPrograms({ gcc: "gcc", "g++": "g++", valgrind: "valgrind" });
  return missing ? skipped(missing) : nodeTests("bindings/c/test");
}

/** @param {string} below a folder in the checkout */
async function nodeTests(below) {
  const folder = join(root, below);
  const files = readdirSync(folder).filter((name) => name.endsWith(".test.mjs"));
  const ended = await run(process.execPath, [
    ...["--test", "--test-concurrency=1", "--test-reporter=tap"],
    ...files.map((name) => join(folder, name)),
  ]);
  return checked(ofNodeTest(ended.output), ended);
}

/** @param {{ folder: string, name: string }} tested @returns {Suite[]} */
function vitestSuites({ folder, name }) {
  return [
    {
      name: `${name}, Node ${process.versions.node}`,
      package: name,
      run: () => vitest(process.execPath, folder),
    },
    {
      name: `${name}, current Node`,
      package: name,
      run: async () => {
        const node = currentNode();
        return "missing" in node ? skipped(node.missing) : vitest(node.path, folder);
      },
    },
  ];
}

/** @param {string} node @param {string} folder */
async function vitest(node, folder) {
  const temporary = await mkdtemp(join(tmpdir(), "silt-vitest-"));
  try {
    const report = join(temporary, "report.json");
    const program = join(root, "node_modules/vitest/vitest.mjs");
    const ended = await run(
      node,
      [program, "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
      { cwd: folder },
    );
    return checked(existsSync(report) ? ofVitest(await readFile(report, "utf8")) : none(), ended);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
