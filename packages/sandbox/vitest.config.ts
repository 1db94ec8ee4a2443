import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Sandboxes are processes: more files at once than cores only wait for each other.
    maxWorkers: 2,
    coverage: { include: ["src/**"], exclude: ["src/generated/**"] },
  },
});
