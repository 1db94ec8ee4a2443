import { c } from "./c.mjs";
import { golang } from "./go.mjs";
import { python } from "./python.mjs";
import { reference } from "./reference.mjs";
import { typescript } from "./typescript.mjs";

/** Who is generated. A language more is a file beside this one and a line here. */
/** @type {readonly import("./definition.mjs").Language[]} */
export const languages = [typescript, c, python, golang, reference];
