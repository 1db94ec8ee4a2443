/** Where a log is: a sandbox by its name, or a folder. */
export type LogSource = { home: string; name: string } | { folder: string };
