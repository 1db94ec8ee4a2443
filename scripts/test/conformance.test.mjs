import assert from "node:assert/strict";
import { test } from "node:test";
import { Agent } from "../conformance/agent.mjs";
import { readCases } from "../conformance/cases.mjs";
import { runClient } from "../conformance/run.mjs";

/** @param {string} script what an agent does with each `line` @returns {import("../conformance/clients.mjs").Started} */
function agentThat(script) {
  const answer = "const answer = (ok) => console.log(JSON.stringify({ id: request.id, ok }));";
  const program = `
    let asked = 0;
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const request = JSON.parse(line);
      asked += 1;
      ${answer}
      ${script}
    });`;
  return { program: process.execPath, args: ["-e", program] };
}

const hello = 'if (request.op === "hello") return answer({ ways: ["recv"] });';

/** @param {import("../conformance/clients.mjs").Started} started */
async function played(started) {
  const cases = (await readCases()).slice(0, 12);
  return { cases, ...(await runClient("broken", started, 7, cases, () => true)) };
}

test("an agent that dies at its start is a failure that tells what it said", async () => {
  const started = { program: process.execPath, args: ["-e", 'throw new Error("no library")'] };
  const { rows, failures } = await played(started);
  assert.deepEqual(rows, [
    { client: "broken", way: "hello", batch: 7, passed: 0, failed: 1, inexpressible: 0 },
  ]);
  assert.match(String(failures[0]?.why), /it ended: status 1; .*no library/s);
});

test("an agent that is not there is a failure", async () => {
  const { failures } = await played({ program: "/nowhere/agent", args: [] });
  assert.match(String(failures[0]?.why), /ENOENT/);
});

test("an agent that dies in the middle fails what it was asked, and all that is left is still counted", async () => {
  const dies = `${hello} console.error("out of memory"); process.exit(9);`;
  const { rows, failures, cases } = await played(agentThat(dies));
  const failed = rows.reduce((sum, row) => sum + row.failed, 0);
  assert.equal(failed, failures.length);
  assert.ok(failures.length >= cases.length);
  for (const { why } of failures) assert.match(why, /status 9; .*out of memory/s);
});

test("an agent that dies between two requests is a failure", async () => {
  const refuses =
    'console.log(JSON.stringify({ id: request.id, error: { code: "Io", message: "" } }))';
  const dies = `${hello} if (asked === 3) setTimeout(() => process.exit(3), 0); ${refuses};`;
  const { failures } = await played(agentThat(dies));
  assert.ok(failures.some(({ why }) => /status 3/.test(why)));
});

test("an agent that ends badly when it is let go is a failure", async () => {
  const ends = `${hello} answer({});`;
  const { program, args } = agentThat(ends);
  const started = {
    program,
    args: ["-e", `process.on("exit", () => { process.exitCode = 23; });${args[1]}`],
  };
  const { failures } = await played(started);
  assert.ok(failures.some(({ name, why }) => name === "the end" && /status 23/.test(why)));
});

test("an agent that talks nonsense is a failure", async () => {
  const { failures } = await played(agentThat('console.log("ready to serve");'));
  assert.match(String(failures[0]?.why), /ready to serve/);
});

test("an agent that says nothing is ended", async () => {
  const agent = new Agent(agentThat(""), {}, 50);
  await assert.rejects(agent.ask("hello"), /said nothing for 0.05 s/);
  await agent.close();
});
