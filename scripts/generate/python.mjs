import { errors } from "./python/errors.mjs";
import { functions, layout, methods, version } from "./python/library.mjs";
import { options } from "./python/options.mjs";
import { records } from "./python/records.mjs";
import { documentation, module } from "./python/spelling.mjs";
import { words } from "./python/words.mjs";

const folder = "bindings/python/src/silt/_generated";

/**
 * The generated files of the Python client.
 *
 * @type {import("./definition.mjs").Language}
 */
export function python(definition) {
  const names = definition.options.flatMap(({ options }) => options.map(({ name }) => name));
  const doc = documentation(new Set(names));
  return {
    [`${folder}/__init__.py`]: module("What is the same in every language.", []),
    [`${folder}/version.py`]: version(definition),
    [`${folder}/words.py`]: words(definition.words),
    [`${folder}/options.py`]: options(definition.options, doc),
    [`${folder}/records.py`]: records(definition.records, doc),
    [`${folder}/errors.py`]: errors(definition.errors, doc),
    [`${folder}/methods.py`]: methods(definition.methods),
    [`${folder}/layout.py`]: layout(definition.batch),
    [`${folder}/functions.py`]: functions(definition.functions),
  };
}
