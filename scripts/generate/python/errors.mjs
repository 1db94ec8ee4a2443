import { docstring, module, snake, text } from "./spelling.mjs";

/** @typedef {import("../definition.mjs").Interface} Interface */

/** @param {Interface["errors"]} errors @param {(text: string) => string} doc */
export function errors(errors, doc) {
  const classes = errors.filter((error) => error.class);
  const parts = classes.map((error) => {
    const members = error.fields.map(
      (field) =>
        `    ${snake(field.name)}: ${fieldType(field.type)}\n    ${docstring(doc(field.doc))}\n`,
    );
    const body = [`    ${docstring(doc(error.doc))}\n`, ...members];
    return `class ${error.code}(SiltError):\n${body.join("\n").trimEnd()}\n`;
  });
  const codes = errors.map(({ code }) => `    ${text(code)},`);
  const types = errors.map(({ code, fields }) => {
    const members = fields.map(({ name, type }) => `${text(name)}: ${text(type)}`);
    return `    ${text(code)}: {${members.join(", ")}},`;
  });
  const table = classes.map(({ code }) => `    ${text(code)}: ${code},`);
  return module("The kinds of errors.", [
    "from __future__ import annotations",
    [
      "from collections.abc import Mapping",
      "from typing import TYPE_CHECKING, Final, Literal, TypeAlias",
    ].join("\n"),
    "from ..errors.silt_error import SiltError",
    [
      "if TYPE_CHECKING:",
      "    from .records import GapRange, VerifyReport",
      "    from .words import CursorReason",
    ].join("\n"),
    `ErrorCode: TypeAlias = Literal[\n${codes.join("\n")}\n]\n"""What \`SiltError.code\` can be."""`,
    ...parts,
    `# By code.\nCLASSES: Final[Mapping[str, type[SiltError]]] = {\n${table.join("\n")}\n}`,
    `# The types of their fields, by code.\nFIELDS: Final[Mapping[str, Mapping[str, str]]] = {\n${types.join("\n")}\n}`,
  ]);
}

/** @param {string} type */
export function fieldType(type) {
  switch (type) {
    case "text":
      return "str";
    case "cursorReason":
      return "CursorReason";
    case "gaps":
      return "tuple[GapRange, ...]";
    case "verifyReport":
      return "VerifyReport | None";
    default:
      throw new Error(`The type ${type} of an error's field has no Python type yet.`);
  }
}
