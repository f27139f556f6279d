import { describe, expect, it } from "vitest";
import { servers } from "../../../clients/servers";
import { pipelineProof as pipelineProofContract } from "../../../contract/pipelineProof";
import { withDefaults } from "../../../providers/host/checks";
import { unknown } from "../../../providers/host/provider";
import { setConsumers } from "../../../providers/runbook/consumers";
import { pipelineProof } from "../../../providers/runbook/proof/pipelineProof";
import { benches, inventory, variable } from "./bench";
import { changes, job, provings } from "./proof/provings";

const bench = benches();
const { minted, ready, created, updated, broken, held, started } = provings(bench);

const reads = [
  "GET /projects/security/inventory-builder/variables/GITLAB_API_TOKEN 200",
  "GET /vaults/<id>/items/<id> 200",
];
const writes = () =>
  bench()
    .requests()
    .filter((request) => /^(PUT|PATCH|POST) .* 20\d$/.test(request));

/** Has somebody set a place to a value. */
async function set(token: string, places = [variable]): Promise<void> {
  expect(await setConsumers(servers(bench().context), places, { token })).toEqual([]);
  bench().requests();
}

/** Has the vault refuse to be written, until what it gives is called. */
const refuseVault = () =>
  bench().sandbox.onepassword.inject({ fault: { kind: "server-error", status: 403 }, method: "PATCH", times: 99 });

describe("a token that no pipeline is to prove", () => {
  it("is proven when all places hold it, at that moment, and nothing is written or started for it", async () => {
    const inputs = await ready({ pipelines: [] });
    bench().tick({ days: 3 });
    const before = await created(inputs);
    expect(before.outputs).toEqual({
      account: "inventory",
      generation: "2026-11-23",
      tokenId: inputs.tokenId,
      consumers: inputs.consumers,
      pipelines: [],
      maxAttempts: 3,
      status: "passed",
      provedAt: process.env.PAT_ROTATION_AS_OF,
      attempts: 1,
      runs: [],
      lastProven: { generation: "2026-11-23", token: inputs.token },
      putBack: false,
    });
    expect(bench().requests().sort()).toEqual(reads);
    expect(changes(before)).toEqual([]);
  });

  it("is set where a place holds another one, and proven then", async () => {
    const other = await minted("2026-11-01");
    const inputs = await ready({ pipelines: [] });
    await set(other.token);
    const { outputs } = await created(inputs);
    expect(outputs.status).toBe("passed");
    expect(writes()).toEqual(["PUT /projects/security/inventory-builder/variables/GITLAB_API_TOKEN 200"]);
    expect(held()).toEqual([inputs.token, inputs.token]);
  });

  it("is not proven while a place cannot be set, and is by the run that can", async () => {
    const other = await minted("2026-11-01");
    const inputs = await ready({ pipelines: [] });
    await set(other.token, inputs.consumers.slice(1) as (typeof variable)[]);
    const allow = refuseVault();
    const failed = await broken(created(inputs), inputs);
    expect(failed.told).toMatch(
      /^proving generation "2026-11-23" of account "inventory" by its places: not every place could be set: field .* could not be set: /,
    );
    expect(failed.outputs).toMatchObject({ status: "failed", attempts: 0, putBack: false });
    expect(failed.outputs.provedAt).toBeUndefined();
    expect(changes(failed)).toEqual(["status"]);
    allow();
    bench().tick({ days: 2 });
    expect((await updated(failed)).outputs).toMatchObject({
      status: "passed",
      provedAt: process.env.PAT_ROTATION_AS_OF,
    });
    expect(held()).toEqual([inputs.token, inputs.token]);
  });

  it("shows in a preview that it will be looked at, and reads nothing", async () => {
    const inputs = await ready({ pipelines: [] });
    expect(await pipelineProof.previewCreate?.(inputs, bench().context)).toMatchObject({
      status: unknown,
      provedAt: unknown,
    });
    expect(bench().requests()).toEqual([]);
  });
});

describe("a proof that is taken out of the declaration after the earlier token was put back", () => {
  it.each([1, 3])(
    "has the new token set in all places again, and proves it by them, after attempt %i",
    async (attempts) => {
      const first = await created(await ready());
      const inputs = await ready({ maxAttempts: 3 }, "2026-11-24");
      bench().sandbox.gitlab.armJob(inventory.project, job, { does: "fail" });
      const failed = await broken(updated(first, inputs), inputs);
      expect(held()).toEqual([first.inputs.token, first.inputs.token]);
      const before = { ...failed, outputs: { ...failed.outputs, attempts } };
      const dropped = { ...inputs, pipelines: [] };
      expect(changes(before, dropped)).toEqual(["status", "pipelines"]);
      started();
      const { outputs } = await updated(before, dropped);
      expect(outputs).toMatchObject({
        status: "passed",
        attempts: 1,
        putBack: false,
        lastProven: { generation: "2026-11-24", token: inputs.token },
      });
      expect(held()).toEqual([inputs.token, inputs.token]);
      expect(started()).toEqual([]);
    },
  );
});

describe("after the last attempt", () => {
  /** A proof that failed for good, and the token that served before. */
  async function givenUp() {
    const first = await created(await ready());
    const inputs = await ready({ maxAttempts: 1 }, "2026-11-24");
    bench().sandbox.gitlab.armJob(inventory.project, job, { does: "fail" });
    const before = await broken(updated(first, inputs), inputs);
    expect(before.told).toContain("That was the last attempt");
    bench().requests();
    return { served: first.inputs.token, inputs, before };
  }

  it.each([
    ["its own step, as after a refresh", async (token: string) => token],
    ["a person", async () => (await minted("2026-11-02")).token],
  ])("each run brings the places back to the earlier token, when %s set another one", async (_, other) => {
    const { served, inputs, before } = await givenUp();
    await set(await other(inputs.token));
    const again = await broken(updated(before), inputs);
    expect(writes()).toEqual(["PUT /projects/security/inventory-builder/variables/GITLAB_API_TOKEN 200"]);
    expect(again.told).toContain(
      'Put back: the token of generation "2026-11-23" is again in CI/CD variable "GITLAB_API_TOKEN"',
    );
    expect(again.outputs).toMatchObject({ status: "failed", attempts: 1, putBack: true });
    expect(held()).toEqual([served, served]);
  });

  it("each run says what the places hold, and writes nothing while they hold it", async () => {
    const { served, inputs, before } = await givenUp();
    const again = await broken(updated(await broken(updated(before), inputs)), inputs);
    expect(again.told).toContain('the token of generation "2026-11-23" is again in CI/CD variable "GITLAB_API_TOKEN"');
    expect(writes()).toEqual([]);
    expect(held()).toEqual([served, served]);
  });

  it("a place that is declared since then gets the earlier token as well", async () => {
    const { served, inputs, before } = await givenUp();
    const [, vault] = inputs.consumers;
    const more = { ...inputs, consumers: inputs.consumers };
    const fewer = { ...before, outputs: { ...before.outputs, consumers: [variable] } };
    await set(inputs.token, [vault as typeof variable]);
    expect(changes(fewer, more)).toContain("consumers");
    await broken(updated(fewer, more), more);
    expect(held()).toEqual([served, served]);
  });

  it("the places are left as they are while GitLab cannot say whether the earlier token works", async () => {
    const { served, inputs, before } = await givenUp();
    const { sandbox } = bench();
    const fault = { kind: "server-error", status: 500 } as const;
    sandbox.gitlab.inject({ fault, method: "GET", path: "/personal_access_tokens/self", times: 5 });
    const again = await broken(updated(before), inputs);
    expect(again.told).toContain("The places are left as they are: the next run looks again");
    expect(again.outputs).toMatchObject({ status: "failed", putBack: true });
    expect(writes()).toEqual([]);
    expect(held()).toEqual([served, served]);
  });
});

describe("a place that cannot be set", () => {
  it("takes the whole rotation back to the earlier token, and counts as no attempt", async () => {
    const first = await created(await ready());
    const { tokenId, token } = await minted("2026-11-24");
    const inputs = { ...first.inputs, generation: "2026-11-24", tokenId, token };
    await set(token);
    const allow = refuseVault();
    const before = await broken(updated(first, inputs), inputs);
    expect(before.told).toMatch(
      /^proving generation "2026-11-24" of account "inventory" by its pipelines, attempt 1 of 3: storing the new token: field .* could not be set: .*A rotation stands in all places or in none\.\nPut back: the token of generation "2026-11-23" is again in /,
    );
    expect(before.outputs).toMatchObject({ status: "failed", attempts: 0, putBack: true });
    expect(held()).toEqual([first.inputs.token, first.inputs.token]);
    expect(started()).toEqual([]);
    expect(await broken(updated(before), inputs)).toMatchObject({ outputs: { attempts: 0 } });
    expect(held()).toEqual([first.inputs.token, first.inputs.token]);
    allow();
    bench().requests();
    expect((await updated(before)).outputs).toMatchObject({ status: "passed", attempts: 1, putBack: false });
    expect(held()).toEqual([token, token]);
    expect(bench().sandbox.gitlab.liveTokens(inventory.username)).toHaveLength(2);
  });

  it.each([
    ["none is known", async () => ({})],
    [
      "it dies within the margin",
      async () => ({
        previousToken: (await minted("2026-01-05", "2026-12-07")).token,
        previousGeneration: "2026-01-05",
      }),
    ],
    [
      "it died when it rotated itself",
      async () => ({
        previousToken: (await minted("2026-01-05")).token,
        previousGeneration: "2026-01-05",
        earlierIsDead: true,
      }),
    ],
  ])(
    "leaves the others on the new token where no earlier one can be put back (%s): it is tried, and stays red",
    async (_, earlier) => {
      const other = await minted("2026-11-01");
      const inputs = await ready(await earlier());
      const [, vault] = inputs.consumers;
      await set(other.token, [vault as typeof variable]);
      const allow = refuseVault();
      const before = await broken(created(inputs), inputs);
      expect(before.told).toContain("not every place could be set: field ");
      expect(before.told).toContain(
        "The others hold the new token, and what depends on it passes. No token is revoked.",
      );
      expect(before.outputs).toMatchObject({ status: "failed", putBack: false });
      expect(before.outputs.runs.map(({ status }) => status)).toEqual(["success"]);
      expect(before.outputs.provedAt).toBeUndefined();
      expect(held()).toEqual([inputs.token, other.token]);
      expect(changes(before)).toEqual(["status"]);
      allow();
      expect((await updated(before)).outputs).toMatchObject({ status: "passed" });
      expect(held()).toEqual([inputs.token, inputs.token]);
    },
  );
});

describe("an earlier token that dies within the margin", () => {
  it.each([
    [14, false],
    [13, true],
  ])("of %i days is put back when a pipeline fails: %s", async (marginDays, isBack) => {
    const earlier = await minted("2026-01-05", "2026-12-07");
    const previous = { previousToken: earlier.token, previousGeneration: "2026-01-05" };
    const inputs = await ready({ ...previous, marginDays });
    bench().sandbox.gitlab.armJob(inventory.project, job, { does: "fail" });
    const { told, outputs } = await broken(created(inputs), inputs);
    const holds = isBack ? earlier.token : inputs.token;
    expect(held()).toEqual([holds, holds]);
    expect(outputs.putBack).toBe(isBack);
    expect(told).toContain(
      isBack
        ? "Put back: "
        : 'Not put back: the token of generation "2026-01-05" cannot be put back: it dies on 2026-12-07, within the margin of 14 days. The places hold the new token, which lives',
    );
  });

  it("has the margin of 14 days where none is declared", () => {
    const filled = withDefaults({ account: "inventory" }, pipelineProofContract.schema);
    expect(filled).toEqual({ account: "inventory", maxAttempts: 3, marginDays: 14 });
  });
});
