import { describe, expect, it } from "vitest";
import { getJob } from "../../../../clients/gitlab/pipelines/jobs";
import { servers } from "../../../../clients/servers";
import type { PipelineTarget } from "../../../../contract/types/pipelines";
import { account } from "../../../../providers/runbook/account/account";
import { runJob, unstarted } from "../../../../providers/runbook/pipelines/runs";
import { doubtOf } from "../../../../providers/runbook/proof/doubts";
import { accountInputs, benches, inventory, refusal, variable } from "../bench";
import { placed, prove } from "../proof/proofs";
import { job, provings, schedule } from "../proof/provings";

const bench = benches();
const { minted, ready, created, updated, broken, held } = provings(bench);
const { project } = inventory;
const key = "GITLAB_API_TOKEN";
const state = () => bench().sandbox.gitlab.state;
const pipelines = () => [...state().pipelines.values()];

/** Gives the schedule a variable of its own. */
function giveSchedule(name = key, value = "dead"): void {
  const found = [...state().schedules.values()].find(({ description }) => description === inventory.schedule);
  if (found !== undefined) found.variables = [{ key: name, value }];
}

/** Has our user be a developer, who may not edit what others made. */
function demote(): void {
  const userId = state().tokens.byValue(bench().sandbox.gitlab.tokenValue("owner"))?.userId ?? 0;
  state().groups.get("security")?.members.set(userId, 30);
}

describe("before anything is minted, a variable of the schedule itself", () => {
  const refused = (pipelines: readonly PipelineTarget[] = [schedule]) =>
    refusal(account.create(accountInputs({ pipelines }), bench().context));

  it("of the same key is refused: the pipeline would be fed by it, and prove nothing", async () => {
    giveSchedule();
    expect(await refused()).toContain(
      `schedule "${inventory.schedule}" of project "${project}" gives its pipelines a variable "${key}" of its own, which counts before the declared one: they would prove nothing. Delete it in the schedule.`,
    );
    expect(bench().sandbox.gitlab.liveTokens(inventory.username)).toEqual([]);
  });

  it("of another key is none of ours", async () => {
    giveSchedule("ANOTHER");
    expect((await account.create(accountInputs(), bench().context)).outputs.userId).toBe(201);
    expect(bench().said).toEqual([]);
  });

  it("is told where jobs are observed that it may start", async () => {
    giveSchedule();
    await account.create(accountInputs({ pipelines: [{ project, observed: true, jobs: [job] }] }), bench().context);
    expect(bench().said.join()).toContain(`what job "${job}" does in them proves nothing`);
  });
});

describe("a pipeline that passed", () => {
  it("proves nothing where its schedule was given the variable since, and is started anew when that is mended", async () => {
    const inputs = await ready();
    giveSchedule(key, (await minted("2026-01-01")).token);
    const before = await broken(created(inputs), inputs);
    expect(before.told).toContain("it proves nothing: schedule");
    expect(before.told).toContain("That is no verdict on the token: it counts as no attempt");
    expect(before.outputs).toMatchObject({ status: "running", attempts: 0, putBack: false });
    expect(before.outputs.provedAt).toBeUndefined();
    expect(held()).toEqual([inputs.token, inputs.token]);
    giveSchedule("ANOTHER");
    const count = pipelines().length;
    expect((await updated(before)).outputs).toMatchObject({ status: "passed", attempts: 1 });
    expect(pipelines().length).toBe(count + 1);
  });

  it("or failed, says nothing about the token where the schedule gives it another one", async () => {
    const inputs = await ready();
    giveSchedule();
    const { told, outputs } = await broken(created(inputs), inputs);
    expect(told).toContain("it proves nothing: schedule");
    expect(outputs.attempts).toBe(0);
  });

  it("and was observed, proves nothing where a person gave it the variable", async () => {
    const { token: value } = await minted("2026-01-01");
    const observed = { project, observed: true, jobs: [job], waitMinutes: 0 };
    const inputs = await placed(bench(), [observed]);
    Object.assign(state().projects.get(project) ?? {}, { pipelineVariables: true });
    const { environment } = bench().sandbox;
    const answer = await fetch(
      `${environment.GITLAB_BASE_URL}/api/v4/projects/${encodeURIComponent(project)}/pipeline`,
      {
        method: "POST",
        headers: { "PRIVATE-TOKEN": environment.GITLAB_TOKEN ?? "", "content-type": "application/json" },
        body: JSON.stringify({ ref: "main", variables: [{ key, value }] }),
      },
    );
    expect(answer.status).toBe(201);
    while (pipelines().at(-1)?.status !== "success") await pause();
    const { told, outputs } = await prove(inputs, bench());
    expect(told).toContain(`was given a variable "${key}" when it was started`);
    expect(outputs.status).toBe("running");
  });

  it("and was observed, proves nothing where a schedule that has the variable started it", async () => {
    const inputs = await placed(bench(), [{ project, observed: true, jobs: [job], waitMinutes: 0 }]);
    giveSchedule(key, (await minted("2026-01-01")).token);
    const count = pipelines().length;
    bench().sandbox.gitlab.runSchedule(project, inventory.schedule);
    while (pipelines().length === count || pipelines().at(-1)?.status !== "success") await pause();
    const { told } = await prove(inputs, bench());
    expect(told).toContain(`schedule "${inventory.schedule}" gives such pipelines a variable of the same key`);
  });

  it("counts where GitLab does not show what it was given, and that is said", async () => {
    demote();
    const target = { project, observed: true, jobs: [job] };
    const last = [...state().jobs.values()].filter(({ definition }) => definition.name === job).at(-1);
    const at = servers(bench().context);
    const seen = await getJob(at.gitlab(), project, last?.id ?? 0);
    const run = { ...unstarted(target, ""), status: "success", jobs: [runJob(seen)] };
    expect(await doubtOf(target, run, [variable], at, bench().context.log)).toBeUndefined();
    expect(bench().said.join()).toContain(
      `which variables were given to pipeline ${last?.pipelineId} could not be looked at`,
    );
  });
});

function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, 20));
}
