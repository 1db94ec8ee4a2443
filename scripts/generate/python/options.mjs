import { docstring, module, snake, text } from "./spelling.mjs";

/**
 * @typedef {import("../definition.mjs").Option} Option
 * @typedef {import("../definition.mjs").Shape} Shape
 */

/** @param {Shape[]} shapes @param {(text: string) => string} doc */
export function options(shapes, doc) {
  /** @param {Option[]} options */
  const members = (options) =>
    options.map((option) => {
      const required = option.default === "required";
      const about = [option.doc];
      if (!required) about.push(`Default: ${option.default}.`);
      if (option.excludes) about.push(`Not together with \`${option.excludes.join("`, `")}\`.`);
      const type = required ? `Required[${optionType(option)}]` : `${optionType(option)} | None`;
      return `    ${snake(option.name)}: ${type}\n    ${docstring(doc(about.join(" ")))}\n`;
    });
  const parts = shapes.flatMap((shape) => {
    // By what happens at gaps, the type of a stream's items is chosen: it is a parameter of its own there.
    const chosen = shape.options.filter(({ name }) => name === "onGap");
    const others = shape.options.filter(({ name }) => name !== "onGap");
    const base = chosen.length > 0 ? shape.name.replace(/Options$/, "Selection") : shape.name;
    const first = typedDict(base, "TypedDict", doc(shape.doc), members(others));
    if (chosen.length === 0) return [first];
    return [first, typedDict(shape.name, base, doc(shape.doc), members(chosen))];
  });
  const table = shapes.map((shape) => {
    const entries = shape.options.map(({ name, type, shape: inner }) => {
      const of = inner ? text(inner) : "None";
      return `        ${text(snake(name))}: Option(${text(name)}, ${text(type)}, ${of}),`;
    });
    return `    ${text(shape.name)}: {\n${entries.join("\n")}\n    },`;
  });
  return module("Options, as they are given by name; `None` is as if one was left out.", [
    "from __future__ import annotations",
    [
      "from collections.abc import Collection, Mapping, Sequence",
      "from datetime import datetime, timedelta",
      "from os import PathLike",
      "from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypedDict",
    ].join("\n"),
    "from .words import Source",
    "if TYPE_CHECKING:\n    from typing_extensions import Required",
    ...parts,
    'class Option(NamedTuple):\n    """How an option crosses into the core."""\n\n    name: str\n    type: str\n    shape: str | None',
    `SHAPES: Final[Mapping[str, Mapping[str, Option]]] = {\n${table.join("\n")}\n}`,
  ]);
}

/** @param {string} name @param {string} base @param {string} doc @param {string[]} members */
function typedDict(name, base, doc, members) {
  return `class ${name}(${base}, total=False):\n    ${docstring(doc)}\n\n${members.join("\n").trimEnd()}\n`;
}

/** @param {Option} option */
export function optionType(option) {
  switch (option.type) {
    case "text":
      return /folder|path/i.test(option.doc) ? "str | PathLike[str]" : "str";
    case "flag":
      return "bool";
    case "integer":
      return "int";
    case "duration":
      return "float | str | timedelta";
    case "time":
      return "datetime | str";
    case "choice":
      return `Literal[${(option.words ?? []).map(text).join(", ")}]`;
    case "sources":
      return 'Literal["all"] | Collection[Source]';
    case "sessionIds":
      return "Collection[int]";
    case "environment":
      return "Mapping[str, str]";
    case "object":
      return option.shape ?? "Mapping[str, object]";
    case "objects":
      return `Sequence[${option.shape}]`;
    case "flagOrObject":
      return `bool | ${option.shape}`;
    default:
      throw new Error(`The type ${option.type} of ${option.name} has no Python type yet.`);
  }
}
