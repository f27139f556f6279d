import { describe, expect, test } from "vitest";
import type { World, WorldJob } from "../../../workshop/sandbox/world";
import { incident } from "../../../workshop/sandbox/worlds/incident";
import { type Call, gitlabOf, until, useSandbox } from "./harness";

const inventory = "/projects/security%2Finventory-builder";
const schedule = `${inventory}/pipeline_schedules/11`;
const tokens = "/groups/security/service_accounts/201/personal_access_tokens";
const finished = ["success", "failed", "canceled", "skipped", "manual"];

/** The incident with other jobs in the inventory builder, and a second branch that is not protected. */
function withJobs(jobs: readonly WorldJob[]): World {
  const world = incident();
  return {
    ...world,
    projects: world.projects.map((project) =>
      project.path === "security/inventory-builder" ? { ...project, jobs, branches: ["try"], pipelines: [] } : project,
    ),
  };
}

async function run(api: Call, project = inventory, ref = "main") {
  const { body } = await api("POST", `${project}/pipeline`, { ref });
  return done(api, body.id, project);
}

async function done(api: Call, id: number, project = inventory) {
  const seen = await until(
    async () => (await api("GET", `${project}/pipelines/${id}`)).body,
    (pipeline) => finished.includes(pipeline.status),
  );
  const { body } = await api("GET", `${project}/pipelines/${id}/jobs`);
  const jobs = body as { name: string; status: string; failure_reason?: string; id: number }[];
  return { id, status: seen.status, jobs, of: (name: string) => jobs.find((job) => job.name === name) };
}

describe("a job that takes two seconds", () => {
  const sandbox = useSandbox({ jobMilliseconds: 2000 });

  test("fails when its token is revoked while it runs", async () => {
    const api = gitlabOf(sandbox());
    const { token, id } = (await api("POST", tokens, { name: "n", scopes: ["api"] })).body;
    await api("PUT", `${inventory}/variables/GITLAB_API_TOKEN`, { value: token });
    const pipeline = (await api("POST", `${inventory}/pipeline`, { ref: "main" })).body;
    const jobs = `${inventory}/pipelines/${pipeline.id}/jobs?scope[]=running`;
    await until(
      async () => (await api("GET", jobs)).body,
      ([job]) => job?.name === "build-inventory",
    );
    await api("DELETE", `${tokens}/${id}`);
    expect((await done(api, pipeline.id)).status).toBe("failed");
  });
});

describe("the incident's pipelines", () => {
  const sandbox = useSandbox();

  test("the weekly run failed this morning, because of the job that needs the token", async () => {
    const api = gitlabOf(sandbox());
    const [schedule] = (await api("GET", `${inventory}/pipeline_schedules`)).body;
    const { body } = await api("GET", `${inventory}/pipeline_schedules/${schedule.id}`);
    expect(body.last_pipeline.status).toBe("failed");
    const { jobs } = await done(api, body.last_pipeline.id);
    expect(jobs.map((job) => [job.name, job.status, job.failure_reason])).toEqual([
      ["publish", "skipped", undefined],
      ["build-inventory", "failed", "script_failure"],
      ["lint", "success", undefined],
    ]);
  });

  test("a new one starts as created, fails with the dead value and passes with a living one", async () => {
    const api = gitlabOf(sandbox());
    const created = await api("POST", `${inventory}/pipeline`, { ref: "main" });
    expect([created.status, created.body.status, created.body.source]).toEqual([201, "created", "api"]);
    expect((await done(api, created.body.id)).status).toBe("failed");
    const { token } = (await api("POST", tokens, { name: "n", scopes: ["api"] })).body;
    await api("PUT", `${inventory}/variables/GITLAB_API_TOKEN`, { value: token });
    expect((await run(api)).status).toBe("success");
    const [used] = (await api("GET", `${tokens}?state=active`)).body;
    expect(used.last_used_at).not.toBeNull();
  });

  test("the value is read when the job starts, also when it is retried", async () => {
    const api = gitlabOf(sandbox());
    const failed = await run(api);
    const { token } = (await api("POST", tokens, { name: "n", scopes: ["api"] })).body;
    await api("PUT", `${inventory}/variables/GITLAB_API_TOKEN`, { value: token });
    const old = failed.of("build-inventory");
    const retried = await api("POST", `${inventory}/jobs/${old?.id}/retry`);
    expect(retried.status).toBe(201);
    expect(retried.body.id).toBeGreaterThan(old?.id ?? 0);
    const after = await done(api, failed.id);
    expect(after.status).toBe("success");
    expect(after.of("build-inventory")?.id).toBe(retried.body.id);
    expect(after.of("publish")?.status).toBe("success");
    const all = (await api("GET", `${inventory}/pipelines/${failed.id}/jobs?include_retried=true`)).body;
    expect(all).toHaveLength(4);
    const again = await api("POST", `${inventory}/jobs/${old?.id}/retry`);
    expect([again.status, again.body]).toEqual([403, { message: "403 Forbidden - Job is not retryable" }]);
  });

  test.each([
    ["too weak", { name: "n", scopes: ["read_api"] }, tokens],
    ["somebody else's", { name: "n", scopes: ["api"] }, tokens.replace("201", "202")],
  ])("a token that is %s fails the job", async (_name, wanted, path) => {
    const api = gitlabOf(sandbox());
    const { token } = (await api("POST", path, wanted)).body;
    await api("PUT", `${inventory}/variables/GITLAB_API_TOKEN`, { value: token });
    const failed = await run(api);
    expect(failed.of("build-inventory")?.failure_reason).toBe("script_failure");
    const trace = await api("GET", `${inventory}/jobs/${failed.of("build-inventory")?.id}/trace`);
    expect(trace.body).toMatch(/^ERROR: /);
    expect(trace.body).not.toContain(token);
  });

  test("retrying a green pipeline does nothing and still answers 201", async () => {
    const api = gitlabOf(sandbox());
    const scanner = "/projects/security%2Fscanner";
    const green = await run(api, scanner);
    expect(green.status).toBe("success");
    const retry = await api("POST", `${scanner}/pipelines/${green.id}/retry`);
    expect([retry.status, retry.body.id, retry.body.status]).toEqual([201, green.id, "success"]);
    expect((await done(api, green.id, scanner)).jobs).toEqual(green.jobs);
  });

  test("retrying a red pipeline runs what failed and what was skipped after it", async () => {
    const api = gitlabOf(sandbox());
    const red = await run(api);
    const { token } = (await api("POST", tokens, { name: "n", scopes: ["api"] })).body;
    await api("PUT", `${inventory}/variables/GITLAB_API_TOKEN`, { value: token });
    await api("POST", `${inventory}/pipelines/${red.id}/retry`);
    const green = await done(api, red.id);
    expect(green.status).toBe("success");
    expect(green.of("lint")?.id).toBe(red.of("lint")?.id);
    expect(green.of("build-inventory")?.id).not.toBe(red.of("build-inventory")?.id);
  });

  test.each([
    [{ ref: "nowhere" }, ["Reference not found"]],
    [{ ref: "main", variables: [{ key: "A", value: "b" }] }, ["Insufficient permissions to set pipeline variables"]],
  ])("a pipeline that cannot be made is a 400: %j", async (body, base) => {
    const answer = await gitlabOf(sandbox())("POST", `${inventory}/pipeline`, body);
    expect([answer.status, answer.body]).toEqual([400, { message: { base } }]);
  });

  test("a project without jobs has no pipelines", async () => {
    const answer = await gitlabOf(sandbox())("POST", "/projects/security%2Ftracker/pipeline", { ref: "main" });
    expect(answer.status).toBe(400);
    expect(answer.body.message.base[0]).toMatch(/^Pipeline will not run for the selected trigger\./);
  });

  test("a developer starts nothing on a protected branch", async () => {
    const api = gitlabOf(sandbox(), "developer");
    expect((await api("POST", `${inventory}/pipeline`, { ref: "main" })).status).toBe(403);
    expect((await api("POST", `${inventory}/pipeline_schedules/11/play`)).status).toBe(403);
    expect((await api("GET", `${inventory}/protected_branches`)).body[0].name).toBe("main");
  });

  test("a job can be made to fail for a number of runs, to hang, or to wait for a runner", async () => {
    const { gitlab } = sandbox();
    const api = gitlabOf(sandbox());
    const scanner = "/projects/security%2Fscanner";
    gitlab.armJob("security/scanner", "scan", { does: "fail", reason: "runner_system_failure" }, 1);
    expect((await run(api, scanner)).of("scan")?.failure_reason).toBe("runner_system_failure");
    expect((await run(api, scanner)).status).toBe("success");
    for (const [does, status] of [
      ["hang", "running"],
      ["wait", "pending"],
    ] as const) {
      gitlab.armJob("security/scanner", "scan", { does });
      const { id } = (await api("POST", `${scanner}/pipeline`, { ref: "main" })).body;
      const jobs = `${scanner}/pipelines/${id}/jobs?scope[]=${status}`;
      await until(
        async () => (await api("GET", jobs)).body,
        ([job]) => job?.name === "scan",
      );
      expect((await api("GET", `${scanner}/pipelines/${id}`)).body.status).toBe("running");
      expect((await api("POST", `${scanner}/pipelines/${id}/cancel`)).body.status).toBe("canceled");
    }
  });

  test("lists are newest first and filter by ref, status, source and time", async () => {
    const api = gitlabOf(sandbox());
    const made = await run(api);
    const ids = async (query: string) =>
      (await api("GET", `${inventory}/pipelines?${query}`)).body.map((one: { id: number }) => one.id);
    expect(await ids("")).toEqual([made.id, 20001]);
    expect(await ids("source=schedule")).toEqual([20001]);
    expect(await ids("status=success")).toEqual([]);
    expect(await ids("ref=try")).toEqual([]);
    expect(await ids("created_after=2026-11-23T07:00:00Z")).toEqual([made.id]);
    const wrong = await api("GET", `${inventory}/jobs?scope[]=alive`);
    expect([wrong.status, wrong.body]).toEqual([400, { message: "400 Bad request - Scope contains invalid value(s)" }]);
  });
});

describe("schedules", () => {
  // A play is seen before its pipeline is, on a busy machine too.
  const sandbox = useSandbox({ workerMilliseconds: 300 });

  test("play answers 201 without an id; the pipeline comes later and runs as the caller", async () => {
    const api = gitlabOf(sandbox());
    const before = (await api("GET", schedule)).body;
    const played = await api("POST", `${schedule}/play`);
    expect([played.status, played.body]).toEqual([201, { message: "201 Created" }]);
    expect((await api("GET", schedule)).body.last_pipeline.id).toBe(before.last_pipeline.id);
    const after = await until(
      async () => (await api("GET", schedule)).body,
      (seen) => seen.last_pipeline.id > before.last_pipeline.id,
    );
    expect(after.last_pipeline.source).toBe("schedule");
    expect(after.next_run_at).toBe(before.next_run_at);
    const pipeline = (await api("GET", `${inventory}/pipelines/${after.last_pipeline.id}`)).body;
    expect([pipeline.user.username, after.owner.username]).toEqual(["security-rotation", "on.call"]);
  });

  test("its pipelines come oldest first unless asked otherwise", async () => {
    const api = gitlabOf(sandbox());
    await api("POST", `${schedule}/play`);
    const ids = async (query: string) =>
      (await api("GET", `${schedule}/pipelines${query}`)).body.map((one: { id: number }) => one.id);
    const ascending = await until(
      () => ids(""),
      (found) => found.length === 2,
    );
    expect(ascending[0]).toBeLessThan(ascending[1]);
    expect(await ids("?sort=desc")).toEqual([...ascending].reverse());
  });

  test("a play that leads nowhere is a 201 like any other", async () => {
    const api = gitlabOf(sandbox());
    sandbox().gitlab.muteSchedule("security/inventory-builder", "Weekly - Monday mornings");
    expect((await api("POST", `${schedule}/play`)).status).toBe(201);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await api("GET", `${schedule}/pipelines`)).body).toHaveLength(1);
  });

  test("run by its cron line, the pipeline is the owner's; the next run is on Monday", async () => {
    const api = gitlabOf(sandbox());
    sandbox().gitlab.runSchedule("security/inventory-builder", "Weekly - Monday mornings");
    const after = await until(
      async () => (await api("GET", schedule)).body,
      (seen) => seen.last_pipeline.id !== 20001,
    );
    const pipeline = (await api("GET", `${inventory}/pipelines/${after.last_pipeline.id}`)).body;
    expect(pipeline.user.username).toBe("on.call");
    expect(after.next_run_at).toBe("2026-11-30T06:00:00.000Z");
  });
});

describe("a schedule whose pipeline nobody makes yet", () => {
  const sandbox = useSandbox({ workerMilliseconds: 60_000 });

  test("a second play while the first still waits is a 500", async () => {
    const api = gitlabOf(sandbox());
    const answers = await Promise.all([api("POST", `${schedule}/play`), api("POST", `${schedule}/play`)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 500]);
    expect(answers.find((answer) => answer.status === 500)?.body).toEqual({
      message: "Unable to schedule pipeline run immediately",
    });
  });
});

describe("kinds of jobs", () => {
  const needs = { variable: "GITLAB_API_TOKEN", user: "gl-security-inventory", scope: "api" };

  describe("one that may fail", () => {
    const sandbox = useSandbox({ world: withJobs([{ name: "soft", stage: "test", needs, allowFailure: true }]) });
    test("leaves the pipeline a success, although it failed", async () => {
      const seen = await run(gitlabOf(sandbox()));
      expect([seen.status, seen.of("soft")?.status]).toEqual(["success", "failed"]);
    });
  });

  describe("a manual one", () => {
    const jobs: WorldJob[] = [
      { name: "ask", stage: "test", when: "manual", allowFailure: false },
      { name: "then", stage: "deploy" },
    ];
    const sandbox = useSandbox({ world: withJobs(jobs) });
    test("holds the pipeline until somebody plays it", async () => {
      const api = gitlabOf(sandbox());
      const seen = await run(api);
      expect([seen.status, seen.of("ask")?.status, seen.of("then")?.status]).toEqual(["manual", "manual", "created"]);
      const played = await api("POST", `${inventory}/jobs/${seen.of("ask")?.id}/play`);
      expect(played.status).toBe(200);
      const after = await until(
        async () => (await api("GET", `${inventory}/pipelines/${seen.id}`)).body,
        (pipeline) => pipeline.status === "success",
      );
      expect(after.status).toBe("success");
      const again = await api("POST", `${inventory}/jobs/${seen.of("ask")?.id}/play`);
      expect([again.status, again.body]).toEqual([400, { message: "400 Bad request - Unplayable Job" }]);
    });
  });

  describe("with variables in several places", () => {
    const jobs: WorldJob[] = [{ name: "work", stage: "test", needs, environment: "production" }];
    const sandbox = useSandbox({ world: withJobs(jobs) });
    test("a protected variable does not reach an unprotected branch", async () => {
      const api = gitlabOf(sandbox());
      const { token } = (await api("POST", tokens, { name: "n", scopes: ["api"] })).body;
      await api("PUT", `${inventory}/variables/GITLAB_API_TOKEN`, { value: token });
      expect((await run(api, inventory, "try")).status).toBe("failed");
      expect((await run(api)).status).toBe("success");
    });

    test("the best environment scope wins, and the group's variable serves when the project has none", async () => {
      const api = gitlabOf(sandbox());
      const { token } = (await api("POST", tokens, { name: "n", scopes: ["api"] })).body;
      const variable = { key: "GITLAB_API_TOKEN", value: token };
      await api("POST", `${inventory}/variables`, { ...variable, environment_scope: "prod*" });
      expect((await run(api, inventory, "try")).status).toBe("success");
      await api("DELETE", `${inventory}/variables/GITLAB_API_TOKEN?filter[environment_scope]=prod*`);
      await api("DELETE", `${inventory}/variables/GITLAB_API_TOKEN`);
      expect((await run(api)).status).toBe("failed");
      await api("POST", "/groups/security/variables", variable);
      expect((await run(api)).status).toBe("success");
    });
  });
});

describe("trigger jobs", () => {
  const job = (trigger: WorldJob["trigger"]): WorldJob => ({
    name: "start",
    stage: "deploy",
    ...(trigger && { trigger }),
  });
  const scan = "security/scanner";

  describe("of a child pipeline", () => {
    const started = useSandbox({ world: withJobs([job({ jobs: [{ name: "inner", stage: "test" }] })]) });
    test("show it as a bridge, not as a job, and it is no pipeline of the list", async () => {
      const api = gitlabOf(started());
      const { id } = await run(api);
      const { body: bridges } = await api("GET", `${inventory}/pipelines/${id}/bridges`);
      expect(bridges).toEqual([expect.objectContaining({ name: "start", status: "success" })]);
      expect((await api("GET", `${inventory}/pipelines/${id}/jobs`)).body).toEqual([]);
      const child = bridges[0].downstream_pipeline;
      expect(child).toMatchObject({ source: "parent_pipeline", project_id: 301 });
      expect((await done(api, child.id)).status).toBe("success");
      const listed = (await api("GET", `${inventory}/pipelines`)).body.map((one: { id: number }) => one.id);
      expect(listed).toEqual([id]);
      expect((await api("GET", `${inventory}/pipelines/${id}/trigger_jobs`)).body).toEqual({ error: "404 Not Found" });
    });
  });

  describe("that wait for a pipeline of another project", () => {
    const started = useSandbox({ world: withJobs([job({ project: scan, waits: true })]) });
    test("end as it does", async () => {
      const api = gitlabOf(started());
      started().gitlab.armJob(scan, "scan", { does: "fail" });
      const { id, status } = await run(api);
      expect(status).toBe("failed");
      const { body } = await api("GET", `${inventory}/pipelines/${id}/bridges`);
      expect(body[0]).toMatchObject({ status: "failed", failure_reason: "downstream_pipeline_failed" });
      expect(body[0].downstream_pipeline).toMatchObject({ source: "pipeline", status: "failed" });
    });
  });
});
