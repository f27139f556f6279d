import { defineConfig } from "vitest/config";

// Scenarios play on two engines and take minutes, so they run when asked for: `npm run scenarios`.
const asked = process.argv.some((argument) => argument.includes("scenarios"));

export default defineConfig({
  test: {
    env: { PULUMI_ERROR_OUTPUT_STRING: "true" },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      asked
        ? {
            extends: true,
            test: { name: "scenarios", include: ["test/scenarios/**/*.test.ts"], fileParallelism: false },
          }
        : { extends: true, test: { name: "unit", include: ["test/**/*.test.ts"], exclude: ["test/scenarios/**"] } },
    ],
  },
});
