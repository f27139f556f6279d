import { describe, expect, it } from "vitest";
import { PartialFailure, unknown } from "../../../providers/host/provider";
import type { PipelineTarget } from "../../../providers/runbook/accountInputs";
import { setConsumers } from "../../../providers/runbook/consumers";
import { personalAccessToken } from "../../../providers/runbook/personalAccessToken";
import {
  type PipelineProofInputs,
  type PipelineProofOutputs,
  pipelineProof,
} from "../../../providers/runbook/pipelineProof";
import { servers } from "../../../providers/runbook/servers";
import { benches, generationInputs, inventory, refusal, variable } from "./bench";

const bench = benches();
const job = "build-inventory";
const key = "GITLAB_API_TOKEN";

const schedule: PipelineTarget = {
  project: inventory.project,
  schedule: inventory.schedule,
  jobs: [job],
  waitMinutes: 1,
};
const projectPath = "/projects/security/inventory-builder";

interface State {
  readonly id: string;
  readonly inputs: PipelineProofInputs;
  readonly outputs: PipelineProofOutputs;
}

/** The inputs of a proof of a new token that the variable and the vault hold already. */
async function ready(
  changes: Partial<PipelineProofInputs> = {},
  generation = "2026-11-23",
): Promise<PipelineProofInputs> {
  const { sandbox, context, requests } = bench();
  const { outputs } = await personalAccessToken.create(generationInputs({ generation }), context);
  const { tokenId = 0, token = "" } = outputs;
  const [item] = sandbox.onepassword.items("Security", inventory.title);
  const field = item?.fields?.find(({ label }) => label === "credential");
  const consumers = [
    variable,
    { kind: "item", vaultUuid: item?.vault.id ?? "", itemUuid: item?.id ?? "", fieldId: field?.id ?? "" },
  ] as const;
  await setConsumers(servers(context), consumers, { token });
  requests();
  return {
    account: inventory.account,
    generation,
    tokenId,
    token,
    consumers,
    pipelines: [schedule],
    maxAttempts: 3,
    ...changes,
  };
}

async function created(inputs: PipelineProofInputs): Promise<State> {
  return { ...(await pipelineProof.create(inputs, bench().context)), inputs };
}

async function updated(before: State, inputs = before.inputs): Promise<State> {
  const outputs = await pipelineProof.update?.(before, inputs, bench().context);
  if (outputs === undefined) throw new Error("there is no update");
  return { id: before.id, inputs, outputs };
}

async function broken(promise: Promise<unknown>, inputs: PipelineProofInputs): Promise<State & { told: string }> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PartialFailure)) throw error ?? new Error("expected a failure, and there was none");
  for (const value of bench().sandbox.gitlab.issuedTokens()) expect(error.message).not.toContain(value);
  return { id: error.id, inputs, outputs: error.outputs as unknown as PipelineProofOutputs, told: error.message };
}

function changes(before: State, inputs = before.inputs): string[] {
  return Object.keys(pipelineProof.diff?.(before, inputs).changes ?? {});
}

const held = () => [
  bench().sandbox.gitlab.variable(inventory.project, key),
  bench().sandbox.onepassword.field("Security", inventory.title, "credential"),
];
const pipelines = () =>
  bench()
    .requests()
    .filter((request) => / 201$/.test(request));

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
    expect(seen.slice(-2).sort()).toEqual([
      `GET ${projectPath}/pipelines/${run?.pipelineId}/bridges 200`,
      `GET ${projectPath}/pipelines/${run?.pipelineId}/jobs 200`,
    ]);
    expect(seen.length).toBeLessThanOrEqual(11);
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
    const [started, ...others] = pipelines();
    expect(others).toEqual([]);
    expect(started).toEqual(request instanceof RegExp ? expect.stringMatching(request) : request);
  });

  it("starts nothing that is observed, and passes when it runs by itself", async () => {
    const inputs = await ready({ pipelines: [{ ...schedule, observed: true, waitMinutes: 0 }] });
    const before = await created(inputs);
    expect(before.outputs).toMatchObject({ status: "running", attempts: 0 });
    expect(pipelines()).toEqual([]);
    expect(changes(before)).toEqual(["status"]);
    const { sandbox } = bench();
    const { pipelines: all } = sandbox.gitlab.state;
    const count = all.size;
    sandbox.gitlab.runSchedule(inventory.project, inventory.schedule);
    await until(() => all.size > count && [...all.values()].at(-1)?.status === "success");
    expect((await updated(before)).outputs).toMatchObject({ status: "passed", attempts: 1 });
    expect(pipelines()).toEqual([]);
  });

  it("that runs on when its time is up is carried on by the next run, with the same pipeline", async () => {
    const { sandbox } = bench();
    sandbox.gitlab.armJob(inventory.project, job, { does: "hang" }, 1);
    const before = await created(
      await ready({ pipelines: [{ project: inventory.project, ref: "main", waitMinutes: 0 }] }),
    );
    expect(before.outputs).toMatchObject({ status: "running", attempts: 0 });
    expect(before.outputs.provedAt).toBeUndefined();
    expect(pipelines()).toHaveLength(1);
    const again = await updated(before);
    expect(again.outputs).toMatchObject({
      status: "running",
      runs: [{ pipelineId: before.outputs.runs[0]?.pipelineId }],
    });
    expect(pipelines()).toEqual([]);
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
    pipelines();
    const refused = await broken(updated(before), inputs);
    expect(refused.told).toContain(
      'the pipelines passed, but variable "GITLAB_API_TOKEN" of project "security/inventory-builder" holds another value',
    );
    expect(refused.outputs).toMatchObject({ status: "failed", attempts: 0, putBack: true });
    expect(refused.outputs.provedAt).toBeUndefined();
    expect(pipelines()).toEqual([]);
    sandbox.gitlab.disarmJob(inventory.project, job);
    const patient = { ...inputs, pipelines: inputs.pipelines.map((one) => ({ ...one, waitMinutes: 1 })) };
    expect((await updated(refused, patient)).outputs).toMatchObject({ status: "passed", attempts: 1 });
    expect(pipelines()).toHaveLength(1);
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
      'Put back: the token of generation "2026-11-23" is again in variable "GITLAB_API_TOKEN"',
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
    expect(await refusal(updated(twice))).toContain("2 attempts failed, so nothing was rerun");
    expect(bench().requests()).toEqual([]);
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
    expect(again.told).toContain("setting the new token again: it is dead (");
    expect(again.told).toContain('run "pulumi refresh", then "pulumi up", which mints another one');
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
    expect(last.told).toContain("the new one could not be set: it is dead");
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

  it("sets the new value again after the last attempt, once the earlier one is about to die", async () => {
    const { sandbox, context } = bench();
    const earlier = await personalAccessToken.create(
      generationInputs({ generation: "2026-01-01", expiresAt: "2026-12-20" }),
      context,
    );
    sandbox.gitlab.armJob(inventory.project, job, { does: "fail" });
    const previous = { previousToken: earlier.outputs.token ?? "", previousGeneration: "2026-01-01" };
    const inputs = await ready({ maxAttempts: 1, ...previous });
    const once = await broken(created(inputs), inputs);
    expect(held()).toEqual([previous.previousToken, previous.previousToken]);
    expect(await refusal(updated(once))).toContain("The places hold the earlier token");
    process.env.PAT_ROTATION_AS_OF = "2026-12-19T06:00:00Z";
    sandbox.clock.set("2026-12-19T06:00:00Z");
    const { told, outputs } = await broken(updated(once), inputs);
    expect(told).toContain("the places hold the new one again");
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

describe("a lost answer", () => {
  it("to a play is looked up, and nothing played twice", async () => {
    bench().sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST", path: "/play" });
    const inputs = await ready();
    expect((await created(inputs)).outputs.status).toBe("passed");
    expect(pipelines()).toHaveLength(1);
  });

  it("to a new pipeline is looked up, and none made twice", async () => {
    bench().sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST", path: "/pipeline" });
    const inputs = await ready({ pipelines: [{ project: inventory.project, ref: "main", waitMinutes: 1 }] });
    expect((await created(inputs)).outputs.status).toBe("passed");
    expect(pipelines()).toHaveLength(1);
  });

  it("to a retry is looked up, and no job retried twice", async () => {
    bench().sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST", path: "/retry" });
    const inputs = await ready({ pipelines: [{ project: inventory.project, job, waitMinutes: 1 }] });
    expect((await created(inputs)).outputs.status).toBe("passed");
    expect(pipelines()).toHaveLength(1);
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
