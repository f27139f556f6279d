import { describe, expect, it } from "vitest";
import type { PipelineTarget } from "../../../../contract/types/pipelines";
import { account } from "../../../../providers/runbook/account/account";
import { accountInputs, benches, inventory } from "../bench";

const bench = benches();
const { project, schedule } = inventory;
const job = "build-inventory";

async function foretold(target: Partial<PipelineTarget>) {
  const { context, said } = bench();
  await account.previewCreate?.(accountInputs({ pipelines: [{ project, ...target }] }), context);
  return said;
}

describe("a declared job that the newest pipeline did not have", () => {
  it("is told by a preview with the one that may be meant: an update would find out after the mint", async () => {
    const { context, said, requests } = bench();
    const inputs = accountInputs({ pipelines: [{ project, schedule, jobs: [job, "biuld-inventory"] }] });
    await account.previewCreate?.(inputs, context);
    expect(said).toEqual([
      `account "inventory": schedule "${schedule}" of project "${project}": its newest pipeline (20001) had no job "biuld-inventory"; it had "lint", "${job}", "publish". Write "${job}", if that is what you mean: without that job the proof fails.`,
    ]);
    expect(requests().filter((one) => one.includes("/jobs"))).toHaveLength(1);
  });

  it("is looked for on the branch that is declared", async () => {
    expect(await foretold({ ref: "main", jobs: ["deploy"] })).toEqual([
      expect.stringContaining(
        `had no job "deploy"; it had "lint", "${job}", "publish". Correct "jobs", if it is misspelt`,
      ),
    ]);
  });

  it("is looked for among the newest jobs where it is observed by its name alone", async () => {
    expect(await foretold({ observed: true, jobs: ["deploy"] })).toEqual([
      expect.stringContaining(`none of the newest 500 jobs of project "${project}" is called "deploy"`),
    ]);
  });

  it("is told of no job that was there", async () => {
    expect(await foretold({ observed: true, jobs: [job] })).toEqual([]);
  });

  it("is no business of an update, which asks for no jobs before the mint", async () => {
    const { context, said, requests } = bench();
    await account.create(accountInputs({ pipelines: [{ project, schedule, jobs: ["biuld-inventory"] }] }), context);
    expect([said, requests().filter((one) => one.includes("/jobs"))]).toEqual([[], []]);
  });
});
