import { wordType } from "../words.mjs";
import { docstring, module, snake, text } from "./spelling.mjs";

/**
 * @typedef {import("../definition.mjs").Interface} Interface
 * @typedef {import("../definition.mjs").RecordField} RecordField
 * @typedef {import("../definition.mjs").RecordShape} RecordShape
 */

/** What the end of a stream holds, which is sent on as JSON. */
const sent = new Set(["LogTotals", "SourceTotals", "DeliveredSession"]);

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
      ...(sent.has(record.name) ? [toJson(record)] : []),
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

/** @param {RecordShape} record */
function toJson({ fields }) {
  const values = fields.map((field) => `            ${text(field.name)}: ${jsonValue(field)},`);
  return [
    "    def to_json(self) -> dict[str, Any]:",
    '        """With the names that it has over HTTP."""',
    `        return {\n${values.join("\n")}\n        }\n`,
  ].join("\n");
}

/** @param {RecordField} field */
function jsonValue({ name, type, list, byLog, optional }) {
  const value = `self.${member(name)}`;
  if (isPlain(type) && !byLog && !optional) return list ? `list(${value})` : value;
  if (sent.has(type) && list) return `[one.to_json() for one in ${value}]`;
  throw new Error(`The field ${name} of type ${type} can not be written as JSON in Python yet.`);
}

/** Whether values are the same in JSON. @param {string} type */
function isPlain(type) {
  return ["text", "integer", "flag"].includes(type) || wordType(type) !== undefined;
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
  if (list) return optional ? `Sequence[${one}] | None` : `Sequence[${one}]`;
  if (byLog) return `Mapping[LogName, ${one}]`;
  // A flag that is not there is not set.
  return nullable || (optional && type !== "flag") ? `${one} | None` : one;
}

/** @param {RecordField} field */
function recordValue({ name, type, list, byLog, nullable, optional }) {
  /** @param {string} value */
  const one = (value) => {
    if (type === "time") return `from_text(${value})`;
    return isPlain(type) ? value : `${type}.from_json(${value})`;
  };
  const value = `json[${text(name)}]`;
  if (list) {
    const all = `tuple(${one("one")} for one in ${value})`;
    return optional ? `None if ${text(name)} not in json else ${all}` : all;
  }
  if (byLog) return `{log: ${one("one")} for log, one in ${value}.items()}`;
  if (optional)
    return type === "flag" ? `json.get(${text(name)}, False)` : `json.get(${text(name)})`;
  if (nullable && one(value) !== value) return `None if ${value} is None else ${one(value)}`;
  return one(value);
}
