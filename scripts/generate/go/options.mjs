import { columns, go, prose } from "./text.mjs";
import { constant } from "./words.mjs";

/**
 * @typedef {import("../definition.mjs").Interface} Interface
 * @typedef {import("../definition.mjs").Option} Option
 * @typedef {import("../definition.mjs").Shape} Shape
 */

/** `silt.Options` is what a sandbox is made of; the others keep their names. @param {string} name */
export const typeName = (name) => (name === "SandboxOptions" ? "Options" : name);

/** What only this language has, beside the options of a shape. */
export const extended = [
  {
    name: "ExecOptions",
    base: "CommandOptions",
    doc: "How a command is run and waited for.",
    fields: [
      ["Standard input, which ends after it. Default: nil, which is none.", "Input []byte"],
      [
        "Gets stdout, or what a terminal shows, as it comes, on the goroutine that called.",
        "OnStdout func(data []byte)",
      ],
      ["Gets stderr as it comes, on the goroutine that called.", "OnStderr func(data []byte)"],
    ],
  },
  {
    name: "SpawnOptions",
    base: "CommandOptions",
    doc: "How a command is started.",
    fields: [
      [
        "Whether its standard input is /dev/null, and not what Write gives. Default: false.",
        "NoStdin bool",
      ],
    ],
  },
];

/** @param {Interface} definition */
export function options({ options, words }) {
  const shapes = options.filter(({ name }) => name !== "CommandOptions");
  const command = options.find(({ name }) => name === "CommandOptions");
  const all = options.flatMap((shape) => shape.options);
  return [
    'import "time"',
    ...choices(all, words),
    ...shapes.flatMap((shape) => [
      struct(typeName(shape.name), shape.doc, shape.options, [], words),
      wire(shape),
    ]),
    ...extended.flatMap(({ name, doc, fields }) => {
      const shape = { name, doc, options: command?.options ?? [] };
      return [struct(name, doc, shape.options, fields, words), wire(shape)];
    }),
  ].join("\n\n");
}

/** Choices with words of their own, by the name of their option. @param {Option[]} options @param {Interface["words"]} words */
function choices(options, words) {
  const own = options.filter((option) => option.type === "choice" && !isLevel(option, words));
  const once = [...new Map(own.map((option) => [option.name, option])).values()];
  return once.map((option) => {
    const type = go(option.name);
    const rows = (option.words ?? []).map((word) => [
      constant(type, word),
      type,
      `= ${JSON.stringify(word)}`,
    ]);
    return `// ${type} is a choice of [${owner(option.name)}].\ntype ${type} string\n\nconst (\n${columns(rows, "\t")}\n)`;
  });
}

const owners = new Map([
  ["onGap", "LogStreamOptions"],
  ["sync", "LogOptions"],
  ["compress", "LogOptions"],
]);
/** @param {string} name */
const owner = (name) => owners.get(name) ?? "Options";

/** @param {Option} option @param {Interface["words"]} words */
function isLevel(option, words) {
  return option.name === "level" && option.words?.join() === words.levels?.join();
}

/** @param {Option} option @param {Interface["words"]} words */
export function choiceType(option, words) {
  return isLevel(option, words) ? "Level" : go(option.name);
}

/** Whether the zero value of its type says something else than the default does. @param {Option} option */
function needsPointer({ type, default: standard, min }) {
  return (type === "flag" && standard === "true") || (type === "integer" && min === 0);
}

/** @param {Option} option @param {Interface["words"]} words @returns {string} */
export function optionType(option, words) {
  const pointer = needsPointer(option) ? "*" : "";
  switch (option.type) {
    case "text":
      return "string";
    case "flag":
      return `${pointer}bool`;
    case "integer":
      return `${pointer}int64`;
    case "duration":
      return "time.Duration";
    case "time":
      return "time.Time";
    case "choice":
      return choiceType(option, words);
    case "sources":
      return "[]Source";
    case "sessionIds":
      return "[]int64";
    case "environment":
      return "map[string]string";
    case "object":
      return typeName(option.shape ?? "");
    case "objects":
      return `[]${option.shape}`;
    case "flagOrObject":
      return `*${option.shape}`;
    default:
      throw new Error(`The type ${option.type} of ${option.name} has no Go type yet.`);
  }
}

/** @param {string} name @param {string} doc @param {Option[]} options @param {string[][]} further @param {Interface["words"]} words */
function struct(name, doc, options, further, words) {
  const names = options.map((option) => option.name);
  const members = options.map((option) => {
    const about = [
      prose(option.doc, names),
      option.default === "required" ? "Required." : `Default: ${option.default}.`,
    ];
    if (option.excludes) about.push(`Not together with ${option.excludes.map(go).join(", ")}.`);
    if (option.type === "flagOrObject")
      about.push("Its zero value is a terminal of the default size.");
    if (needsPointer(option)) about.push("[Given] makes its pointer.");
    const text = about
      .join(" ")
      .replaceAll(/\[([A-Za-z]+)\]/g, (whole, field) => (field === "Given" ? whole : field));
    return `\t// ${text}\n\t${go(option.name)} ${optionType(option, words)}`;
  });
  const extra = further.map(([about, field]) => `\t// ${about}\n\t${field}`);
  return [
    `// ${name} is a set of options. ${doc} A zero value is the default.`,
    `type ${name} struct {\n${[...members, ...extra].join("\n")}\n}`,
  ].join("\n");
}

/** What becomes the JSON that the core reads, with what excludes each other refused. @param {Shape} shape */
function wire({ name, options }) {
  const puts = options.map((option) => `\t${put(option)}`);
  const excluded = options.flatMap((option) =>
    (option.excludes ?? []).map((other) => `\tw.exclude("${option.name}", "${other}")`),
  );
  const lines = ["\tw := &wire{}", ...puts, ...excluded, "\treturn w"];
  return `func (o ${typeName(name)}) wire() *wire {\n${lines.join("\n")}\n}`;
}

/** @param {Option} option */
function put(option) {
  const name = JSON.stringify(option.name);
  const field = `o.${go(option.name)}`;
  if (needsPointer(option)) return `pointer(w, ${name}, ${field})`;
  switch (option.type) {
    case "choice":
      return `w.text(${name}, string(${field}))`;
    case "object":
      return `w.object(${name}, ${field}.wire())`;
    case "objects":
      return `objects(w, ${name}, ${field})`;
    case "flagOrObject":
      return `optional(w, ${name}, ${field})`;
    case "sources":
    case "sessionIds":
      return `list(w, ${name}, ${field})`;
    default:
      return `w.${option.type}(${name}, ${field})`;
  }
}
