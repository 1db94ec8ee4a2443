import { readFileSync } from "node:fs";

/** Ticks of `/proc` a second, for every program on Linux. */
const TICKS = 100;

/** Since `npm run demo` was started, or this program where npm has no part in it. */
export function secondsSinceStart() {
  const uptime = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
  return uptime - startOf(npm() ?? process.pid);
}

/** The npm that runs this script; between the two there may be its shell. */
function npm() {
  if (process.env.npm_lifecycle_event !== "demo") return undefined;
  let pid = process.ppid;
  for (let generations = 0; generations < 2 && pid > 1; generations += 1) {
    if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("npm")) return pid;
    pid = Number(fieldsOf(pid)[1]);
  }
  return undefined;
}

/** When a process was started, in seconds since the machine was. @param {number} pid */
function startOf(pid) {
  return Number(fieldsOf(pid)[19]) / TICKS;
}

/** Of `/proc/PID/stat`, from the state on: a name before it may have spaces. @param {number} pid */
function fieldsOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
