import { spawn } from "node:child_process";
import { once } from "node:events";

/** Runs a program to its end. @param {string} program @param {string[]} args */
export async function run(program, args) {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with status ${code}`);
}
