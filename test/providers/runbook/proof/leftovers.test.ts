import { describe, expect, it } from "vitest";
import { unknown } from "../../../../providers/host/provider";
import { personalAccessToken } from "../../../../providers/runbook/token/personalAccessToken";
import { benches, generationInputs, inventory, tokensPath } from "../bench";
import { successions } from "../retirement/successions";
import { tokens } from "../tokens";
import { changes, provings, type State } from "./provings";

const bench = benches();
const { ready, created, updated } = provings(bench);
const { setVariable } = successions(bench);
const { live } = tokens(bench);

/** A proof of the token that was minted after two that nobody knows, as its account's only generation. */
async function proven(quietHours = 0): Promise<State & { readonly lost: readonly number[] }> {
  for (const _ of [1, 2]) await personalAccessToken.create(generationInputs(), bench().context);
  const lost = live();
  const inputs = await ready({ pipelines: [] });
  const leftovers = {
    fleet: inventory.fleet,
    group: inventory.group,
    userId: inventory.userId,
    tokenIds: lost,
    overlapDays: 7,
    quietHours,
    knownTokenIds: [inputs.tokenId],
  };
  const before = await created({ ...inputs, leftovers });
  expect(live()).toEqual([...lost, inputs.tokenId]);
  bench().requests();
  return { ...before, lost };
}

describe("what lost answers left of an account's only generation", () => {
  it("waits for the overlap, and asks nobody until then", async () => {
    const before = await proven();
    expect(changes(before)).toEqual([]);
    bench().tick({ days: 6 });
    expect(changes(before)).toEqual([]);
    bench().tick({ days: 1 });
    expect(changes(before)).toEqual(["sweptTokenIds"]);
    expect(changes(before, { ...before.inputs, leftovers: unknown as never })).toEqual([]);
    expect(bench().requests()).toEqual([]);
  });

  it("is revoked then, once, and the proof stays as it was", async () => {
    const { lost, ...before } = await proven();
    bench().tick({ days: 7 });
    const after = await updated(before);
    expect(after.outputs).toEqual({ ...before.outputs, sweptTokenIds: lost });
    expect(live()).toEqual([before.inputs.tokenId]);
    expect(bench().said.join("\n")).toContain(`token ${lost[0]} was revoked as well`);
    expect(changes(after)).toEqual([]);
  });

  it("lives on while a place holds another value than the token in use, and is looked for again", async () => {
    const { lost, ...before } = await proven();
    bench().tick({ days: 7 });
    setVariable("set-by-a-person");
    const after = await updated(before);
    expect(after.outputs).toEqual(before.outputs);
    expect(live()).toEqual([...lost, before.inputs.tokenId]);
    expect(changes(after)).toEqual(["sweptTokenIds"]);
    expect(bench().said.at(-1)).toContain("held, because");
    expect(bench().requests()).not.toContainEqual(expect.stringMatching(/^DELETE/));
  });

  it("is no business of a proof that is to be made anew: that comes first", async () => {
    const before = await proven();
    bench().tick({ days: 7 });
    expect(changes(before, { ...before.inputs, generation: "2026-11-30" })).toEqual(["generation"]);
  });

  it("leaves alive whatever somebody worked with since, and says so", async () => {
    const { lost, ...before } = await proven(24);
    bench().tick({ days: 7 });
    const used = bench().sandbox.gitlab.state.tokens.byId(lost[0] ?? 0)?.value ?? "";
    await fetch(`${bench().sandbox.gitlab.url}/api/v4/user`, { headers: { "PRIVATE-TOKEN": used } });
    await updated(before);
    expect(live()).toEqual([lost[0], before.inputs.tokenId]);
    expect(bench().said.join("\n")).toContain(`token ${lost[0]} bears the mark`);
    expect(bench().requests()).not.toContain(`DELETE ${tokensPath}/${lost[0]} 204`);
  });
});
