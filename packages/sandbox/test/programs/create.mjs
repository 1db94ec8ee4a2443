// Makes a sandbox and says as JSON, on standard output, what came of it.
//
//   node create.mjs OPTIONS
import { RuntimeUnavailable, Sandbox } from "@silt/sandbox";

const options = JSON.parse(process.argv[2] ?? "{}");
const made = await Sandbox.create(options).catch((error) => error);
const outcome = {};
if (made instanceof RuntimeUnavailable) {
  const { code, message, runtime, retryable } = made;
  Object.assign(outcome, { code, message, runtime, retryable });
} else if (made instanceof Error) throw made;
else {
  const { stdout } = await made.shell("echo it runs");
  Object.assign(outcome, { runtime: made.info.runtime, stdout });
  await made.remove({ force: true });
}
outcome.left = (await Sandbox.list()).length;
process.stdout.write(JSON.stringify(outcome));
