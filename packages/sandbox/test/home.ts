import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { Sandbox } from "../src/index.js";

/**
 * A home of its own for the tests of a file, removed with everything in it.
 *
 * @returns A folder that is there while the tests run.
 */
export function temporaryHome(): { path: string } {
  const home = { path: "" };
  let before: string | undefined;
  beforeAll(async () => {
    home.path = await mkdtemp(join(tmpdir(), "silt-test-"));
    before = process.env.SILT_HOME;
    process.env.SILT_HOME = home.path;
  });
  afterAll(async () => {
    for (const handle of await Sandbox.list()) await handle.remove({ force: true });
    if (before === undefined) delete process.env.SILT_HOME;
    else process.env.SILT_HOME = before;
    await rm(home.path, { recursive: true, force: true });
  });
  return home;
}

/** A sandbox whose runtime starts fast everywhere: what it isolates is not what is tested here. */
export function plainSandbox(options: Parameters<typeof Sandbox.create>[0] = {}): Promise<Sandbox> {
  return Sandbox.create({ runtime: "process", ...options });
}

/** The shell line that prints `count` numbered lines. */
export function numberedLines(count: number): string {
  return `i=0; while [ $i -lt ${count} ]; do echo "line $i"; i=$((i+1)); done`;
}
