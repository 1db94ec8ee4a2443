import { createHash } from "node:crypto";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { modulePath } from "../generate/go.mjs";
import { executable, library, root } from "../paths.mjs";

/**
 * Packs the Go module with the library and the executable that it brings, as a folder of module downloads: what
 * `GOPROXY=file://…` reads, and what is published.
 *
 * @param {string} proxy the folder, made if it is not there
 * @param {string} version as Go writes it, `v0.1.0`
 */
export async function packGoModule(proxy, version) {
  const versions = join(proxy, modulePath, "@v");
  const inZip = `${modulePath}@${version}`;
  const staged = join(proxy, "staged", inZip);
  await mkdir(versions, { recursive: true });
  await stage(staged);
  const zip = join(versions, `${version}.zip`);
  const info = { Version: version, Time: "2026-01-01T00:00:00Z" };
  await writeFile(join(versions, `${version}.info`), JSON.stringify(info));
  await writeFile(join(versions, "list"), `${version}\n`);
  await cp(join(staged, "go.mod"), join(versions, `${version}.mod`));
  // Go has no command that writes this archive; Python's is on every machine that builds Silt.
  await $({ cwd: join(proxy, "staged"), quiet: true })`python3 -c ${zipper} ${zip} ${inZip}`;
}

const zipper = `
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
    for folder, _, names in sorted(os.walk(sys.argv[2])):
        for name in sorted(names):
            archive.write(os.path.join(folder, name))
`;

/** The committed files, and what is built. @param {string} folder */
async function stage(folder) {
  const listed = await $({ cwd: join(root, "bindings/go"), quiet: true })`git ls-files -z`;
  const names = listed.stdout
    .split("\0")
    .filter((name) => name !== "" && !name.endsWith("_test.go"));
  for (const name of names) await cp(join(root, "bindings/go", name), join(folder, name));
  await cp(join(root, "LICENSE"), join(folder, "LICENSE"));
  const native = join(folder, "native/linux_amd64");
  await cp(join(library, "libsilt.so"), join(native, "libsilt.so"));
  await cp(executable, join(native, "silt"));
  const hash = createHash("sha256")
    .update(await readFile(executable))
    .digest("hex");
  await writeFile(join(native, "silt.sha256"), `${hash}\n`);
}
