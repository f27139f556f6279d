import { describe, expect, it } from "vitest";
import { createPipeline } from "../../../../clients/gitlab/pipelines/pipelines";
import { servers } from "../../../../clients/servers";
import { account } from "../../../../providers/runbook/account/account";
import { accountInputs, benches, inventory, refusal } from "../bench";
import { placed, prove } from "../proof/proofs";

const bench = benches();
const { project } = inventory;
const observed = { project, observed: true, jobs: ["build-inventory"], waitMinutes: 0 };

/** A pipeline that runs by itself, to its end. */
async function runs(ref = "main"): Promise<void> {
  const { pipelines } = bench().sandbox.gitlab.state;
  const { id } = await createPipeline(servers(bench().context).gitlab(), project, ref);
  while (!["success", "failed"].includes(pipelines.get(id)?.status ?? "")) {
    await new Promise((done) => setTimeout(done, 20));
  }
}

const posts = () =>
  bench()
    .requests()
    .filter((request) => request.startsWith("POST"));

describe("jobs that are observed", () => {
  it("prove the token when they have run by themselves since the places hold it", async () => {
    await runs();
    const inputs = await placed(bench(), [observed]);
    const first = await prove(inputs, bench());
    expect(first.outputs).toMatchObject({
      status: "running",
      attempts: 0,
      runs: [{ target: 'job "build-inventory"' }],
    });
    await runs();
    bench().requests();
    const next = await prove(inputs, bench(), first.outputs);
    expect(next.outputs).toMatchObject({
      status: "passed",
      runs: [{ jobs: [{ name: "build-inventory", status: "success" }] }],
    });
    expect(posts()).toEqual([]);
  });

  it("count on the default branch only", async () => {
    const { sandbox } = bench();
    sandbox.gitlab.state.projects.get(project)?.branches.push("feature");
    const inputs = await placed(bench(), [observed]);
    await runs("feature");
    expect((await prove(inputs, bench())).outputs.status).toBe("running");
  });

  it("count on the ref that is declared, and on no other", async () => {
    bench().sandbox.gitlab.state.projects.get(project)?.branches.push("release");
    bench().sandbox.gitlab.state.projects.get(project)?.protectedBranches.push("release");
    const inputs = await placed(bench(), [{ ...observed, ref: "release" }]);
    await runs();
    const first = await prove(inputs, bench());
    expect(first.outputs).toMatchObject({
      status: "running",
      runs: [{ target: 'job "build-inventory" on "release"' }],
    });
    await runs("release");
    expect((await prove(inputs, bench(), first.outputs)).outputs.status).toBe("passed");
  });

  it("that were canceled, or wait for a person, say nothing", async () => {
    const { state } = bench().sandbox.gitlab;
    const inputs = await placed(bench(), [observed]);
    await runs();
    for (const status of ["canceled", "manual", "skipped"]) {
      for (const job of state.jobs.values())
        if (job.pipelineId === [...state.pipelines.keys()].at(-1)) job.status = status;
      expect((await prove(inputs, bench())).outputs).toMatchObject({ status: "running", attempts: 0 });
    }
  });

  it("that failed, and did not succeed since, fail the proof", async () => {
    const inputs = await placed(bench(), [observed]);
    bench().sandbox.gitlab.armJob(project, "build-inventory", { does: "fail" });
    await runs();
    const { told } = await prove(inputs, bench());
    expect(told).toContain('job "build-inventory" is "failed" (script_failure)');
  });

  it("may be declared without a schedule, a ref or a job", async () => {
    expect(account.check?.({ ...accountInputs({ pipelines: [observed] }) }, bench().context)).toEqual([]);
    const { observed: _, ...neither } = observed;
    expect(account.check?.({ ...accountInputs({ pipelines: [neither] }) }, bench().context)).toHaveLength(1);
    const found = await account.create(accountInputs({ pipelines: [observed] }), bench().context);
    expect(found.outputs.userId).toBe(201);
  });
});

describe("before anything is minted, a pipeline that would not see the variable is found", () => {
  const faults = (changes: Parameters<typeof accountInputs>[0]) =>
    refusal(account.create(accountInputs(changes), bench().context));
  const hidden = (key: string) => `runs on "feature", which is not protected, and variable "${key}" is`;

  it.each([
    ["declared so", { project, key: "GITLAB_API_TOKEN", protected: true }, "GITLAB_API_TOKEN"],
    ["as it is", { project, key: "GITLAB_API_TOKEN" }, "GITLAB_API_TOKEN"],
    ["of the group above", { group: "security", key: "TEAM_TOKEN", protected: true }, "TEAM_TOKEN"],
  ])("where that is protected, %s", async (_, variable, key) => {
    bench().sandbox.gitlab.state.projects.get(project)?.branches.push("feature");
    const told = await faults({ variables: [variable], pipelines: [{ project, ref: "feature" }] });
    expect(told).toContain(hidden(key));
  });

  it("where the job to retry ran on such a branch", async () => {
    bench().sandbox.gitlab.state.projects.get(project)?.branches.push("feature");
    await runs("feature");
    expect(await faults({ pipelines: [{ project, job: "build-inventory" }] })).toContain(hidden("GITLAB_API_TOKEN"));
  });

  it("where the schedule to observe is not active", async () => {
    for (const schedule of bench().sandbox.gitlab.state.schedules.values()) schedule.active = false;
    const told = await faults({ pipelines: [{ project, schedule: inventory.schedule, observed: true }] });
    expect(told).toContain("is not active: it would never run by itself");
  });
});
