import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { library, root } from "../paths.mjs";
import { run } from "./command.mjs";
import { checked, none, ofCheck, skipped, sum } from "./counts.mjs";
import { missingPrograms } from "./debian.mjs";

const folder = join(root, "bindings/go");
const staticcheck = "honnef.co/go/tools/cmd/staticcheck@v0.8.2";

/** The Go client: its format, `go vet`, staticcheck, and its tests under the race detector. */
export async function goTests() {
  if (!answers("go", ["version"]))
    return missing("there is no go on the PATH: install Go 1.25 or newer");
  if (!existsSync(join(library, "libsilt.so")))
    return missing("the C library is not built: npm run build");
  if (!(await run("go", ["mod", "download"], { cwd: folder })).succeeded) {
    return missing("go can not download modules: it needs a registry or a filled cache");
  }
  const unformatted = spawnSync("gofmt", ["-l", "."], { cwd: folder, encoding: "utf8" });
  process.stderr.write(unformatted.stdout);
  let counts = ofCheck({
    succeeded: unformatted.status === 0 && unformatted.stdout === "",
    output: `gofmt: ${unformatted.stdout}${unformatted.stderr}`,
  });
  counts = sum(counts, ofCheck(await run("go", ["vet", "./..."], { cwd: folder })));
  counts = sum(counts, await checkedStatically());
  // The race detector is the one part that needs a C compiler.
  const noRaces = missingPrograms({ gcc: "gcc" });
  const race = noRaces ? [] : ["-race"];
  const tests = ["test", ...race, "-count=1", "-json", "-timeout=15m", "./..."];
  const ended = await run("go", tests, { cwd: folder });
  const all = sum(counts, checked(ofGoTest(ended.output), ended));
  if (!noRaces) return all;
  const because = `no race detector: ${noRaces}`;
  return { ...sum(all, missing(because)), skippedBecause: because };
}

/** Installs staticcheck where it is not yet there. */
async function checkedStatically() {
  const program = join(folder, "bin/staticcheck");
  if (!existsSync(program)) {
    const env = { ...process.env, GOBIN: join(folder, "bin") };
    const installed = await run("go", ["install", staticcheck], { cwd: folder, env });
    if (!installed.succeeded) return missing(`go can not install ${staticcheck}`);
  }
  return ofCheck(await run(program, ["./..."], { cwd: folder }));
}

/** @param {string} output of `go test -json` */
function ofGoTest(output) {
  let counts = none();
  for (const line of output.split("\n")) {
    const found = line.match(/"Action":"(pass|fail|skip)".*"Test":"/)?.[1];
    if (found === "pass") counts = { ...counts, passed: counts.passed + 1 };
    if (found === "fail") counts = { ...counts, failed: counts.failed + 1 };
    if (found === "skip") counts = { ...counts, skipped: counts.skipped + 1 };
  }
  return counts;
}

/** @param {string} because */
function missing(because) {
  const strict = process.env.CI !== undefined && process.env.CI !== "false";
  return strict ? ofCheck({ succeeded: false, output: because }) : skipped(because);
}

/** @param {string} program @param {string[]} args */
function answers(program, args) {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}
