import { beforeEach, describe, expect, it } from "vitest";
import type { StepIssue } from "../../../../contract/types/step";
import { PartialFailure, type Resource } from "../../../../providers/host/provider";
import { pipelineProof } from "../../../../providers/runbook/proof/pipelineProof";
import { personalAccessToken } from "../../../../providers/runbook/token/personalAccessToken";
import { telling } from "../../../../providers/runbook/tracking/failure";
import { trackingIssue } from "../../../../providers/runbook/tracking/trackingIssue";
import { benches, generationInputs, refusal } from "../bench";
import { anotherRun, commentsOf, issueInputs, next, project, rotation } from "./issueBench";

const bench = benches();
const secret = ["glpat", "x".repeat(20)].join("-");
const own = "a-token-of-an-instance-with-its-own-prefix";

interface Inputs {
  readonly issue?: StepIssue;
  readonly token: string;
  readonly consumers: readonly string[];
}

let failure: Error | undefined;

const step: Resource<Inputs, Inputs> = {
  create: async (inputs) => {
    if (failure !== undefined) throw failure;
    return { id: "id", outputs: inputs };
  },
  update: async (_before, inputs) => {
    if (failure !== undefined) throw failure;
    return inputs;
  },
};
const told = telling("runbook:index:TokenProof", step);
const inputs: Inputs = { issue: { project, iid: 1, ...rotation }, token: own, consumers: [] };
const comments = () => commentsOf(bench().sandbox, 1);

beforeEach(() => {
  failure = new Error(`proving "inventory": job "@all" said ${secret} and ${own}.\n/close`);
});

describe("a step that fails", () => {
  it("has told the issue of it, without secret, command or mention, and fails as before", async () => {
    expect(await refusal(told.create(inputs, bench().context))).toBe(failure?.message);
    const [comment = ""] = comments();
    expect(comment).toContain('  proving "inventory": job "＠all" said [secret] and [secret].');
    expect(comment).toContain("No token was revoked");
    expect(comment).not.toContain("@");
    expect(comment.split("\n").filter((line) => /^\s*\//.test(line))).toEqual([]);
  });

  it("tells each attempt once, however often the same run is repeated", async () => {
    await refusal(told.create(inputs, bench().context));
    anotherRun();
    await refusal(told.update?.({ id: "id", inputs, outputs: inputs }, inputs, bench().context));
    expect(comments()).toHaveLength(1);
    failure = new PartialFailure(["attempt 2 failed"], "id", {});
    await refusal(told.create(inputs, bench().context));
    expect(comments()).toHaveLength(2);
  });

  it("finds the issue that was opened for the rotation", async () => {
    await trackingIssue.create(issueInputs(), bench().context);
    anotherRun();
    await refusal(told.create({ ...inputs, issue: { project, ...next } }, bench().context));
    expect(commentsOf(bench().sandbox, 2)).toHaveLength(1);
  });

  it("tells whichever issue of the account is open, where the declaration does not say which rotation", async () => {
    const { generation: _, ...account } = next;
    const unknown = { ...inputs, issue: { project, ...account } };
    await refusal(told.create(unknown, bench().context));
    expect(bench().sandbox.gitlab.state.projects.get(project)?.issues).toHaveLength(1);
    await trackingIssue.create(issueInputs(), bench().context);
    anotherRun();
    await refusal(told.create({ ...inputs, issue: { project, ...account, account: "another" } }, bench().context));
    expect(commentsOf(bench().sandbox, 2)).toEqual([]);
    await refusal(told.create(unknown, bench().context));
    await refusal(told.create(unknown, bench().context));
    expect(commentsOf(bench().sandbox, 2)).toEqual([expect.stringContaining("(generation `2026-12-14`) failed:")]);
  });

  it("tells a person's issue while no rotation is announced", async () => {
    const { generation: _, ...account } = next;
    await refusal(told.create({ ...inputs, issue: { project, iid: 1, ...account } }, bench().context));
    expect(comments()).toEqual([expect.stringContaining("rotating the token of `inventory` failed:")]);
  });

  it("opens none, and says nothing where there is none, or when the run is cancelled", async () => {
    await refusal(told.create({ ...inputs, issue: { project, ...next } }, bench().context));
    const { issue: _issue, ...without } = inputs;
    await refusal(told.create(without, bench().context));
    bench().cancel();
    await refusal(told.create(inputs, bench().context));
    expect(comments()).toEqual([]);
    expect(bench().sandbox.gitlab.state.projects.get(project)?.issues).toHaveLength(1);
  });

  it("fails of its own failure also when the issue cannot be told", async () => {
    const gone = { ...inputs, issue: { project: "security/no-such-tracker", ...next } };
    expect(await refusal(told.create(gone, bench().context))).toBe(failure?.message);
    expect(bench().said.join("\n")).toContain("was not possible");
  });
});

describe("a place that could not be stored, as the proof of its account finds it", () => {
  const proof = telling("runbook:index:PipelineProof", pipelineProof);
  const place = { kind: "variable", project: "security/nowhere", key: "X", title: "@all's variable" } as const;

  /** The proof of a new token of which nobody can say where it is. */
  async function proven(issue: StepIssue) {
    const { outputs } = await personalAccessToken.create(generationInputs(), bench().context);
    const { tokenId = 0, token = "" } = outputs;
    const about = { account: "inventory", generation: "2026-11-23", tokenId, token, maxAttempts: 3, marginDays: 14 };
    return proof.create({ ...about, consumers: [place], pipelines: [], issue }, bench().context);
  }

  it("is told to the issue once, with no command or mention", async () => {
    const issue = { project, iid: 1, ...rotation };
    await refusal(proven(issue));
    anotherRun();
    await refusal(proven(issue));
    const [comment = "", ...others] = comments();
    expect(others).toEqual([]);
    expect(comment).toContain("＠all's variable could not be set: ");
    expect(comment).toContain("No token was revoked");
    expect(comment).not.toContain("@");
    expect(comment.split("\n").filter((line) => /^\s*\//.test(line))).toEqual([]);
    for (const value of bench().sandbox.gitlab.issuedTokens()) expect(comment).not.toContain(value);
  });

  it("is a warning where the issue cannot be told", async () => {
    const told = await refusal(proven({ project: "security/no-such-tracker", ...next }));
    expect(told).toContain("@all's variable could not be set: ");
    expect(bench().said.join("\n")).toContain("was not possible");
  });
});

describe("a step that succeeds", () => {
  it("tells nothing, and is not taken again for the sake of another issue", async () => {
    failure = undefined;
    await told.create(inputs, bench().context);
    expect(bench().requests()).toEqual([]);
    const before = { id: "id", inputs, outputs: inputs };
    expect(told.diff?.(before, { ...inputs, issue: { project: "other/tracker", ...next } }).changes).toEqual({});
    expect(told.diff?.(before, { ...inputs, consumers: ["x"] }).changes).toEqual({ "consumers[0]": "add" });
  });
});
