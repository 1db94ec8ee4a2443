// Reads a folder's log when it has nothing else to do, and says how often that was.
//
//   node exiting.mjs FOLDER
import { LogDirectory } from "@silt/sandbox";

const directory = await LogDirectory.open(process.argv[2] ?? "");
let times = 0;
process.on("beforeExit", async () => {
  times += 1;
  if (times === 100) process.exit(1);
  const lines = (await directory.logs()).length;
  for await (const _ of await directory.logStream());
  if (lines === 0) process.exit(2);
});
process.on("exit", () => process.stdout.write(`${times}`));
