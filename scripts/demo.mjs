// Builds a web app in a sandbox and shows that no byte of what it says is lost.
//
//   npm run demo                        in a namespace sandbox
//   npm run demo -- --runtime process   without isolation, where namespaces are not allowed
//   npm run demo -- --keep              leaves the app's page up until Ctrl-C
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";
import { installPackages } from "./npm.mjs";
import { root } from "./paths.mjs";

const { values } = parseArgs({
  options: {
    runtime: { type: "string", default: "namespace" },
    keep: { type: "boolean", default: false },
  },
});
const rust = bootstrap();
installPackages(join(root, "examples/web-app"));
const { build } = await import("./build/build.mjs");
await build(rust);
const { demo } = await import("./demo/demo.mjs");
process.exitCode = await demo(values);
