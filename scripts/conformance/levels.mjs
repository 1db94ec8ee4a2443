import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executable, root } from "../paths.mjs";

/** @typedef {{ line: string, level: string }} Case */

/**
 * Has a command print each line of conformance/levels.json, and asks every client for its level.
 *
 * @returns {Promise<import("../test/counts.mjs").Counts>}
 */
export async function checkLevels() {
  /** @type {Case[]} */
  const cases = JSON.parse(await readFile(join(root, "conformance/levels.json"), "utf8"));
  const folder = await mkdtemp(join(tmpdir(), "silt-conformance-"));
  process.env.SILT_HOME = folder;
  const counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    const clients = await answers(folder, cases);
    for (const [client, levels] of Object.entries(clients)) {
      for (const [i, { line, level }] of cases.entries()) {
        if (levels[i] === level) counts.passed += 1;
        else {
          counts.failed += 1;
          process.stdout.write(
            `${client}: ${JSON.stringify(line)} is ${levels[i]}, not ${level}\n`,
          );
        }
      }
    }
    return counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder @param {Case[]} cases @returns {Promise<Record<string, string[]>>} levels in order, by client */
async function answers(folder, cases) {
  const { Sandbox } = await import("@silt/sandbox");
  const workdir = join(folder, "workdir");
  await mkdir(workdir);
  await writeFile(
    join(workdir, "lines"),
    cases.map(({ line }) => (line.endsWith("\n") ? line : `${line}\n`)).join(""),
  );
  const sandbox = await Sandbox.create({ runtime: "process", workdir });
  try {
    await sandbox.exec("cat", ["lines"]);
    const printed = execFileSync(executable, ["logs", sandbox.name, "--json"], {
      encoding: "utf8",
    });
    return {
      node: (await sandbox.logs()).map(({ level }) => level),
      "command line": printed
        .trimEnd()
        .split("\n")
        .map((text) => JSON.parse(text).level),
    };
  } finally {
    await sandbox.stop();
    await (await Sandbox.get(sandbox.name)).remove();
  }
}
