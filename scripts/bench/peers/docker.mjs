import { spawnSync } from "node:child_process";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { lineOf } from "../programs/lines.mjs";

const IMAGE = "silt-bench";

/** @param {string[]} args */
function docker(...args) {
  const { status, stdout, stderr } = spawnSync("docker", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`docker ${args.join(" ")} failed: ${stderr}`);
  return stdout.trim();
}

/** Its title with the version, or null where no engine answers. */
export function title() {
  const { status, stdout } = spawnSync("docker", ["version", "--format", "{{.Server.Version}}"], {
    encoding: "utf8",
  });
  return status === 0 ? `Docker Engine ${stdout.trim()}` : null;
}

/**
 * Has a container print the lines; its image is `cat`, what that needs, and the lines: nothing is fetched.
 *
 * @param {string} container
 * @param {number} count
 * @param {string} work an empty folder
 */
export async function recordLines(container, count, work) {
  const { stdout } = spawnSync("ldd", ["/bin/cat"], { encoding: "utf8" });
  const libraries = [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = ""]) => path);
  for (const file of ["/bin/cat", ...libraries]) {
    await mkdir(join(work, dirname(file)), { recursive: true });
    await copyFile(file, join(work, file));
  }
  await writeFile(join(work, "lines"), Array.from({ length: count }, (_, i) => lineOf(i)).join(""));
  const archive = `${work}.tar`;
  spawnSync("tar", ["-C", work, "-cf", archive, "."]);
  docker("import", archive, IMAGE);
  docker("run", "--detach", "--name", container, "--network", "none", IMAGE, "/bin/cat", "/lines");
  docker("wait", container);
}

/** @param {string} container @param {string[]} args */
export function logsCommand(container, ...args) {
  return args.includes("--json") ? null : ["docker", "logs", ...args, container];
}

/** @param {string} container */
export function remove(container) {
  docker("rm", "--force", container);
  docker("rmi", IMAGE);
}
