import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { languages } from "../generate/languages.mjs";
import { root } from "../paths.mjs";

/** @typedef {import("../generate/definition.mjs").Interface} Interface */

const parsed = async () =>
  JSON.parse(await readFile(join(root, "crates/silt-interface/interface.json"), "utf8"));

/** All generated text of each language, as it is for the definition. @param {Interface} definition */
function generated(definition) {
  return languages.map((language) => {
    const files = language(definition);
    return { folder: Object.keys(files)[0] ?? "", text: Object.values(files).join("\n") };
  });
}

/** Whatever the spelling of the language. @param {string} text */
function folded(text) {
  return text.replaceAll("_", "").toLowerCase();
}

describe("what is generated", () => {
  /** @type {Interface} */
  let definition;
  before(async () => {
    definition = await parsed();
  });

  test("has a new error code in every language, with what is said of it", () => {
    const doc = "The moon is in the wrong phase.";
    definition.errors.push({ code: "WrongMoon", class: true, retryable: true, doc, fields: [] });
    for (const { folder, text } of generated(definition)) {
      assert.ok(folded(text).includes("wrongmoon"), folder);
      assert.ok(text.includes(doc), folder);
    }
  });

  test("has a new option in every language that types options, with what is said of it", () => {
    const doc = "Only entries that were written under a full moon.";
    const option = { name: "fullMoon", type: "flag", default: "false", doc };
    definition.options.find(({ name }) => name === "LogStreamOptions")?.options.push(option);
    for (const { folder, text } of generated(definition)) {
      // C takes options as JSON, and reads what they mean in interface.json.
      if (folder.startsWith("bindings/c/")) continue;
      assert.ok(folded(text).includes("fullmoon"), folder);
      assert.ok(text.includes(doc), folder);
    }
  });

  test("refuses a type that a language does not know, rather than leave it out", async () => {
    const broken = await parsed();
    broken.options[0].options.push({ name: "moon", type: "moon", default: "none", doc: "" });
    for (const language of languages) {
      const [name = ""] = Object.keys(language(await parsed()));
      if (!name.startsWith("bindings/c/")) assert.throws(() => language(broken), /moon/, name);
    }
  });
});
