import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { library, root } from "../paths.mjs";

/** Builds Go's agent, which needs the modules of `bindings/go/go.mod`. @returns {Promise<import("./clients.mjs").Started | { missing: string }>} */
export async function prepareGo() {
  const folder = join(root, "bindings/go");
  const program = join(folder, "bin/conformanceagent");
  const { error, status, stderr } = spawnSync(
    "go",
    ["build", "-o", program, "./internal/conformanceagent"],
    {
      cwd: folder,
      encoding: "utf8",
    },
  );
  if (error) return { missing: "there is no go on the PATH" };
  if (status !== 0) throw new Error(`Go's agent does not build:\n${stderr}`);
  const found = process.env.SILT_LIBRARY || join(library, "libsilt.so");
  return { program: "env", args: [`SILT_LIBRARY=${found}`, program] };
}
