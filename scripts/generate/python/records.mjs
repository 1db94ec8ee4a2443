import { docstring, module, snake, text } from "./spelling.mjs";
import { wordType } from "./words.mjs";

/**
 * @typedef {import("../definition.mjs").Interface} Interface
 * @typedef {import("../definition.mjs").RecordField} RecordField
 */

/** @param {Interface["records"]} records @param {(text: string) => string} doc */
export function records(records, doc) {
  const parts = records.map((record) => {
    const members = record.fields.map(
      (field) =>
        `    ${member(field.name)}: ${recordType(field)}\n    ${docstring(doc(field.doc))}`,
    );
    const values = record.fields.map(
      (field) => `            ${member(field.name)}=${recordValue(field)},`,
    );
    return [
      `@dataclass(frozen=True)\nclass ${record.name}:`,
      `    ${docstring(doc(record.doc))}\n`,
      ...members,
      "",
      `    @classmethod\n    def from_json(cls, json: dict[str, Any]) -> ${record.name}:`,
      '        """One, as the core tells it."""',
      `        return cls(\n${values.join("\n")}\n        )\n`,
    ].join("\n");
  });
  const used = [...new Set(records.flatMap(({ fields }) => fields.map(({ type }) => type)))];
  const words = used.flatMap((type) => wordType(type) ?? []).sort();
  return module("What is answered.", [
    "from __future__ import annotations",
    [
      "from collections.abc import Mapping, Sequence",
      "from dataclasses import dataclass",
      "from datetime import datetime",
      "from typing import Any",
    ].join("\n"),
    [
      "from ..log.time import from_text",
      `from .words import (\n${words.map((word) => `    ${word},`).join("\n")}\n)`,
    ].join("\n"),
    ...parts,
  ]);
}

/** `from` is a word of Python's own. @param {string} name */
function member(name) {
  return name === "from" ? "from_" : snake(name);
}

/** @param {RecordField} field */
function recordType({ type, list, byLog, nullable, optional }) {
  const scalars = /** @type {Record<string, string>} */ ({
    text: "str",
    integer: "int",
    flag: "bool",
    time: "datetime",
  });
  const one = scalars[type] ?? wordType(type) ?? type;
  if (list) return `Sequence[${one}]`;
  if (byLog) return `Mapping[LogName, ${one}]`;
  // A flag that is not there is not set.
  return nullable || (optional && type !== "flag") ? `${one} | None` : one;
}

/** @param {RecordField} field */
function recordValue({ name, type, list, byLog, nullable, optional }) {
  /** @param {string} value */
  const one = (value) => {
    if (type === "time") return `from_text(${value})`;
    const plain = ["text", "integer", "flag"].includes(type) || wordType(type) !== undefined;
    return plain ? value : `${type}.from_json(${value})`;
  };
  const value = `json[${text(name)}]`;
  // A list that is not there has nothing in it.
  const all = optional ? `json.get(${text(name)}, ())` : value;
  if (list) return `tuple(${one("one")} for one in ${all})`;
  if (byLog) return `{log: ${one("one")} for log, one in ${value}.items()}`;
  if (optional)
    return type === "flag" ? `json.get(${text(name)}, False)` : `json.get(${text(name)})`;
  if (nullable && one(value) !== value) return `None if ${value} is None else ${one(value)}`;
  return one(value);
}
