import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    env: { PULUMI_ERROR_OUTPUT_STRING: "true" },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
