import { c } from "./reference/c.mjs";
import { golang } from "./reference/go.mjs";
import { page } from "./reference/page.mjs";
import { python } from "./reference/python.mjs";
import { typescript } from "./reference/typescript.mjs";

const languages = [
  { file: "typescript.md", spelling: typescript },
  { file: "python.md", spelling: python },
  { file: "go.md", spelling: golang },
  { file: "c.md", spelling: c },
];

/**
 * A page of tables for each language: options, entries, ends and errors, as it spells them.
 *
 * @type {import("./definition.mjs").Language}
 */
export function reference(definition) {
  const pages = languages.map(({ file, spelling }) => ({ file, spelling: spelling(definition) }));
  return Object.fromEntries(
    pages.map(({ file, spelling }) => {
      const others = pages.filter((other) => other.file !== file);
      const links = others.map((other) => `[${other.spelling.title}](${other.file})`);
      return [`docs/reference/${file}`, page(definition, spelling, links)];
    }),
  );
}
