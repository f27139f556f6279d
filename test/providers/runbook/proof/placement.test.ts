import { describe, expect, it } from "vitest";
import { retryJob } from "../../../../clients/gitlab/pipelines/jobs";
import { createPipeline, playSchedule } from "../../../../clients/gitlab/pipelines/pipelines";
import { servers } from "../../../../clients/servers";
import type { PlacementInputs } from "../../../../contract/placement";
import { unknown } from "../../../../providers/host/provider";
import { setConsumers } from "../../../../providers/runbook/consumers";
import { placement } from "../../../../providers/runbook/proof/placement";
import { benches, inventory } from "../bench";
import { placed, prove } from "./proofs";

const bench = benches();
const { project } = inventory;
const schedule = { project, schedule: inventory.schedule, jobs: ["build-inventory"], waitMinutes: 1 };
const ref = { project, ref: "main", waitMinutes: 1 };
const job = { project, job: "build-inventory", waitMinutes: 1 };
const gitlab = () => servers(bench().context).gitlab();
const started = () =>
  bench()
    .requests()
    .filter((request) => /^POST .* 201$/.test(request));
const ids = () => [...bench().sandbox.gitlab.state.pipelines.keys()];

/** Waits until GitLab has made one more pipeline. */
async function another(make: () => unknown): Promise<number> {
  const before = ids().length;
  await make();
  while (ids().length === before) await new Promise((done) => setTimeout(done, 10));
  return ids().at(-1) ?? 0;
}

/** As another run would see it, whose predecessor crashed. */
const later = <T extends object>(inputs: T) => ({ ...inputs, markedBy: "an earlier run" });

describe("a placement", () => {
  it("notes what ran last for each pipeline, and is looked at no more in the same run", async () => {
    const inputs = await placed(bench(), [schedule, ref, job]);
    const newest = inputs.marks?.[1]?.after;
    expect(ids()).toContain(newest);
    expect(inputs.marks).toEqual([
      {
        project,
        target: `schedule "${inventory.schedule}"`,
        after: newest,
        last: expect.objectContaining({ status: "failed" }),
      },
      { project, target: 'ref "main"', after: newest, last: expect.objectContaining({ status: "failed" }) },
      {
        project,
        target: 'job "build-inventory"',
        after: expect.any(Number),
        retry: expect.any(Number),
        last: expect.anything(),
      },
    ]);
    expect((await prove(inputs, bench())).outputs.status).toBe("passed");
    const seen = bench().requests();
    const orders = seen.filter((request) => !request.includes("/variables/")).slice(0, 3);
    expect(orders.map((request) => request.split(" ")[0])).toEqual(["POST", "POST", "POST"]);
  });

  it("is noted anew for another token, other places and other pipelines, and for nothing else", async () => {
    const { context } = bench();
    const { placement: outputs } = await placed(bench(), [schedule]);
    const { marks: _marks, run: _run, ...inputs } = outputs;
    const changed = (changes: Partial<PlacementInputs>) =>
      Object.keys(placement.diff?.({ id: "inventory", inputs, outputs }, { ...inputs, ...changes }).changes ?? {});
    expect(changed({})).toEqual([]);
    expect(changed({ pipelines: [{ ...schedule, waitMinutes: 9 }] })).toEqual([]);
    expect(changed({ account: "renamed" })).toEqual([]);
    expect(changed({ tokenId: 1 })).toEqual(["tokenId"]);
    expect(changed({ consumers: [] })).toEqual(["consumers"]);
    expect(changed({ pipelines: [ref] })).toEqual(["pipelines"]);
    expect(await placement.previewCreate?.(inputs, context)).toMatchObject({ marks: unknown, run: unknown });
    expect(bench().requests()).toEqual([]);
  });

  it("leaves out what cannot be looked at: the proof reports it", async () => {
    const inputs = await placed(bench(), [{ project, schedule: "Every full moon" }]);
    expect(inputs.marks).toEqual([]);
    expect((await prove(inputs, bench())).told).toContain("there is no pipeline schedule of that description");
  });
});

describe("the run that a crash left behind", () => {
  it.each([
    ["of a schedule", schedule, () => another(() => playSchedule(gitlab(), project, 11))],
    ["of a ref", ref, async () => (await createPipeline(gitlab(), project, "main")).id],
  ])("%s is found, and not started twice", async (_, target, crash) => {
    const inputs = await placed(bench(), [target]);
    const left = await crash();
    bench().requests();
    const { outputs } = await prove(later(inputs), bench());
    expect(outputs).toMatchObject({ status: "passed", runs: [{ pipelineId: left }] });
    expect(started()).toEqual([]);
  });

  it("of a retried job is found, and not retried twice", async () => {
    const inputs = await placed(bench(), [job]);
    const left = await retryJob(gitlab(), project, inputs.marks?.[0]?.retry ?? 0);
    bench().requests();
    const { outputs } = await prove(later(inputs), bench());
    expect(outputs).toMatchObject({ status: "passed", runs: [{ jobId: left.id }] });
    expect(started()).toEqual([]);
  });

  it("is not one that another user started, nor one from before the places held the token", async () => {
    const { sandbox } = bench();
    const before = (await createPipeline(gitlab(), project, "main")).id;
    const inputs = await placed(bench(), [schedule, ref]);
    const others = await another(() => sandbox.gitlab.runSchedule(project, inventory.schedule));
    bench().requests();
    const { outputs } = await prove(later(inputs), bench());
    expect(outputs.status).toBe("passed");
    const proved = outputs.runs.map(({ pipelineId }) => pipelineId);
    expect(proved).not.toContain(before);
    expect(proved).not.toContain(others);
    expect(started()).toHaveLength(2);
  });

  it("is not one that ran while a place held another value, as after a kill while an earlier one was put back", async () => {
    const inputs = await placed(bench(), [ref]);
    const { context } = bench();
    await setConsumers(servers(context), inputs.consumers, {
      token: bench().sandbox.gitlab.tokenValue("scanner-hand-made"),
    });
    const left = (await createPipeline(gitlab(), project, "main")).id;
    bench().requests();
    const { outputs } = await prove(later(inputs), bench());
    expect(outputs.status).toBe("passed");
    expect(outputs.runs[0]?.pipelineId).not.toBe(left);
    expect(started()).toHaveLength(1);
  });

  it("is found behind the schedule's own run that came after it", async () => {
    const inputs = await placed(bench(), [schedule]);
    const left = await another(() => playSchedule(gitlab(), project, 11));
    await another(() => bench().sandbox.gitlab.runSchedule(project, inventory.schedule));
    bench().requests();
    const { outputs } = await prove(later(inputs), bench());
    expect(outputs.runs[0]?.pipelineId).toBe(left);
    expect(started()).toEqual([]);
  });

  it("is no longer looked for once an earlier value was put back: a new one is started", async () => {
    const { sandbox } = bench();
    const first = await placed(bench(), [ref]);
    const proven = await prove(first, bench());
    const inputs = await placed(bench(), [ref], "2026-11-24");
    sandbox.gitlab.armJob(project, "build-inventory", { does: "fail" }, 1);
    const failed = await prove(inputs, bench(), proven.outputs);
    expect(failed.outputs).toMatchObject({ status: "failed", putBack: true });
    await another(() => createPipeline(gitlab(), project, "main"));
    bench().requests();
    const again = await prove(later(inputs), bench(), failed.outputs);
    expect(again.outputs.status).toBe("passed");
    expect(started()).toHaveLength(1);
  });
});

describe("a pipeline that fails", () => {
  it("and was red before is told apart, also in a second attempt", async () => {
    const { sandbox } = bench();
    const inputs = await placed(bench(), [schedule]);
    sandbox.gitlab.armJob(project, "build-inventory", { does: "fail" });
    const first = await prove(inputs, bench());
    const told = "It was red already since 2026-11-23T06:00:11.204Z, with the earlier token";
    expect(first.told).toContain(told);
    const second = await prove(later(inputs), bench(), first.outputs);
    expect(second.outputs.attempts).toBe(2);
    expect(second.told).toContain(told);
  });

  it("and was green before points at the token", async () => {
    const { sandbox } = bench();
    const first = await placed(bench(), [ref]);
    const proven = await prove(first, bench());
    const inputs = await placed(bench(), [ref], "2026-11-24");
    sandbox.gitlab.armJob(project, "build-inventory", { does: "fail" });
    const { told } = await prove(inputs, bench(), proven.outputs);
    expect(told).toContain("With the earlier token it passed, last at ");
    expect(told).toContain("look first at what the new token may do");
  });

  it("and lacks a declared job, or a runner, is not laid at the token's door, although it was green before", async () => {
    const { sandbox } = bench();
    const first = await placed(bench(), [ref]);
    const proven = await prove(first, bench());
    const inputs = await placed(bench(), [{ ...ref, jobs: ["no-such-job"] }], "2026-11-24");
    const missing = await prove(inputs, bench(), proven.outputs);
    expect(missing.told).toContain('it passed, but has no job "no-such-job"');
    expect(missing.told).toContain("The token is not to blame.");
    expect(missing.told).not.toContain("look first at what the new token may do");
    sandbox.gitlab.armJob(project, "build-inventory", { does: "fail", reason: "runner_system_failure" });
    const other = await placed(bench(), [ref], "2026-11-25");
    const { told } = await prove(other, bench(), proven.outputs);
    expect(told).toContain("see to the runner");
    expect(told).not.toContain("look first at what the new token may do");
  });
});
