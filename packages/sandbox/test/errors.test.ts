import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { errorFromData } from "../src/errors/from-data.js";
import * as sdk from "../src/index.js";

const definition = new URL("../../../crates/silt-interface/interface.json", import.meta.url);
const { errors } = JSON.parse(readFileSync(definition, "utf8")) as {
  errors: { code: string; class: boolean }[];
};

const exported = new Map<string, unknown>(Object.entries(sdk));

/** An error as a core would tell it that knows this code. */
function told(code: string) {
  const fields = { moon: "full" };
  return errorFromData(JSON.stringify({ code, message: "said", retryable: true, fields }));
}

describe("an error that the core tells", () => {
  test.each(errors)("as $code has the class that it is documented with", (kind) => {
    const error = told(kind.code);
    expect(error).toBeInstanceOf(sdk.SiltError);
    expect(error.constructor).toBe(exported.get(kind.class ? kind.code : "SiltError"));
    expect(error.code).toBe(kind.code);
    expect(error.name).toBe(kind.class ? kind.code : "SiltError");
  });

  // Names that every object has are no codes, and "__proto__" is no class.
  test.each(["WrongMoon", "toString", "constructor", "__proto__", ""])(
    "with the code %j of a newer release is a plain SiltError, with all that was said",
    (code) => {
      const error = told(code);
      expect(error.constructor).toBe(sdk.SiltError);
      expect(error).toMatchObject({ code, message: "said", retryable: true, moon: "full" });
    },
  );
});
