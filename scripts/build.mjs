import { bootstrap } from "./bootstrap.mjs";

const rust = bootstrap();
const { build } = await import("./build/build.mjs");
await build(rust);
