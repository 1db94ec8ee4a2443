// Opens a following stream of a sandbox and leaves it alone: nothing keeps the process alive.
//
//   node idle.mjs NAME unread|waited
import { Sandbox } from "@silt/sandbox";

const [name = "", how] = process.argv.slice(2);
const stream = await (await Sandbox.get(name)).logStream({ follow: true });
if (how === "waited") {
  // Somebody waited once, and does not any more.
  await stream.recv();
}
process.stdout.write("left");
