// Opens a following stream of a sandbox, or of a session that runs on, and leaves it alone: nothing keeps the
// process alive.
//
//   node idle.mjs NAME unread|waited|session
import { Sandbox } from "@silt/sandbox";

const [name = "", how] = process.argv.slice(2);
const handle = await Sandbox.get(name);
let stream;
if (how === "session") {
  const sandbox = await handle.connect();
  const session = await sandbox.spawn("sh", ["-c", "echo one; exec sleep 1000"]);
  stream = await session.logStream({ follow: true });
  await stream.recv();
  const waiting = stream.recv();
  await stream.close();
  await waiting;
} else stream = await handle.logStream({ follow: true });
if (how === "waited") {
  // Somebody waited once, and does not any more.
  await stream.recv();
}
process.stdout.write("left");
