import { defineConfig } from "vitest/config";

// In a job of GitLab CI/CD the tests are not about that job, its project or its credentials.
for (const name of Object.keys(process.env)) if (/^(CI|GITLAB|PAT_ROTATION)_/.test(name)) delete process.env[name];

// `npm test` runs the unit tests and these of the end-to-end tests; `npm run e2e` all of those, `npm run scenarios` the plays of the engines.
const short = ["commands/closing", "crashes/kill", "rotation/fineGrained", "rotation/promise", "rotation/rotation"]
  .concat(["faults", "foreseen", "narrowCredential"].map((name) => `faults/${name}`))
  .map((name) => `test/e2e/${name}.test.ts`);
// Each runs gitlab-ci-local.
const ci = ["jobs", "pipelines", "stacks"].map((name) => `test/ci/${name}.test.ts`);
const apart = ["test/e2e/**", "test/takeover/**", "test/scenarios/**", ...ci];

export default defineConfig({
  test: {
    env: { PULUMI_ERROR_OUTPUT_STRING: "true" },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // End-to-end tests mostly wait for processes of their own: two at a time, also on two cores, where one is the default.
    maxWorkers: 2,
    // Each is there always, so that any test runs by its path: `npx vitest run test/e2e/rotation/self.test.ts`.
    projects: [
      { extends: true, test: { name: "unit", include: ["test/**/*.test.ts"], exclude: apart } },
      { extends: true, test: { name: "short", include: short } },
      {
        extends: true,
        test: { name: "long", include: ["test/e2e/**/*.test.ts", "test/takeover/**/*.test.ts", ...ci], exclude: short },
      },
      { extends: true, test: { name: "scenarios", include: ["test/scenarios/**/*.test.ts"], fileParallelism: false } },
    ],
  },
});
