import { afterAll, beforeAll, expect, test } from "vitest";
import { approved as run } from "../../commands/ci/approved";
import type { Outcome } from "../../commands/command";
import type { Sandbox } from "../../workshop/sandbox/controls";
import { startSandbox } from "../../workshop/sandbox/sandbox";
import { Repository } from "../ci/repository";

let sandbox: Sandbox;
let repository: Repository;
const commits: string[] = [];

beforeAll(async () => {
  sandbox = await startSandbox();
  repository = new Repository({ "a.txt": "1" });
  commits.push(repository.commit({ "a.txt": "2" }), repository.commit({ "a.txt": "3" }));
  repository.refresh();
});
afterAll(async () => {
  repository.remove();
  await sandbox.stop();
});

const path = "security/tracker";
const startedAt = "2026-11-20T10:00:00.000Z";

interface Entry {
  readonly sha: string;
  readonly ref?: string;
  readonly environment?: string;
  readonly job?: string | null;
  readonly startedAt?: string | null;
  readonly status?: string;
}

/** Gives the project these deployments, oldest first, and asks for the approved commit. */
function approved(...entries: readonly Entry[]): Promise<Outcome> {
  const project = sandbox.gitlab.state.projects.get(path);
  if (project === undefined) throw new Error("the world has the project");
  project.deployments.splice(0, Number.POSITIVE_INFINITY);
  entries.forEach((entry, index) => {
    project.deployments.push({
      id: index + 1,
      environment: entry.environment ?? "rotation",
      ref: entry.ref ?? "main",
      sha: entry.sha,
      status: entry.status ?? "success",
      userId: 12,
      createdAt: startedAt,
      ...(entry.job === null
        ? {}
        : {
            job: {
              id: 900 + index,
              name: entry.job ?? "rotation-up",
              startedAt: entry.startedAt === undefined ? startedAt : entry.startedAt,
            },
          }),
    });
  });
  const environment = {
    CI_SERVER_URL: sandbox.gitlab.url,
    CI_JOB_TOKEN: sandbox.gitlab.jobToken("on.call"),
    CI_PROJECT_ID: String(project.id),
    CI_DEFAULT_BRANCH: "main",
  };
  return run(["--environment", "rotation", "--job", "rotation-up"], { folder: repository.clone, environment });
}

test("the newest commit that a person let through is printed, with who and when", async () => {
  const [older = "", newer = ""] = commits;
  const { code, stdout, stderr } = await approved({ sha: newer, status: "failed" }, { sha: older });
  expect([code, stdout]).toEqual([0, `${older}\n`]);
  expect(stderr).toBe(
    `Approved: ${older}, by the job "rotation-up" (901) that on.call started on ${startedAt}. 1 later commit waits for approval.\n`,
  );
});

test("one that failed or still runs was approved all the same; one that waits was not", async () => {
  const [older = "", newer = ""] = commits;
  expect((await approved({ sha: older }, { sha: newer, status: "failed" })).stdout).toBe(`${newer}\n`);
  expect((await approved({ sha: older }, { sha: newer, status: "running" })).stdout).toBe(`${newer}\n`);
  expect((await approved({ sha: older }, { sha: newer, status: "blocked", startedAt: null })).stdout).toBe(
    `${older}\n`,
  );
  expect((await approved({ sha: older }, { sha: newer, status: "created", startedAt: null })).stdout).toBe(
    `${older}\n`,
  );
});

test("what a developer can forge is no approval", async () => {
  const [older = "", newer = ""] = commits;
  const forged: readonly Entry[] = [
    { sha: newer, job: null },
    { sha: newer, ref: "feature" },
    { sha: newer, job: "rotation-preview" },
    { sha: newer, environment: "staging" },
  ];
  for (const entry of forged) expect((await approved({ sha: older }, entry)).stdout).toBe(`${older}\n`);
});

test("with nothing approved there is no commit, but what to do", async () => {
  const { code, stdout, stderr } = await approved();
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain('no job "rotation-up" of branch "main" was ever started in environment "rotation"');
  expect(stderr).toContain('start its job "rotation-up"');
});

test("a commit outside of the history at hand is refused, and so is what is no commit", async () => {
  const outside = repository.request(1, { "a.txt": "4" });
  for (const sha of [outside, "0".repeat(40), "--help", "$(id)", "main"]) {
    const { code, stdout, stderr } = await approved({ sha });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("is not in the history of the commit at hand");
  }
});

test("outside of a job, and without its flags, it says what is missing", async () => {
  const { code, stderr } = await run(["--environment", "rotation"], { folder: repository.clone, environment: {} });
  expect([code, stderr.includes("--job")]).toEqual([2, true]);
  const environment = { CI_PROJECT_ID: "1", CI_DEFAULT_BRANCH: "main", CI_SERVER_URL: sandbox.gitlab.url };
  const args = ["--environment", "rotation", "--job", "rotation-up"];
  const tokenless = await run(args, { folder: repository.clone, environment });
  expect([tokenless.code, tokenless.stderr.includes("CI_JOB_TOKEN")]).toEqual([1, true]);
});

test("the deployments are read with the job's token alone, a page at a time", async () => {
  const before = sandbox.gitlab.requests.length;
  await approved({ sha: commits[0] ?? "" });
  const asked = sandbox.gitlab.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatch(/^GET \/api\/v4\/projects\/\d+\/deployments/);
});
