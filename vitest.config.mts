import { defineConfig } from "vitest/config";

// In a job of GitLab CI/CD the tests are not about that job, its project or its credentials.
for (const name of Object.keys(process.env)) if (/^(CI|GITLAB|PAT_ROTATION)_/.test(name)) delete process.env[name];

// What takes minutes runs when asked for: `npm run e2e` (all end-to-end tests), `npm run scenarios` (the engines).
const asked = ["e2e", "scenarios"].find((name) => process.argv.includes(name));
const long = [
  "adoption",
  "credential",
  "emergency",
  "ending",
  "health",
  "independence",
  "changes",
  "kinds",
  "owned",
  "sections",
  "self",
  "selfKill",
  "crash",
  "tracking",
  "trackingKill",
].map((name) => `test/e2e/${name}.test.ts`);
// Each runs gitlab-ci-local.
const ci = ["jobs", "pipelines"].map((name) => `test/ci/${name}.test.ts`);

const projects = {
  unit: {
    name: "unit",
    include: ["test/**/*.test.ts"],
    exclude: ["test/scenarios/**", "test/takeover/**", ...long, ...ci],
  },
  e2e: { name: "e2e", include: ["test/e2e/**/*.test.ts", "test/takeover/**/*.test.ts", ...ci] },
  scenarios: { name: "scenarios", include: ["test/scenarios/**/*.test.ts"], fileParallelism: false },
};

export default defineConfig({
  test: {
    env: { PULUMI_ERROR_OUTPUT_STRING: "true" },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // End-to-end tests mostly wait for processes of their own: two at a time, also on two cores, where one is the default.
    maxWorkers: 2,
    projects: [{ extends: true, test: asked === undefined ? projects.unit : projects[asked as keyof typeof projects] }],
  },
});
