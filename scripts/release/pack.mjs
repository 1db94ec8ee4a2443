import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";
import { binding, root } from "../paths.mjs";

/**
 * Packs what was built: the SDK, and the package of this platform with the library and the executable.
 * The SDK's dependency on the platform package is written here and not in the workspace, where that package is
 * not on a registry yet.
 *
 * @param {string} destination an existing folder
 * @param {{ platform?: string }} [options]
 * @returns {Promise<{ sandbox: string, native: string }>} the archives
 */
export async function pack(destination, { platform = "linux-x64-gnu" } = {}) {
  const stage = await mkdtemp(join(tmpdir(), "silt-pack-"));
  try {
    const nativeFolder = join(binding, "npm", platform);
    const native = join(stage, "native");
    await cp(nativeFolder, native, { recursive: true });
    await cp(join(root, "LICENSE"), join(native, "LICENSE"));
    const library = `silt.${platform}.node`;
    await cp(join(binding, library), join(native, library));
    await cp(join(binding, "silt"), join(native, "silt"));
    await chmod(join(native, "silt"), 0o755);
    const { name, version } = await manifest(native);

    const sandbox = join(stage, "sandbox");
    await mkdir(sandbox);
    for (const part of ["package.json", "bin", "dist"]) {
      await cp(join(root, "packages/sandbox", part), join(sandbox, part), { recursive: true });
    }
    for (const part of ["README.md", "LICENSE"]) await cp(join(root, part), join(sandbox, part));
    const { devDependencies: _, ...published } = await manifest(sandbox);
    const dependencies = { ...published, optionalDependencies: { [name]: version } };
    await writeFile(join(sandbox, "package.json"), `${JSON.stringify(dependencies, null, 2)}\n`);

    return {
      sandbox: await packFolder(sandbox, destination),
      native: await packFolder(native, destination),
    };
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** @param {string} folder */
async function manifest(folder) {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
}

/** @param {string} folder @param {string} destination */
async function packFolder(folder, destination) {
  const npm = $({ cwd: folder, quiet: true });
  // Scripts would build in the stage, where there is nothing to build.
  const { stdout } = await npm`npm pack --ignore-scripts --json --pack-destination ${destination}`;
  const [{ filename }] = JSON.parse(stdout);
  return join(destination, filename);
}
