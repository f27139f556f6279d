import { describe, expect, it } from "vitest";
import { servers } from "../../../../clients/servers";
import type { PipelineTarget } from "../../../../contract/types/pipelines";
import { setConsumers } from "../../../../providers/runbook/consumers";
import { personalAccessToken } from "../../../../providers/runbook/token/personalAccessToken";
import { benches, generationInputs, inventory, variable } from "../bench";
import { changes, job, provings, schedule } from "./provings";

const bench = benches();
const { minted, ready, created, updated, broken, held, started } = provings(bench);

describe("a place that somebody sets while the pipelines run", () => {
  it("makes what an earlier run started no proof: the next run sets the token again and starts anew", async () => {
    const { sandbox, context } = bench();
    const earlier = await personalAccessToken.create(generationInputs({ generation: "2026-11-01" }), context);
    sandbox.gitlab.armJob(inventory.project, job, { does: "hang" }, 1);
    const inputs = await ready({
      pipelines: [{ project: inventory.project, ref: "main", jobs: [job], waitMinutes: 0 }],
    });
    const before = await created(inputs);
    expect(before.outputs.status).toBe("running");
    const { pipelines: all, jobs } = sandbox.gitlab.state;
    const pipeline = [...all.values()].at(-1);
    if (pipeline !== undefined) pipeline.status = "success";
    for (const one of jobs.values()) if (one.pipelineId === pipeline?.id) one.status = "success";
    await setConsumers(servers(context), [variable], { token: earlier.outputs.token ?? "" });
    started();
    const refused = await broken(updated(before), inputs);
    expect(refused.told).toContain(
      'the pipelines passed, but CI/CD variable "GITLAB_API_TOKEN" of project "security/inventory-builder" holds another value',
    );
    expect(refused.outputs).toMatchObject({ status: "failed", attempts: 0, putBack: true });
    expect(refused.outputs.provedAt).toBeUndefined();
    expect(started()).toEqual([]);
    sandbox.gitlab.disarmJob(inventory.project, job);
    const patient = { ...inputs, pipelines: inputs.pipelines.map((one) => ({ ...one, waitMinutes: 1 })) };
    expect((await updated(refused, patient)).outputs).toMatchObject({ status: "passed", attempts: 1 });
    expect(started()).toHaveLength(1);
    expect(held()).toEqual([inputs.token, inputs.token]);
  });
});

describe("a pipeline that fails", () => {
  it("has the earlier value put back everywhere, and says what, why, where and what next", async () => {
    const { sandbox } = bench();
    const first = await created(await ready());
    const inputs = await ready({}, "2026-11-24");
    sandbox.gitlab.armJob(inventory.project, job, { does: "fail", reason: "script_failure" }, 1);
    const before = await broken(updated(first, inputs), inputs);
    expect(before.outputs).toMatchObject({ status: "failed", attempts: 1, putBack: true });
    expect(before.outputs.provedAt).toBeUndefined();
    expect(held()).toEqual([first.inputs.token, first.inputs.token]);
    const [run] = before.outputs.runs;
    expect(before.told).toContain(
      'proving generation "2026-11-24" of account "inventory" by its pipelines, attempt 1 of 3',
    );
    expect(before.told).toContain(`job "${job}" is "failed" (script_failure), see ${run?.jobs[0]?.url}`);
    expect(before.told).toContain(run?.url);
    expect(before.told).toContain(
      'Put back: the token of generation "2026-11-23" is again in CI/CD variable "GITLAB_API_TOKEN"',
    );
    expect(before.told).toContain("works until 2027-11-23");
    expect(before.told).toContain("attempt 2 of 3");
    // The next run, with the cause mended.
    expect(changes(before)).toEqual(["status"]);
    const mended = await updated(before);
    expect(mended.outputs).toMatchObject({ status: "passed", attempts: 2, putBack: false });
    expect(held()).toEqual([inputs.token, inputs.token]);
    expect(sandbox.gitlab.liveTokens(inventory.username)).toHaveLength(2);
  });

  it("has the adopted value put back when nothing was proven before", async () => {
    const earlier = await personalAccessToken.create(generationInputs({ generation: "2026-11-01" }), bench().context);
    const inputs = await ready({ previousToken: earlier.outputs.token ?? "", previousGeneration: "adopted" });
    bench().sandbox.gitlab.armJob(inventory.project, job, { does: "fail" });
    const { told } = await broken(created(inputs), inputs);
    expect(told).toContain('the token of generation "adopted" is again in');
    expect(held()).toEqual([earlier.outputs.token, earlier.outputs.token]);
  });

  it("has what served put back by a later generation too, and not the one between them, which failed", async () => {
    const { sandbox, context } = bench();
    const hand = await personalAccessToken.create(generationInputs({ generation: "2026-11-01" }), context);
    const served = hand.outputs.token ?? "";
    sandbox.gitlab.armJob(inventory.project, job, { does: "fail" });
    const first = await ready({ previousToken: served, previousGeneration: "adopted" });
    const failed = await broken(created(first), first);
    expect(held()).toEqual([served, served]);
    const second = await ready({ previousToken: first.token, previousGeneration: first.generation }, "2026-11-24");
    const again = await broken(updated(failed, second), second);
    expect(again.told).toContain('the token of generation "adopted" is again in');
    expect(held()).toEqual([served, served]);
  });

  it("leaves the new value in place when no earlier one works", async () => {
    const { sandbox } = bench();
    const inputs = await ready({
      previousToken: sandbox.gitlab.tokenValue("inventory-hand-made"),
      previousGeneration: "adopted",
    });
    sandbox.gitlab.armJob(inventory.project, job, { does: "fail" });
    const { told, outputs } = await broken(created(inputs), inputs);
    expect(outputs.putBack).toBe(false);
    expect(told).toContain('the token of generation "adopted" cannot be put back: it is dead');
    expect(held()).toEqual([inputs.token, inputs.token]);
  });

  it("is not rerun after the last attempt until the pipelines or the generation change", async () => {
    bench().sandbox.gitlab.armJob(inventory.project, job, { does: "fail" });
    const inputs = await ready({ maxAttempts: 2 });
    const once = await broken(created(inputs), inputs);
    const twice = await broken(updated(once), inputs);
    expect(twice.told).toContain("That was the last attempt");
    bench().requests();
    expect(changes(twice)).toEqual(["status"]);
    const again = await broken(updated(twice), inputs);
    expect(again.told).toContain("2 attempts failed, so nothing was rerun");
    // It is looked at what the places hold, and nothing else.
    expect(bench().requests().sort()).toEqual([
      "GET /projects/security/inventory-builder/variables/GITLAB_API_TOKEN 200",
      "GET /vaults/<id>/items/<id> 200",
    ]);
    expect(again.outputs).toMatchObject({ status: "failed", attempts: 2, putBack: false });
    bench().sandbox.gitlab.disarmJob(inventory.project, job);
    const ref: PipelineTarget = { project: inventory.project, ref: "main", jobs: [job], waitMinutes: 1 };
    const changed = await updated(twice, { ...inputs, pipelines: [ref] });
    expect(changed.outputs).toMatchObject({ status: "passed", attempts: 1 });
  });

  it("never takes a living value out of the places for one that somebody revoked meanwhile", async () => {
    const { sandbox } = bench();
    const first = await created(await ready());
    const inputs = await ready({ maxAttempts: 2 }, "2026-11-24");
    sandbox.gitlab.armJob(inventory.project, job, { does: "fail" });
    const before = await broken(updated(first, inputs), inputs);
    const revoked = sandbox.gitlab.liveTokens(inventory.username).find(({ id }) => id === inputs.tokenId);
    if (revoked !== undefined) revoked.revoked = true;
    bench().requests();
    const again = await broken(updated(before), inputs);
    expect(again.told).toContain("storing the new token: it is dead (");
    expect(again.told).toContain('run "pulumi refresh", then "pulumi up", which mints another one');
    expect(again.told).toContain("this counts as no attempt");
    expect(again.outputs).toMatchObject({ status: "failed", attempts: 1, putBack: true });
    expect(
      bench()
        .requests()
        .filter((request) => !request.startsWith("GET ")),
    ).toEqual([]);
    expect(held()).toEqual([first.inputs.token, first.inputs.token]);

    // Nor after the last attempt, when the earlier one is about to die.
    const outputs = { ...again.outputs, attempts: 2 };
    bench().tick({ days: 363 });
    const last = await broken(updated({ ...again, outputs }), inputs);
    expect(last.told).toContain("The new token is not in all places: it is dead");
    // One statement of what the places hold.
    expect(last.told).not.toContain("The places hold");
    expect(last.told).not.toContain("Put back:");
    expect(held()).toEqual([first.inputs.token, first.inputs.token]);
  });

  it("never proves an earlier value that a killed run had put back, and remembers nothing of", async () => {
    const earlier = await personalAccessToken.create(generationInputs({ generation: "2026-01-01" }), bench().context);
    const inputs = await ready();
    await setConsumers(servers(bench().context), inputs.consumers, { token: earlier.outputs.token ?? "" });
    const { outputs } = await created(inputs);
    expect(outputs.status).toBe("passed");
    expect(held()).toEqual([inputs.token, inputs.token]);
  });

  it("sets the new value again after the last attempt, once the earlier one does not outlive the margin", async () => {
    const { sandbox } = bench();
    const earlier = await minted("2026-01-01", "2026-12-20");
    sandbox.gitlab.armJob(inventory.project, job, { does: "fail" });
    const inputs = await ready({ maxAttempts: 1, previousToken: earlier.token, previousGeneration: "2026-01-01" });
    const once = await broken(created(inputs), inputs);
    expect(held()).toEqual([earlier.token, earlier.token]);
    const again = await broken(updated(once), inputs);
    expect(again.told).toContain('the token of generation "2026-01-01" is again in CI/CD variable "GITLAB_API_TOKEN"');
    expect(again.outputs.putBack).toBe(true);
    bench().tick({ days: 12 });
    await broken(updated(once), inputs);
    expect(held()).toEqual([earlier.token, earlier.token]);
    bench().tick({ days: 1 });
    const { told, outputs } = await broken(updated(once), inputs);
    expect(told).toContain("it dies on 2026-12-20, within the margin of 14 days");
    expect(told).toContain("The places hold the new token, which lives");
    expect(outputs.putBack).toBe(false);
    expect(held()).toEqual([inputs.token, inputs.token]);
  });

  it("names the job that is missing from a green pipeline", async () => {
    const inputs = await ready({ pipelines: [{ ...schedule, jobs: ["no-such-job"] }] });
    expect((await broken(created(inputs), inputs)).told).toContain('it passed, but has no job "no-such-job"');
  });

  it("counts what GitLab refuses to start as failed", async () => {
    const inputs = await ready({ pipelines: [{ project: inventory.project, ref: "nowhere", waitMinutes: 1 }] });
    const { told, outputs } = await broken(created(inputs), inputs);
    expect(told).toContain('ref "nowhere" of project "security/inventory-builder" could not be run');
    expect(outputs.attempts).toBe(1);
  });
});
