// The second reader, a process of its own: goes on from a cursor until its parent says that the build has ended.
//
//   node resume.mjs NAME CURSOR FOLDER LAST     (with SILT_HOME in the environment)
import { Sandbox } from "@silt/sandbox";
import { Reader } from "./reader.mjs";
import { show } from "./show.mjs";

const [name = "", fromCursor = "", folder = "", last = "0"] = process.argv.slice(2);
const reader = new Reader(folder, Number(last));
const handle = await Sandbox.get(name);
const live = await handle.logStream({ fromCursor, sources: "all", follow: true });
process.once("message", () => live.close());

await read(live);
// The log goes on after the build, so the reader was told to stop: what it had not taken yet comes from the disk.
await read(await handle.logStream({ fromCursor: live.position, sources: "all" }));
process.send?.(reader.save(), () => process.disconnect());

/** @param {import("@silt/sandbox").LogStream} stream */
async function read(stream) {
  for await (const entry of stream) {
    if (entry.type !== "entry") continue;
    show(entry);
    reader.add(entry);
  }
}
