// Makes the API documentation of both languages: docs/api/typescript, and target/…/doc of cargo.
import { bootstrap } from "./bootstrap.mjs";
import { root } from "./paths.mjs";
import { step } from "./step.mjs";
import { cargoEnvironment } from "./toolchain.mjs";

const rust = bootstrap();
const { $ } = await import("zx");
const { build } = await import("./build/build.mjs");
await build(rust);
await step($({ cwd: root, preferLocal: root, stdio: "inherit" })`typedoc`);
if (rust) {
  const env = cargoEnvironment(rust, { RUSTDOCFLAGS: "-D warnings" });
  await step($({ cwd: root, env, stdio: "inherit" })`cargo doc --release --no-deps --workspace`);
}
