// Rewrites the code as the formatters want it.
import { bootstrap } from "./bootstrap.mjs";
import { root } from "./paths.mjs";
import { step } from "./step.mjs";

const rust = bootstrap();
const { $ } = await import("zx");
const shell = $({ cwd: root, preferLocal: root, stdio: "inherit" });
await step(shell`biome check --write .`);
if (rust) await step(shell`cargo fmt --all`);
