#!/usr/bin/env node
// `npx silt`: hands over to the native command. The SDK never goes through here.
import { spawn } from "node:child_process";
import { executable } from "../dist/native/executable.js";

let program;
try {
  program = executable();
} catch (error) {
  process.stderr.write(`silt: ${error.message}\n`);
  process.exit(1);
}
const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
// The terminal sends Ctrl-C to both; only the command decides what it means.
for (const signal of ["SIGINT", "SIGQUIT"]) process.on(signal, () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  process.stderr.write(`silt: ${program} can not be started: ${error.message}\n`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
