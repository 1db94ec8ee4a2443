const note = "# Generated from crates/silt-interface by `npm run generate`. Do not edit.\n";

/** @param {string} about @param {string[]} parts */
export function module(about, parts) {
  return `${[`${note}"""${about}"""`, ...parts].join("\n\n")}\n`;
}

/**
 * Documentation in Python's spelling.
 *
 * @param {Set<string>} names of options
 * @returns {(text: string) => string}
 */
export function documentation(names) {
  /** @type {Record<string, string>} */
  const values = { true: "True", false: "False", null: "None" };
  return (about) =>
    about
      .replace(/\b[a-z]+[A-Z]\w*\b/g, (name) =>
        names.has(name) || name === "resumeCursor" ? snake(name) : name,
      )
      .replace(/`(\w+): ([^`]+)`/g, (_, name, value) => `\`${name}=${values[value] ?? value}\``)
      .replace(/\b[Nn]ull\b/g, "None")
      .replace(/Default: (true|false)\./, (_, value) => `Default: ${values[value]}.`);
}

/** @param {string} about */
export function docstring(about) {
  // A quote at the end would run into those that close it.
  return about.endsWith('"') ? `"""${about} """` : `"""${about}"""`;
}

/** @param {string} value */
export function text(value) {
  return JSON.stringify(value);
}

/** @param {string} name */
export function snake(name) {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}
