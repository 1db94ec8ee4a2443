import { expect, test } from "vitest";
import * as sdk from "../src/index.js";

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
