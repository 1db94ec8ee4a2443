import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The top of the checkout, without a slash at its end. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** Where the binding's package keeps what was built for this machine: the library and, beside it, the executable. */
export const binding = join(root, "bindings/node");

export const executable = join(binding, "silt");

/** Where the programs are that the tests run in sandboxes. */
export const testPrograms = join(root, "packages/sandbox/test/programs/native");

/** Where the C library is put, shared and static. */
export const library = join(root, "bindings/c/lib");
