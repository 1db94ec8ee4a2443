// Generated from crates/silt-interface by `npm run generate`. Do not edit.

/** A method of the core. */
export type Method =
  | "create"
  | "start"
  | "connect"
  | "disconnect"
  | "get"
  | "list"
  | "stop"
  | "kill"
  | "remove"
  | "spawn"
  | "write"
  | "closeStdin"
  | "signal"
  | "resize"
  | "wait"
  | "expose"
  | "readFile"
  | "writeFile"
  | "listFiles"
  | "removeFile"
  | "openLog"
  | "verifyLog";
