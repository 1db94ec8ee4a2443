// Builds what is published, packs it, and publishes it.
//
//   npm run release -- --dry-run   packs into dist/ and shows what would be in there; publishes nothing
//   npm run release                also gives versions by the changesets, and publishes
import { parseArgs } from "node:util";
import { bootstrap } from "./bootstrap.mjs";

const { values } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } });
const rust = bootstrap();
if (!rust) throw new Error("a release is built from source: it needs Rust on the PATH");
const { release } = await import("./release/release.mjs");
await release(rust, { dryRun: values["dry-run"] });
