// Puts the cases of conformance/ to every client that is here, and shows what differs; see conformance/README.md.
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";

const { values } = parseArgs({
  options: {
    client: { type: "string", multiple: true },
    case: { type: "string", multiple: true },
    way: { type: "string", multiple: true },
    batch: { type: "string", multiple: true },
    generate: { type: "boolean", default: false },
    "keep-cursors": { type: "boolean", default: false },
  },
});
const rust = bootstrap();
const { staleFixtures, writeFixtures } = await import("./conformance/fixtures/write.mjs");
if (values.generate) {
  process.stdout.write(`${await writeFixtures()} files of fixtures written\n`);
} else {
  const { build } = await import("./build/build.mjs");
  await build(rust);
  const { conformance, keepThisVersion } = await import("./conformance/conformance.mjs");
  if (values["keep-cursors"]) {
    process.stdout.write(`${await keepThisVersion()} cursors kept\n`);
  } else {
    process.exitCode = await conformance(values, await staleFixtures());
  }
}
