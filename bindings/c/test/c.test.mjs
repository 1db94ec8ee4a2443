import assert from "node:assert/strict";
import { copyFile, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Writer } from "../../../scripts/conformance/live/writer.mjs";
import { c } from "../../../scripts/generate/c.mjs";
import { compile, executable, inTemporaryFolder, library, root, run } from "./programs.mjs";

const fixture = join(root, "conformance/fixtures/segments");
const logs = join(fixture, "logs");

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {string} about
 * @property {(home: string) => string[]} args `home` is a folder of its own
 * @property {string[]} [valgrind] further flags
 * @property {boolean} [threads] whether it runs under ThreadSanitizer too
 */

/** @type {Program[]} */
const programs = [
  {
    name: "handles",
    about: "refuses handles that are forged, stale or closed",
    args: () => [logs],
  },
  { name: "batches", about: "reads no batch beyond its end", args: () => [logs] },
  { name: "waiting", about: "wakes who waits, once", args: sandbox, threads: true },
  {
    name: "ending",
    about: "keeps no process, and refuses a forked child",
    args: sandbox,
    // In a forked child, what the parent's threads held belongs to nobody.
    valgrind: ["--leak-check=no"],
  },
  {
    name: "left",
    about: "gives back what left streams held",
    args: (home) => [...sandbox(home), "200"],
    threads: true,
  },
];

/** @param {string} home */
function sandbox(home) {
  return [home, executable];
}

/** @param {string} name */
function source(name) {
  return `test/programs/${name}.c`;
}

/** @type {string} */
let built;
/** @type {() => void} */
let done;
/** @type {Promise<void>} */
let removed;

before(async () => {
  await new Promise((ready) => {
    removed = inTemporaryFolder(async (path) => {
      built = path;
      await new Promise((finish) => {
        done = () => finish(undefined);
        ready(undefined);
      });
    });
  });
});
after(async () => {
  done();
  await removed;
});

/** A new home folder for a sandbox. */
function home() {
  return mkdtemp(join(built, "home-"));
}

/**
 * @typedef {object} Running
 * @property {string[]} [valgrind] further flags of valgrind
 * @property {(child: import("node:child_process").ChildProcess) => void} [started]
 *
 * @typedef {object} Way how a program is run: as it is, and with each of what finds its mistakes
 * @property {string} how
 * @property {(source: string, args: string[], running?: Running) => Promise<{ stdout: string, stderr: string }>} run
 */

/** @type {Way[]} */
const ways = [
  {
    how: "",
    run: async (source, args, { started } = {}) =>
      run(await compile(source, { into: built }), args, { started }),
  },
  {
    how: ", under AddressSanitizer",
    run: async (source, args, { started } = {}) => {
      const flags = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
      return run(await compile(source, { into: built, flags }), args, { started });
    },
  },
  {
    how: ", under valgrind",
    run: async (source, args, { valgrind = [], started } = {}) => {
      const program = await compile(source, { into: built });
      const flags = [
        ...["-q", "--error-exitcode=9", "--leak-check=full"],
        ...["--show-leak-kinds=definite", "--errors-for-leak-kinds=definite"],
        `--suppressions=${join(import.meta.dirname, "valgrind.supp")}`,
      ];
      return run("valgrind", [...flags, ...valgrind, program, ...args], { started });
    },
  },
];

describe("the C library", () => {
  for (const { name, about, args, valgrind } of programs) {
    for (const way of ways) {
      test(`${about}${way.how}`, async () => {
        const given = args(await home());
        if (name === "left" && way.how === "") given[2] = "2000";
        await way.run(source(name), given, valgrind && { valgrind });
      });
    }
  }

  for (const { name, about, args } of programs.filter(({ threads }) => threads)) {
    test(`${about}, under ThreadSanitizer`, async () => {
      const program = await compile(source(name), { into: built, flags: ["-fsanitize=thread"] });
      const suppressions = join(import.meta.dirname, "thread-sanitizer.supp");
      // It can not place its memory where the kernel scatters addresses as widely as new ones do.
      await run("setarch", ["-R", program, ...args(await home())], {
        env: { TSAN_OPTIONS: `suppressions=${suppressions}` },
      });
    });
  }

  test("links statically", async () => {
    const linked = [join(library, "libsilt.a"), "-ldl", "-lm"];
    const program = await compile(source("handles"), {
      into: built,
      flags: ["-static-libgcc"],
      linked,
    });
    await run(program, [logs]);
  });

  test("has headers that C99 and C++ take", async () => {
    for (const [compiler, standard] of [
      ["gcc", "-std=c99"],
      ["g++", "-std=c++11"],
    ]) {
      await compile("test/programs/headers.c", {
        into: built,
        compiler,
        standard,
        flags: compiler === "g++" ? ["-x", "c++"] : [],
        linked: ["-x", "none", `-L${library}`, "-lsilt", `-Wl,-rpath,${library}`],
      });
    }
  });
});

test("a new error code is a warning in a program that switches over them without a default", async () => {
  const parsed = JSON.parse(
    await readFile(join(root, "crates/silt-interface/interface.json"), "utf8"),
  );
  parsed.errors.push({ ...parsed.errors[0], code: "WrongMoon" });
  const folder = await mkdtemp(join(built, "newer-"));
  for (const [path, text] of Object.entries(c(parsed))) {
    await writeFile(join(folder, basename(path)), text);
  }
  // A header is first looked for beside the one that includes it.
  for (const name of ["silt.h", "silt_batch.h"]) {
    await copyFile(join(root, "bindings/c/include", name), join(folder, name));
  }
  const source = "test/programs/headers.c";
  await compile(source, { into: built, flags: ["-fsyntax-only"] });
  await assert.rejects(
    compile(source, { into: built, flags: ["-fsyntax-only", "-I", folder] }),
    /SILT_CODE_WRONG_MOON/,
  );
});

/** @typedef {{ sequence: number, data: string }} Item of the manifest that the fixture's maker wrote */

/** What the fixture's log holds. @returns {Promise<Item[]>} */
async function writtenItems() {
  const manifest = JSON.parse(await readFile(join(fixture, "manifest.json"), "utf8"));
  return manifest.logs.exec.items.filter((/** @type {object} */ item) => "data" in item);
}

/** @param {Item[]} items */
function text(items) {
  return Buffer.concat(items.map(({ data }) => Buffer.from(data, "base64"))).toString();
}

/** For a program's start, and when it has printed this much. @param {string} text */
function seeing(text) {
  /** @type {Required<Running>["started"]} */
  let started = () => {};
  const seen = new Promise((resolve) => {
    started = ({ stdout }) => {
      let printed = "";
      stdout?.on("data", (data) => {
        printed += data;
        if (printed === text) resolve(undefined);
      });
    };
  });
  return { started, seen };
}

describe("the example follow.c", () => {
  /** @type {Item[]} */
  let items;

  before(async () => {
    items = await writtenItems();
  });

  for (const { how, run } of ways) {
    test(`prints each entry once and in order, and goes on from its cursor${how}`, async () => {
      const first = await run("examples/follow.c", [logs]);
      assert.equal(first.stdout, text(items));
      const end = JSON.parse(first.stderr.trim().split("\n").at(-1) ?? "");
      assert.equal(end.logs.exec.entries, items.length);
      const second = await run("examples/follow.c", [logs, end.position]);
      assert.equal(second.stdout, "");
    });

    test(`prints what is written while it waits${how}`, async () => {
      const folder = join(await home(), "logs");
      const writer = new Writer(folder, {});
      try {
        await writer.ready;
        await writer.tell({ append: ["one\n", "two\n"], source: "stdout" });
        const { started, seen } = seeing("one\ntwo\n");
        const following = run("examples/follow.c", [folder], { started });
        await Promise.race([following, seen]);
        await writer.tell({ append: ["three\n"], source: "stderr" });
        await writer.end();
        const { stdout, stderr } = await following;
        assert.equal(stdout, "one\ntwo\nthree\n");
        const end = JSON.parse(stderr.trim().split("\n").at(-1) ?? "");
        assert.equal(end.reason, "stopped");
      } finally {
        await writer.kill();
      }
    });

    test(`says what is wrong${how}`, async () => {
      await assert.rejects(run("examples/follow.c", [logs, "no cursor"]), {
        code: 1,
        stderr: /"InvalidCursor"/,
      });
      await assert.rejects(run("examples/follow.c", [join(built, "nowhere")]), {
        code: 1,
        stderr: /"NotFound"/,
      });
    });
  }
});

describe("docs/c.md", () => {
  test("shows a program that compiles as it says, and reads each entry once and in order", async () => {
    const page = await readFile(join(root, "docs/c.md"), "utf8");
    /** @param {string} language */
    const block = (language) => page.match(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s"))?.[1];
    const folder = await mkdtemp(join(built, "page-"));
    await writeFile(join(folder, "reading.c"), block("c") ?? "");
    const flags = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsanitize=address,undefined"];
    const program = join(folder, "reading");
    const line = (block("sh") ?? "").trim().replace("reading reading.c", `${program} ${program}.c`);
    assert.match(line, /^cc -o \//);
    await run("sh", ["-c", `cd ${root} && ${line} ${flags.join(" ")}`]);
    await symlink(logs, join(folder, "logs"));
    const { stdout, stderr } = await run("sh", ["-c", `cd ${folder} && ./reading`]);
    assert.equal(stdout, text(await writtenItems()));
    assert.match(stderr, /"reason":"/);
  });
});

describe("the programs that measure", () => {
  test("read reads what is there", async () => {
    const program = await compile("bench/read.c", { into: built });
    const { stdout } = await run(program, [logs, "0"]);
    assert.equal(JSON.parse(stdout).entries, (await writtenItems()).length);
  });

  test("follow follows what is there", async () => {
    const program = await compile("bench/follow.c", { into: built });
    const { stdout } = await run(program, [logs, "7"]);
    const [first = "", second = ""] = stdout.split("\n");
    assert.equal(JSON.parse(first), "following");
    assert.equal(JSON.parse(second).delays.length, 7);
  });
});
