import { describe, expect, it } from "vitest";
import type { Fault } from "../../../../workshop/sandbox/traffic";
import type { WorldJob } from "../../../../workshop/sandbox/world";
import { benches, inventory } from "../bench";
import { placed, prove } from "./proofs";
import { changes, job, provings, schedule } from "./provings";

const bench = benches();
const { ready, created, updated, broken, held, started } = provings(bench);
const { project } = inventory;
const ref = { project, ref: "main", jobs: [job], waitMinutes: 1 } as const;

function addJob(added: WorldJob): void {
  bench().sandbox.gitlab.state.projects.get(project)?.jobs.push(added);
}

/** A branch on which nothing ran yet. */
const unrun = { ...ref, ref: "release" };

function addBranch(): void {
  const found = bench().sandbox.gitlab.state.projects.get(project);
  found?.branches.push(unrun.ref);
  found?.protectedBranches.push(unrun.ref);
}

/** A gate that a person has to open. */
const gate: WorldJob = { name: "deploy", stage: "deploy", when: "manual", allowFailure: false };

const pipelines = () => [...bench().sandbox.gitlab.state.pipelines.values()];

/** Has every pipeline that is started be canceled before it does anything, so many times. */
function cancelNext(times: number): void {
  const { sandbox } = bench();
  let left = times;
  sandbox.traffic.watch({
    answered: ({ method, path }) => {
      if (method !== "POST" || !path.endsWith("/pipeline") || left === 0) return;
      left -= 1;
      const last = pipelines().at(-1);
      for (const one of sandbox.gitlab.state.jobsOf(last?.id ?? 0)) one.status = "canceled";
      if (last !== undefined) last.status = "canceled";
    },
  });
}

describe("named jobs that passed", () => {
  it("are proof although their pipeline waits at a gate that a person has to open", async () => {
    addJob(gate);
    const { outputs } = await created(await ready({ pipelines: [ref] }));
    expect(outputs).toMatchObject({ status: "passed", attempts: 1, runs: [{ status: "manual" }] });
    expect(pipelines().at(-1)?.status).toBe("manual");
  });

  it("are proof when time is up, although others of their pipeline still run", async () => {
    bench().sandbox.gitlab.armJob(project, "slow", { does: "hang" });
    addJob({ name: "slow", stage: "deploy" });
    const inputs = await ready({ pipelines: [{ ...ref, waitMinutes: 0.02 }] });
    expect((await created(inputs)).outputs).toMatchObject({ status: "passed", runs: [{ status: "running" }] });
  });
});

describe("a pipeline that waits for a person", () => {
  it("is no verdict: no attempt, nothing put back, the same one is looked at again", async () => {
    const first = await created(await ready());
    addJob({ ...gate, stage: "first" });
    addJob({ name: "after-gate", stage: "second" });
    const inputs = await ready({ pipelines: [{ ...ref, jobs: ["after-gate"] }] }, "2026-11-24");
    const before = await broken(updated(first, inputs), inputs);
    expect(before.told).toContain('it waits for a person to start a manual job, and "after-gate" has not passed yet');
    expect(before.told).toContain("That is no verdict on the token: it counts as no attempt");
    expect(before.outputs).toMatchObject({ status: "running", attempts: 0, putBack: false });
    expect(held()).toEqual([inputs.token, inputs.token]);
    expect(started()).toHaveLength(1);
    const again = await broken(updated(before), inputs);
    expect(again.outputs.attempts).toBe(0);
    expect(started()).toEqual([]);
  });

  it("without named jobs is told to name those that prove", async () => {
    addJob(gate);
    const inputs = await ready({ pipelines: [{ project, ref: "main", waitMinutes: 1 }] });
    const { told, outputs } = await broken(created(inputs), inputs);
    expect(told).toContain('"proof" names no "jobs" that would prove the token without it');
    expect(outputs.attempts).toBe(0);
  });
});

describe("a pipeline that is canceled", () => {
  it("says nothing: another one is started in the same run", async () => {
    const inputs = await ready({ pipelines: [ref] });
    cancelNext(1);
    expect((await created(inputs)).outputs).toMatchObject({ status: "passed", attempts: 1 });
    expect(started()).toHaveLength(2);
  });

  it("again and again ends the run after three, red, and counts as no attempt", async () => {
    const first = await created(await ready());
    const inputs = await ready({ pipelines: [ref] }, "2026-11-24");
    cancelNext(4);
    const before = await broken(updated(first, inputs), inputs);
    expect(started()).toHaveLength(3);
    expect(before.told).toContain("it was canceled, which proves nothing");
    expect(before.outputs).toMatchObject({ status: "running", attempts: 0, putBack: false });
    expect(held()).toEqual([inputs.token, inputs.token]);
    expect(changes(before)).toContain("status");
    // The fourth one is canceled as well, the fifth is not.
    expect((await updated(before)).outputs).toMatchObject({ status: "passed", attempts: 1 });
    expect(started()).toHaveLength(2);
  });

  it("and observed, is passed over for the next one that runs by itself", async () => {
    const inputs = await ready({ pipelines: [{ ...schedule, observed: true, waitMinutes: 0 }] });
    const first = await created(inputs);
    const { sandbox } = bench();
    const run = async (status?: string) => {
      const count = pipelines().length;
      sandbox.gitlab.runSchedule(project, inventory.schedule);
      const last = () => pipelines().at(-1);
      while (pipelines().length === count) await pause();
      if (status !== undefined) {
        for (const one of sandbox.gitlab.state.jobsOf(last()?.id ?? 0)) one.status = status;
        Object.assign(last() ?? {}, { status });
      }
      while (!["success", "canceled"].includes(last()?.status ?? "")) await pause();
    };
    await run("canceled");
    const second = await updated(first);
    expect(second.outputs).toMatchObject({ status: "running", attempts: 0 });
    await run();
    expect((await updated(second)).outputs).toMatchObject({ status: "passed", attempts: 1 });
  });
});

/** What may go wrong on our side, each with what mends it. */
const troubles: readonly (readonly [string, () => () => void])[] = [
  [
    "our credential is dead",
    () => {
      const { state } = bench().sandbox.gitlab;
      const own = state.tokens.byValue(bench().sandbox.gitlab.tokenValue("owner"));
      Object.assign(own ?? {}, { revoked: true });
      return () => Object.assign(own ?? {}, { revoked: false });
    },
  ],
  ["our user lost a role", () => demote(10)],
  ["GitLab hides the project from us", () => demote(0)],
  ["GitLab has a fault", () => broke({ kind: "server-error", status: 500 })],
  ["something else answers", () => broke({ kind: "lie" })],
];

/** Gives our user another role in the group. */
function demote(level: number): () => void {
  const { state, tokenValue } = bench().sandbox.gitlab;
  const userId = state.tokens.byValue(tokenValue("owner"))?.userId ?? 0;
  const members = state.groups.get("security")?.members;
  const before = members?.get(userId) ?? 0;
  members?.set(userId, level);
  return () => void members?.set(userId, before);
}

function broke(fault: Fault): () => void {
  return bench().sandbox.gitlab.inject({ fault, method: "GET", path: /\/pipelines\/\d+/, times: 50 });
}

describe("trouble of ours while a proof waits", () => {
  it.each(troubles)("is no verdict: %s", async (_, breaks) => {
    const { sandbox } = bench();
    const first = await created(await ready());
    const inputs = await ready({ pipelines: [ref] }, "2026-11-24");
    let mend: () => void = () => undefined;
    sandbox.traffic.watch({
      answered: ({ method, path }) => {
        if (method === "POST" && path.endsWith("/pipeline")) mend = breaks();
      },
    });
    const before = await broken(updated(first, inputs), inputs);
    mend();
    expect(before.told).toContain("That is no verdict on the token: it counts as no attempt");
    expect(before.told).not.toContain("a scope or a role");
    expect(before.outputs).toMatchObject({ status: "running", attempts: 0, putBack: false });
    expect(before.outputs.runs[0]?.pipelineId).toBeTypeOf("number");
    expect(held()).toEqual([inputs.token, inputs.token]);
    started();
    expect((await updated(before)).outputs).toMatchObject({ status: "passed", attempts: 1 });
    expect(started()).toEqual([]);
  });

  it("is none either where it may not be started any more", async () => {
    const inputs = await ready({ pipelines: [ref] });
    const mend = demote(20);
    const setting = bench().sandbox.gitlab.state.projects.get(project)?.members;
    setting?.clear();
    const { told, outputs } = await broken(created(inputs), inputs);
    expect(told).toContain("403");
    expect(outputs.attempts).toBe(0);
    mend();
  });
});

describe("whose token a run had", () => {
  it("is not mistaken where the pipeline had not run before the rotation", async () => {
    const before = await ready();
    addBranch();
    bench().sandbox.gitlab.armJob(project, job, { does: "fail" }, 2);
    const inputs = {
      ...(await placed(bench(), [unrun], "2026-11-24")),
      previousToken: before.token,
      previousGeneration: "2026-11-23",
    };
    const once = await prove(inputs, bench());
    expect(once.told).not.toMatch(/earlier token \(|With the earlier token/);
    const twice = await prove(inputs, bench(), once.outputs);
    expect(twice.outputs).toMatchObject({ status: "failed", attempts: 2, putBack: true });
    expect(twice.told).not.toMatch(/earlier token \(|With the earlier token/);
    expect((await prove(inputs, bench(), twice.outputs)).outputs).toMatchObject({ status: "passed" });
  });

  it("is the earlier one's while that is put back", async () => {
    const before = await ready();
    bench().sandbox.gitlab.armJob(project, job, { does: "fail" }, 1);
    const inputs = {
      ...(await placed(bench(), [ref], "2026-11-24")),
      previousToken: before.token,
      previousGeneration: "2026-11-23",
    };
    const once = await prove(inputs, bench());
    expect(once.outputs.putBack).toBe(true);
    // The pipeline runs by itself, with what the places hold now.
    const count = pipelines().length;
    bench().sandbox.gitlab.runSchedule(project, inventory.schedule);
    while (pipelines().length === count || pipelines().at(-1)?.status !== "success") await pause();
    const green = pipelines().at(-1);
    bench().sandbox.gitlab.armJob(project, job, { does: "fail" }, 1);
    const twice = await prove(inputs, bench(), once.outputs);
    expect(twice.told).toContain("With the earlier token it passed");
    expect(twice.told).toContain(`/pipelines/${green?.id}`);
  });

  it("is not the new one's where a generation failed, and another one follows it", async () => {
    const before = await ready();
    addBranch();
    bench().sandbox.gitlab.armJob(project, job, { does: "fail" }, 2);
    const earlier = { previousToken: before.token, previousGeneration: "2026-11-23" };
    const once = await prove({ ...(await placed(bench(), [unrun], "2026-11-24")), ...earlier }, bench());
    expect(once.outputs.status).toBe("failed");
    const next = await prove({ ...(await placed(bench(), [unrun], "2026-11-25")), ...earlier }, bench(), once.outputs);
    expect(next.told).not.toMatch(/earlier token \(|With the earlier token/);
  });
});

describe("what to do about a pipeline that failed", () => {
  const told = async (changes: Parameters<typeof ready>[0] = {}) => {
    const inputs = await ready({ pipelines: [ref], ...changes });
    return (await broken(created(inputs), inputs)).told;
  };

  it("names the token's rights only for a script that failed", async () => {
    bench().sandbox.gitlab.armJob(project, job, { does: "fail", reason: "script_failure" });
    expect(await told()).toContain("with 403, the account lacks a scope or a role");
  });

  it("names the runner where GitLab does", async () => {
    bench().sandbox.gitlab.armJob(project, job, { does: "fail", reason: "runner_system_failure" });
    const words = await told();
    expect(words).toContain("see to the runner");
    expect(words).not.toContain("scope");
  });

  it("names the declaration where a job is not in the pipeline", async () => {
    const words = await told({ pipelines: [{ ...ref, jobs: ["no-such-job"] }] });
    expect(words).toContain('correct "jobs" of that pipeline in the declaration');
    expect(words).not.toContain("scope");
  });

  it("names the declaration where GitLab refuses to start it", async () => {
    const words = await told({ pipelines: [{ project, ref: "nowhere", waitMinutes: 1 }] });
    expect(words).toContain("the token was not tried by it");
    expect(words).not.toContain("scope");
  });
});

function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, 20));
}
