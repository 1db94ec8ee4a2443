import { expect, test } from "vitest";
import * as sdk from "../src/index.js";
import { Program } from "./programs/reader.js";

test("what can be imported is what is meant to be", () => {
  expect(Object.keys(sdk).sort()).toEqual([
    "Corruption",
    "InvalidArgument",
    "InvalidCursor",
    "LimitUnavailable",
    "LogDirectory",
    "LogEntry",
    "LogGap",
    "LogStream",
    "MissedRotation",
    "RuntimeUnavailable",
    "Sandbox",
    "SandboxExists",
    "SandboxHandle",
    "SandboxNotFound",
    "SandboxNotRunning",
    "SiltError",
    "SourceReplaced",
    "Truncated",
  ]);
});

test("who imports it can print as before, more than a pipe holds at once", async () => {
  const program = new Program("printing.mjs", String(8 << 20));
  const { status, output } = await program.ended();
  expect({ status, bytes: output.length }).toEqual({ status: 0, bytes: 8 << 20 });
});
