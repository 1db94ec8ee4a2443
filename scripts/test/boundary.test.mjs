import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Agent, AgentError } from "../conformance/agent.mjs";
import { clients } from "../conformance/clients.mjs";
import { executable } from "../paths.mjs";
import { missingPrograms } from "./debian.mjs";

/** @typedef {{ options: object, code: string | null }} Asked */

const both = { since: "5m", fromCursor: "abc" };

/** Whether system calls can be watched here. */
function whyNot() {
  const missing = missingPrograms({ strace: "strace" });
  // There it has to be shown.
  if (process.env.CI !== undefined && process.env.CI !== "false") return false;
  if (missing) return missing;
  const { status } = spawnSync("strace", ["-o", "/dev/null", "true"]);
  return status === 0 ? false : "nobody may trace here";
}

describe("since with fromCursor is refused before any I/O", { skip: whyNot() }, () => {
  let home = "";
  const name = "traced";

  before(async () => {
    home = await mkdtemp(join(tmpdir(), "silt-boundary-"));
    await withAgent("typescript", [], async (agent, way) => {
      const options = { name, runtime: "process" };
      await agent.ask("create", { way, sandbox: "s", options });
      await agent.ask("exec", { way, sandbox: "s", program: "echo", args: ["a line"] });
      await agent.ask("stop", { way, sandbox: "s" });
    });
  });

  after(async () => {
    await rm(home, { recursive: true, force: true });
  });

  /** @param {string} client @param {string[]} under what runs the agent @param {(agent: Agent, way: string) => Promise<void>} body */
  async function withAgent(client, under, body) {
    const started = await clients.find((one) => one.name === client)?.prepare();
    assert.ok(started && "program" in started);
    const [program = "", ...args] = [...under, started.program, ...started.args];
    const agent = new Agent({ program, args }, { SILT_HOME: home, SILT_EXECUTABLE: executable });
    try {
      await body(agent, String((await agent.ask("hello")).ways[0]));
    } finally {
      assert.equal(await agent.close(), null);
    }
  }

  /**
   * How many system calls had to do with the home folder, where all of the sandbox lies.
   *
   * @param {string} client @param {Asked[]} all what is asked once the sandbox was got
   */
  async function calls(client, all) {
    const trace = join(home, "..", `${client}-${all.length}-${process.pid}.trace`);
    const under = ["strace", "-f", "-y", "-e", "trace=%file,getdents64", "-o", trace];
    try {
      await withAgent(client, under, async (agent, way) => {
        await agent.ask("get", { way, sandbox: "h", name });
        for (const { options, code } of all) {
          for (const op of ["open", "snapshot"]) {
            const asked = agent.ask(op, { way, sandbox: "h", stream: op, options });
            const found = await asked.then(() => null, codeOf);
            assert.equal(found, code, op);
          }
        }
      });
      const lines = (await readFile(trace, "utf8")).split("\n");
      return lines.filter((line) => line.includes(home)).length;
    } finally {
      await rm(trace, { force: true });
    }
  }

  for (const { name: client, prepare } of clients) {
    test(`in ${client}`, async (context) => {
      const started = await prepare();
      if ("missing" in started) return context.skip(started.missing);
      const without = await calls(client, []);
      const refused = await calls(client, [{ options: both, code: "InvalidArgument" }]);
      const read = await calls(client, [{ options: {}, code: null }]);
      assert.equal(refused, without);
      assert.ok(read > without, "what is read is seen");
    });
  }
});

/** @param {unknown} error */
function codeOf(error) {
  if (error instanceof AgentError) return error.data.code;
  throw error;
}
