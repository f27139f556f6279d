import { describe, expect, it } from "vitest";
import { unknown } from "../../../../providers/host/provider";
import { pipelineProof } from "../../../../providers/runbook/proof/pipelineProof";
import { benches, inventory, variable } from "../bench";
import { changes, job, provings, schedule } from "./provings";

const bench = benches();
const { ready, created, updated, broken, held, started } = provings(bench);

const projectPath = "/projects/security/inventory-builder";

describe("a pipeline proof", () => {
  it("plays the schedule, follows its pipeline down to the named job, and records what passed", async () => {
    const { outputs } = await created(await ready());
    expect(outputs).toMatchObject({ status: "passed", attempts: 1, putBack: false });
    expect(outputs.provedAt).toBe(process.env.PAT_ROTATION_AS_OF);
    expect(outputs.lastProven).toEqual({ generation: "2026-11-23", token: held()[0] });
    const [run] = outputs.runs;
    expect(run).toMatchObject({ target: 'schedule "Weekly - Monday mornings"', status: "success" });
    expect(run?.url).toContain(`/security/inventory-builder/-/pipelines/${run?.pipelineId}`);
    expect(run?.jobs.map(({ name, status }) => [name, status])).toEqual([[job, "success"]]);
    const seen = bench().requests();
    expect(seen.slice(0, 2).sort()).toEqual([
      `GET ${projectPath}/variables/GITLAB_API_TOKEN 200`,
      "GET /vaults/<id>/items/<id> 200",
    ]);
    expect(seen.slice(2, 5)).toEqual([
      `GET ${projectPath}/pipeline_schedules 200`,
      `GET ${projectPath}/pipeline_schedules/11 200`,
      `POST ${projectPath}/pipeline_schedules/11/play 201`,
    ]);
    // Whether the schedule gives its pipelines a variable that counts before the place is looked at last.
    expect(seen.at(-1)).toBe(`GET ${projectPath}/pipeline_schedules/11 200`);
    expect(seen.slice(-3, -1).sort()).toEqual([
      `GET ${projectPath}/pipelines/${run?.pipelineId}/bridges 200`,
      `GET ${projectPath}/pipelines/${run?.pipelineId}/jobs 200`,
    ]);
    expect(seen.length).toBeLessThanOrEqual(12);
  });

  it("wants nothing more once it has passed", async () => {
    const before = await created(await ready());
    expect(changes(before)).toEqual([]);
    expect(changes(before, { ...before.inputs, previousToken: "other", previousGeneration: "other" })).toEqual([]);
    expect(changes(before, { ...before.inputs, pipelines: [{ ...schedule, waitMinutes: 7 }] })).toEqual([]);
    // A new name, and what is only written along, are no new proof.
    expect(changes(before, { ...before.inputs, account: "renamed", expiresAt: "2027-11-23" })).toEqual([]);
    const titled = before.inputs.consumers.map((place) => ({ ...place, title: "the same place" }));
    expect(changes(before, { ...before.inputs, consumers: titled })).toEqual([]);
    expect(changes(before, { ...before.inputs, consumers: [variable] })).toEqual(["consumers"]);
    expect(changes(before, { ...before.inputs, generation: "2026-11-24" })).toEqual(["generation"]);
    expect(changes(before, { ...before.inputs, pipelines: [{ ...schedule, jobs: ["lint"] }] })).toEqual(["pipelines"]);
  });

  it.each([
    ["a ref", { ref: "main" }, `POST ${projectPath}/pipeline 201`],
    ["a job", { job }, /^POST .*\/jobs\/\d+\/retry 201$/],
  ])("starts %s", async (_, which, request) => {
    const inputs = await ready({ pipelines: [{ project: inventory.project, ...which, jobs: [job], waitMinutes: 1 }] });
    expect((await created(inputs)).outputs.status).toBe("passed");
    const [first, ...others] = started();
    expect(others).toEqual([]);
    expect(first).toEqual(request instanceof RegExp ? expect.stringMatching(request) : request);
  });

  it("starts nothing that is observed, and passes when it runs by itself", async () => {
    const inputs = await ready({ pipelines: [{ ...schedule, observed: true, waitMinutes: 0 }] });
    const before = await created(inputs);
    expect(before.outputs).toMatchObject({ status: "running", attempts: 0 });
    expect(started()).toEqual([]);
    expect(changes(before)).toEqual(["status"]);
    const { sandbox } = bench();
    const { pipelines: all } = sandbox.gitlab.state;
    const count = all.size;
    sandbox.gitlab.runSchedule(inventory.project, inventory.schedule);
    await until(() => all.size > count && [...all.values()].at(-1)?.status === "success");
    expect((await updated(before)).outputs).toMatchObject({ status: "passed", attempts: 1 });
    expect(started()).toEqual([]);
  });

  it("that runs on when its time is up is carried on by the next run, with the same pipeline", async () => {
    const { sandbox } = bench();
    sandbox.gitlab.armJob(inventory.project, job, { does: "hang" }, 1);
    const before = await created(
      await ready({ pipelines: [{ project: inventory.project, ref: "main", waitMinutes: 0 }] }),
    );
    expect(before.outputs).toMatchObject({ status: "running", attempts: 0 });
    expect(before.outputs.provedAt).toBeUndefined();
    expect(started()).toHaveLength(1);
    const again = await updated(before);
    expect(again.outputs).toMatchObject({
      status: "running",
      runs: [{ pipelineId: before.outputs.runs[0]?.pipelineId }],
    });
    expect(started()).toEqual([]);
  });

  it("shows in a preview that it will run, and reads nothing", async () => {
    const inputs = await ready();
    expect(await pipelineProof.previewCreate?.(inputs, bench().context)).toMatchObject({
      status: unknown,
      provedAt: unknown,
    });
    expect(bench().requests()).toEqual([]);
  });
});

describe("a lost answer", () => {
  it("to a play is looked up, and nothing played twice", async () => {
    bench().sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST", path: "/play" });
    const inputs = await ready();
    expect((await created(inputs)).outputs.status).toBe("passed");
    expect(started()).toHaveLength(1);
  });

  it("to a new pipeline is looked up, and none made twice", async () => {
    bench().sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST", path: "/pipeline" });
    const inputs = await ready({ pipelines: [{ project: inventory.project, ref: "main", waitMinutes: 1 }] });
    expect((await created(inputs)).outputs.status).toBe("passed");
    expect(started()).toHaveLength(1);
  });

  it("to a retry is looked up, and no job retried twice", async () => {
    bench().sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST", path: "/retry" });
    const inputs = await ready({ pipelines: [{ project: inventory.project, job, waitMinutes: 1 }] });
    expect((await created(inputs)).outputs.status).toBe("passed");
    expect(started()).toHaveLength(1);
  });

  it("to a value that is put back is answered by setting it once more", async () => {
    const first = await created(await ready());
    const inputs = await ready({}, "2026-11-24");
    const { sandbox } = bench();
    sandbox.gitlab.armJob(inventory.project, job, { does: "fail" }, 1);
    sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "PUT" });
    await broken(updated(first, inputs), inputs);
    expect(held()).toEqual([first.inputs.token, first.inputs.token]);
  });
});

describe("a run that is cancelled", () => {
  it("keeps the pipelines that it started, for the next one to follow", async () => {
    const { sandbox, cancel } = bench();
    sandbox.gitlab.armJob(inventory.project, job, { does: "hang" });
    const inputs = await ready({ pipelines: [{ project: inventory.project, ref: "main", waitMinutes: 1 }] });
    sandbox.traffic.watch({ answered: ({ path }) => (path.endsWith("/pipeline") ? cancel() : undefined) });
    const { outputs, told } = await broken(created(inputs), inputs);
    expect(outputs).toMatchObject({ status: "running", attempts: 0, putBack: false });
    expect(outputs.runs[0]?.pipelineId).toBeTypeOf("number");
    expect(told).toContain("the run was cancelled");
    expect(held()).toEqual([inputs.token, inputs.token]);
  });
});

async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((done) => setTimeout(done, 20));
}
