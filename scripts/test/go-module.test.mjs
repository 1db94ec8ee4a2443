import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { golang, modulePath } from "../generate/go.mjs";
import { library, root } from "../paths.mjs";
import { packGoModule } from "../release/go-module.mjs";

const strict = process.env.CI !== undefined && process.env.CI !== "false";
const skip =
  !strict &&
  ((go(["version"]).status !== 0 && "there is no go on the PATH") ||
    (!existsSync(join(library, "libsilt.so")) && "the C library is not built: npm run build"));

/** @param {string[]} args @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options] */
function go(args, options = {}) {
  return spawnSync("go", args, { encoding: "utf8", timeout: 300_000, ...options });
}

/** @param {import("node:test").TestContext} t */
async function temporary(t) {
  const folder = await mkdtemp(join(tmpdir(), "silt-go-module-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("the README's program runs in a fresh module, from what is published alone", {
  skip,
}, async (t) => {
  const folder = await temporary(t);
  const proxy = join(folder, "proxy");
  await packGoModule(proxy, "v0.1.0");
  const user = join(folder, "user");
  await mkdir(user);
  const page = await readFile(join(root, "bindings/go/README.md"), "utf8");
  await writeFile(join(user, "main.go"), page.match(/```go\n(.*?)```/s)?.[1] ?? "");
  const cached = go(["env", "GOMODCACHE"]).stdout.trim();
  const { SILT_LIBRARY: _, SILT_EXECUTABLE: __, SILT_HOME: ___, ...rest } = process.env;
  const env = {
    ...rest,
    // Its own cache of modules: this version is another one each time.
    GOMODCACHE: join(folder, "modules"),
    GOFLAGS: "-modcacherw",
    GOPROXY: `file://${proxy},file://${cached}/cache/download`,
    GOSUMDB: "off",
    CGO_ENABLED: "0",
  };
  for (const args of [
    ["mod", "init", "example.invalid/user"],
    ["get", `${modulePath}@v0.1.0`],
    ["build", "-o", "program", "."],
  ]) {
    const { status, stderr } = go(args, { cwd: user, env });
    assert.equal(status, 0, stderr);
  }
  const places = { SILT_HOME: join(folder, "home"), XDG_CACHE_HOME: join(folder, "cache") };
  const { status, stdout, stderr } = spawnSync(join(user, "program"), [], {
    encoding: "utf8",
    env: { ...rest, ...places },
    timeout: 120_000,
  });
  if (stderr.includes("RuntimeUnavailable")) return t.skip(`no namespaces here: ${stderr}`);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^0 hello world\n/);
  assert.match(stdout, /stderr ERROR ERROR: no such table\n/);
  assert.match(stdout, /\nstopped\n$/);
});

/** A module that uses the one of the checkout. @param {string} folder @param {string} program */
async function writeUser(folder, program) {
  const source = join(root, "bindings/go");
  const purego = (await readFile(join(source, "go.mod"), "utf8")).match(/^require .*$/m)?.[0];
  const lines = ["module example.invalid/user", "go 1.25.0", purego];
  lines.push(`require ${modulePath} v0.0.0`, `replace ${modulePath} => ${source}`);
  await writeFile(join(folder, "go.mod"), `${lines.join("\n\n")}\n`);
  await cp(join(source, "go.sum"), join(folder, "go.sum"));
  await writeFile(join(folder, "main.go"), program);
}

test("the README's program runs with a checkout, as the README says", { skip }, async (t) => {
  const folder = await temporary(t);
  const user = join(folder, "hello");
  await mkdir(user);
  await symlink(root, join(folder, "silt"));
  const page = await readFile(join(root, "bindings/go/README.md"), "utf8");
  await writeFile(join(user, "main.go"), page.match(/```go\n(.*?)```/s)?.[1] ?? "");
  const steps = page.match(/```sh\n(.*?)```/s)?.[1] ?? "";
  assert.match(steps, /^go run/m);
  const { status, stdout, stderr } = spawnSync("sh", ["-ec", steps], {
    cwd: user,
    encoding: "utf8",
    env: { ...process.env, SILT_HOME: join(folder, "home") },
    timeout: 300_000,
  });
  if (stderr.includes("RuntimeUnavailable")) return t.skip(`no namespaces here: ${stderr}`);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^0 hello world\n/);
});

test("each piece of docs/go.md compiles", { skip }, async (t) => {
  const page = await readFile(join(root, "docs/go.md"), "utf8");
  const pieces = [...page.matchAll(/```go\n(.*?)```/gs)].map(([, code = ""]) => code);
  assert.ok(pieces.length >= 2);
  const used = ["context", "errors", "fmt", "io", modulePath].map((name) => `\t"${name}"\n`);
  const given = "ctx context.Context, sandbox *silt.Sandbox, saved string";
  const functions = pieces.map(
    (code, at) => `func piece${at}(${given}) error {\n${code}\treturn nil\n}\n`,
  );
  const calls = pieces.map((_, at) => `\t_ = piece${at}\n`);
  const folder = await temporary(t);
  const head = `package main\n\nimport (\n${used.join("")})\n`;
  const main = `func main() {\n${calls.join("")}}\n`;
  await writeUser(folder, [head, main, ...functions].join("\n"));
  const { status, stderr } = go(["vet", "."], { cwd: folder });
  assert.equal(status, 0, stderr);
});

test("without a library and an executable, errors say how to get them", { skip }, async (t) => {
  const folder = await temporary(t);
  await writeUser(
    folder,
    `package main

import (
\t"context"
\t"fmt"

\t"${modulePath}"
)

func main() {
\t_, err := silt.List(context.Background())
\tfmt.Println(err)
\t_, err = silt.Create(context.Background(), silt.Options{})
\tfmt.Println(err)
}
`,
  );
  const { SILT_LIBRARY: _, SILT_EXECUTABLE: __, ...env } = process.env;
  const { stdout, stderr } = go(["run", "."], { cwd: folder, env });
  assert.match(stdout, /no library.*npm run build/, stderr);
  assert.match(stdout, /no silt executable.*SILT_EXECUTABLE/, stderr);
});

/** The client as the generator would write it for another definition. @param {import("node:test").TestContext} t @param {(definition: any) => void} change */
async function generatedFor(t, change) {
  const folder = await temporary(t);
  await cp(join(root, "bindings/go"), folder, {
    recursive: true,
    filter: (path) => !path.endsWith("/bin"),
  });
  const path = join(root, "crates/silt-interface/interface.json");
  const definition = JSON.parse(await readFile(path, "utf8"));
  change(definition);
  for (const [name, text] of Object.entries(golang(definition))) {
    if (!name.startsWith("bindings/go/")) continue;
    const to = join(folder, name.slice("bindings/go/".length));
    await mkdir(dirname(to), { recursive: true });
    await writeFile(to, text);
  }
  return folder;
}

test("a new kind of error does not compile where it is not handled", { skip }, async (t) => {
  const folder = await generatedFor(t, ({ errors }) =>
    errors.push({ code: "Melted", class: true, retryable: false, doc: "It melted.", fields: [] }),
  );
  const { status, stderr } = go(["build", "./..."], { cwd: folder });
  assert.notEqual(status, 0);
  assert.match(stderr, /missing method VisitMelted/);
});

test("a new option reaches the client, and its agent, by the generator alone", {
  skip,
}, async (t) => {
  const folder = await generatedFor(t, ({ options }) =>
    options[0].options.push({
      ...{ name: "newestFirst", type: "flag", default: "false", doc: "Newest first." },
    }),
  );
  const { status, stderr } = go(["vet", "./..."], { cwd: folder });
  assert.equal(status, 0, stderr);
  const { stdout } = go(["doc", "LogStreamOptions"], { cwd: folder });
  assert.match(stdout, /\/\/ Newest first\. Default: false\.\n\s+NewestFirst bool/);
});
