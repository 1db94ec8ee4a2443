import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { buildNative } from "../build/build.mjs";
import { root } from "../paths.mjs";
import { step } from "../step.mjs";
import { pack } from "./pack.mjs";

/**
 * @param {import("../toolchain.mjs").Toolchain} rust
 * @param {{ dryRun: boolean }} options
 */
export async function release(rust, { dryRun }) {
  const shell = $({ cwd: root, preferLocal: root, stdio: "inherit" });
  if (dryRun) await step(shell`changeset status`);
  else await step(shell`changeset version`);

  await buildNative(rust, "dist");
  await step(shell`tsc -b`);
  const destination = join(root, "dist");
  await rm(destination, { recursive: true, force: true });
  await mkdir(destination);
  const archives = await pack(destination);
  for (const archive of Object.values(archives)) {
    await step(shell`tar -tzf ${archive}`);
    process.stdout.write(`${archive}: ${(await stat(archive)).size} bytes\n`);
  }
  if (dryRun) {
    process.stdout.write("A dry run: nothing was published.\n");
    return;
  }
  // The platform's package first: nobody may be able to install an SDK that lacks it.
  await step(shell`npm publish ${archives.native} --access public --provenance`);
  await step(shell`npm publish ${archives.sandbox} --access public --provenance`);
  await step(shell`changeset tag`);
}
