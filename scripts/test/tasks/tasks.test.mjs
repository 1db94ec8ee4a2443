import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { executable, root } from "../../paths.mjs";
import { pythonEnvironment } from "../../python.mjs";
import { languages } from "./languages.mjs";
import { isAsShown, tasks } from "./page.mjs";

const strict = process.env.CI !== undefined && process.env.CI !== "false";

/** The folder of all programs: below the checkout's node_modules, so that `@silt/sandbox` is found. @type {string} */
let programs;

before(async () => {
  const cache = join(root, "node_modules/.cache");
  await mkdir(cache, { recursive: true });
  programs = await mkdtemp(join(cache, "tasks-"));
  await mkdir(join(programs, "bin"));
  await symlink(executable, join(programs, "bin/silt"));
});
after(() => rm(programs, { recursive: true, force: true }));

/** A folder and a home for the runs of one task, in whatever language, removed with their sandboxes. */
class Place {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    this.env = {
      ...process.env,
      ...pythonEnvironment,
      SILT_HOME: join(folder, "home"),
      PATH: [join(programs, "bin"), process.env.PATH].join(delimiter),
    };
  }

  /** @param {string[]} command */
  run([program = "", ...args]) {
    const cwd = join(this.folder, "work");
    return spawnSync(program, args, { cwd, env: this.env, encoding: "utf8", timeout: 120_000 });
  }

  /** @param {string} status */
  sandboxes(status) {
    const infos = JSON.parse(this.run([executable, "ls", "--json"]).stdout);
    return infos
      .filter((/** @type {{ status: string }} */ info) => info.status === status)
      .map((/** @type {{ name: string }} */ info) => info.name);
  }
}

/** @param {import("node:test").TestContext} t @param {string} shell run first */
async function place(t, shell) {
  const folder = await mkdtemp(join(tmpdir(), "silt-task-"));
  const made = new Place(folder);
  t.after(async () => {
    const left = ["running", "stopped", "crashed"].flatMap((status) => made.sandboxes(status));
    if (left.length > 0) made.run([executable, "rm", "--force", ...left]);
    await rm(folder, { recursive: true, force: true });
  });
  await mkdir(join(folder, "work"));
  const { status, stderr } = made.run(["sh", "-ec", shell]);
  if (noNamespaces(stderr)) t.skip(`no namespaces here: ${stderr}`);
  else assert.equal(status, 0, stderr);
  return made;
}

/** @param {string} stderr */
function noNamespaces(stderr) {
  return stderr.includes("RuntimeUnavailable") || stderr.includes("namespaces are not");
}

/** The commands of all tasks by language, where it is there. @type {Map<string, (name: string) => string[]>} */
const commands = new Map();

test("every task is shown in every language, with what it prints", () => {
  assert.equal(tasks.length, 10);
  for (const { title, programs, prints } of tasks) {
    assert.deepEqual(Object.keys(programs).sort(), ["c", "go", "python", "ts"], title);
    assert.ok(prints.length > 0, title);
  }
});

for (const language of languages) {
  describe(`${language.name} of docs/tasks.md`, () => {
    /** @type {string | undefined} */
    let missing;
    /** @type {import("./languages.mjs").Check[]} */
    let checks = [];

    before(async () => {
      const prepared = await language.prepare(join(programs, language.block));
      if ("missing" in prepared) missing = prepared.missing;
      else {
        checks = prepared.checks;
        commands.set(language.block, prepared.command);
      }
      if (strict) assert.equal(missing, undefined);
    });

    test("its programs are checked and compiled", (t) => {
      if (missing) return t.skip(missing);
      assert.ok(checks.length > 0);
      for (const { name, output } of checks) assert.ok(output === "", `${name}: ${output}`);
    });

    for (const task of tasks) {
      test(`${task.title}: it prints what is shown, and leaves nothing running`, async (t) => {
        const command = commands.get(language.block)?.(task.name);
        if (!command) return t.skip(missing);
        const where = await place(t, task.before);
        for (const shown of task.prints) {
          const { status, stdout, stderr } = where.run(command);
          if (noNamespaces(stderr)) return t.skip(`no namespaces here: ${stderr}`);
          assert.equal(status, 0, `${stderr}${stdout}`);
          assert.ok(isAsShown(shown, stdout), `this is shown:\n${shown}\nand printed:\n${stdout}`);
        }
        assert.deepEqual(where.sandboxes("running"), []);
      });
    }
  });
}

describe("a cursor that was saved in one language", () => {
  const [task] = tasks.filter(({ prints }) => prints.length === 2);
  for (const [from, first] of languages.entries()) {
    const then = languages.filter((_, to) => to !== from);
    test(`is resumed in all others: ${first.name}`, async (t) => {
      assert.ok(task);
      for (const next of then) {
        const where = await place(t, task.before);
        for (const [run, language] of [first, next].entries()) {
          const command = commands.get(language.block)?.(task.name);
          if (!command) return t.skip(`${language.name} is not here`);
          const { stdout, stderr } = where.run(command);
          assert.equal(stdout, task.prints[run], `${first.name} to ${next.name}: ${stderr}`);
        }
      }
    });
  }
});
