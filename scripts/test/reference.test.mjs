import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { reference } from "../generate/reference.mjs";
import { root } from "../paths.mjs";

/** @param {string} name */
const read = (name) => readFile(join(root, name), "utf8");

/** @type {import("../generate/definition.mjs").Interface} */
const definition = JSON.parse(await read("crates/silt-interface/interface.json"));
const pages = reference(definition);

/** The rows of each table below a heading, without its heads. @param {string} page @param {string} heading */
function rows(page, heading) {
  const part = page.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const tables = part.split("\n\n").filter((block) => block.trim().startsWith("|"));
  return tables.flatMap((table) =>
    table
      .trim()
      .split("\n")
      .slice(2)
      .map((row) => row.slice(2, -2).split(" | ")),
  );
}

/**
 * How the class of entries, written by hand, declares a field; of which C has what it is called in the struct.
 *
 * @type {Record<string, { file: string, declares: (name: string, type: string) => string }>}
 */
const entries = {
  "docs/reference/typescript.md": {
    file: "packages/sandbox/src/log/entry.ts",
    declares: (name, type) => `get ${name}(): ${type} {`,
  },
  "docs/reference/python.md": {
    file: "bindings/python/src/silt/log/entry.py",
    declares: (name, type) => `def ${name}(self) -> ${type}:`,
  },
  "docs/reference/go.md": {
    file: "bindings/go/entry.go",
    declares: (name, type) => `func (e *LogEntry) ${name} ${type} {`,
  },
  "docs/reference/c.md": {
    file: "bindings/c/include/silt_batch.h",
    declares: (name, type) => `${type} ${name};`.replace("* ", "*"),
  },
};

for (const [name, page] of Object.entries(pages)) {
  describe(name, () => {
    test("has a row for every option, entry field, reason to end and error, and no cell is empty that may not be", () => {
      const options = definition.options.flatMap((shape) => shape.options);
      const reasons = definition.words.endReasons ?? [];
      const counts = ["Options", "Entries", "Why a stream ends", "Errors"].map(
        (heading) => rows(page, heading).length,
      );
      const { entry, errors } = definition;
      assert.deepEqual(counts, [options.length, entry.length, reasons.length, errors.length]);
      for (const heading of ["Options", "Entries", "Why a stream ends", "Errors"]) {
        for (const row of rows(page, heading)) {
          assert.ok(row[0] && row.at(-1)?.trim(), `${heading}: ${row.join(" | ")}`);
        }
      }
    });

    test("has the fields of an entry as the client declares them", async () => {
      const { file, declares } = entries[name] ?? assert.fail(`${name} is not looked at`);
      const source = await read(file);
      for (const [field = "", type = ""] of rows(page, "Entries")) {
        const bare = field.slice(1, -1);
        // A call of its own in C, and no member.
        if (bare === "silt_batch_cursor()") continue;
        const declared = declares(bare, type.slice(1, -1).replaceAll("\\|", "|"));
        assert.ok(source.includes(declared), `${file}: ${declared}`);
      }
    });
  });
}

test("the pages of reference are linked from the README and from the guide of each language", async () => {
  const guides = { typescript: "sdk", python: "python", go: "go", c: "c" };
  const [readme, tasks] = [await read("README.md"), await read("docs/tasks.md")];
  for (const [language, guide] of Object.entries(guides)) {
    const link = `](reference/${language}.md)`;
    assert.ok(tasks.includes(link), `docs/tasks.md: ${link}`);
    assert.ok((await read(`docs/${guide}.md`)).includes(link), `docs/${guide}.md: ${link}`);
    assert.ok(readme.includes(`](docs/reference/${language}.md)`), `README.md: ${language}`);
  }
});
