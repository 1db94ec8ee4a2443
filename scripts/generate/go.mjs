import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../paths.mjs";
import { errors } from "./go/errors.mjs";
import { layout } from "./go/layout.mjs";
import { options } from "./go/options.mjs";
import { records } from "./go/records.mjs";
import { file, go } from "./go/text.mjs";
import { words } from "./go/words.mjs";

/**
 * The path of the Go module, in this one place. `.invalid` says that it is a placeholder: it is chosen when the
 * module is published, and `npm run generate` then writes it wherever it stands.
 */
export const modulePath = "silt.invalid/silt";

const folder = "bindings/go";

/** What imports the module by its path. Everything else of it is one package. */
const importers = [
  `${folder}/README.md`,
  "docs/go.md",
  ...["convert", "reading", "sandboxes"].map(
    (name) => `${folder}/internal/conformanceagent/${name}.go`,
  ),
];

/**
 * The generated files of the Go client, as gofmt would write them.
 *
 * @type {import("./definition.mjs").Language}
 */
export function golang(definition) {
  return {
    [`${folder}/abi_gen.go`]: file(abi(definition)),
    [`${folder}/methods_gen.go`]: file(methods(definition.methods)),
    [`${folder}/words_gen.go`]: file(words(definition.words)),
    [`${folder}/options_gen.go`]: file(options(definition)),
    [`${folder}/records_gen.go`]: file(records(definition)),
    [`${folder}/errors_gen.go`]: file(errors(definition.errors)),
    [`${folder}/layout_gen.go`]: file(layout(definition.batch)),
    ...Object.fromEntries(
      [`${folder}/go.mod`, ...importers].map((name) => [name, withModulePath(name)]),
    ),
  };
}

/** @param {string} name */
function withModulePath(name) {
  return readFileSync(join(root, name), "utf8")
    .replace(/^module \S+$/m, `module ${modulePath}`)
    .replaceAll(/"[^"\s]+\/silt"/g, `"${modulePath}"`)
    .replaceAll(/\bgo get \S+\/silt\b/g, `go get ${modulePath}`);
}

/** @param {import("./definition.mjs").Interface} definition */
function abi({ abi, version }) {
  return [
    "// The number that the library has to answer, and the release that this client belongs to.",
    "const (",
    `\tabi     = uint64(${abi})`,
    `\tversion = ${JSON.stringify(version)}`,
    ")",
  ].join("\n");
}

/** @param {import("./definition.mjs").Method[]} methods */
function methods(methods) {
  const members = methods.map(({ name, params, doc }) => {
    const takes =
      params.length > 0 ? ` Takes ${params.map((param) => `\`${param}\``).join(", ")}.` : "";
    return `\t// ${doc}${takes}\n\tmethod${go(name)} method = ${JSON.stringify(name)}`;
  });
  return [
    "// A method of the core. What concerns a sandbox takes `home` and `name` as well.",
    "type method string",
    "",
    `const (\n${members.join("\n")}\n)`,
  ].join("\n");
}
