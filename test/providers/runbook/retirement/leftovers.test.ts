import { describe, expect, it } from "vitest";
import { retirement } from "../../../../providers/runbook/retirement/resource";
import { benches } from "../bench";
import { endOf, successions } from "./successions";

const bench = benches();
const { minted, succession, blindSuccession, begun, live, use, steal, setVariable } = successions(bench);

describe("what lost answers left behind", () => {
  it("is taken along by a retirement, and nothing else", async () => {
    const { sandbox, tick, said } = bench();
    sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST", times: 1 });
    const { fresh, inputs } = await succession();
    const other = await minted({ generation: "2026-11-25", expiresAt: "2027-11-20" });
    const foreign = await minted({ fleet: "other-fleet" });
    expect(live()).toHaveLength(5);
    const [lost] = live();
    tick({ days: 7 });
    await begun(inputs);
    expect(live()).toEqual([fresh, other, foreign].map(({ outputs }) => outputs.tokenId));
    expect(said.join("\n")).toContain(`token ${lost} was revoked as well; it was left behind by a lost answer`);
  });

  it("is taken along although the token itself was never minted", async () => {
    const { fresh, inputs } = await succession();
    const { tokenId: _id, token: _token, ...unminted } = inputs;
    bench().tick({ days: 7 });
    expect((await begun({ ...unminted, status: "unminted" })).outputs).toMatchObject({
      status: "unminted",
      hold: "",
      swept: true,
    });
    expect(live()).toEqual([fresh.outputs.tokenId]);
  });
});

describe("a token that was replaced within its generation, since it was about to die", () => {
  it("is revoked when the one after it is proven and the overlap is over, by what retired their predecessor", async () => {
    const { sandbox, tick } = bench();
    const { fresh, inputs } = await succession();
    tick({ days: 7 });
    const ended = await begun(inputs);
    const { generation } = fresh.outputs;
    expect(ended.outputs.sweptFor).toEqual({ generation, tokenId: fresh.outputs.tokenId });

    const renewed = await minted({ generation });
    const { tokenId = 0, token = "" } = renewed.outputs;
    setVariable(token);
    const successor = { generation, tokenId, token, provedAt: sandbox.clock.now().toISOString() };
    const retire = { ...inputs.retire, overlapDays: 3, knownTokenIds: [tokenId], successor };
    const next = { ...inputs, retire };
    expect(retirement.diff?.(ended, next)).toEqual({ changes: {} });

    tick({ days: 3 });
    expect(retirement.diff?.(ended, next)).toEqual({ changes: { sweptFor: "update" } });
    const outputs = await retirement.update?.(ended, next, bench().context);
    expect(outputs).toEqual({ ...ended.outputs, sweptFor: { generation, tokenId } });
    expect(live()).toEqual([tokenId]);
  });
});

describe("an account that was renamed", () => {
  it("retires with a token what lost answers left behind under its former name, and no other's", async () => {
    const { inputs } = await succession();
    const lost = await minted({ account: "inventory-of-old" });
    const others = await minted({ account: "another" });
    bench().tick({ days: 8 });
    const { outputs } = await begun({ ...inputs, formerly: "inventory-of-old" });
    expect(outputs.status).toBe("revoked");
    expect(live()).not.toContain(lost.outputs.tokenId);
    expect(live()).toContain(others.outputs.tokenId);
  });

  it("ends with what was made under its former name", async () => {
    const lost = await minted({ account: "inventory-of-old" });
    const others = await minted({ account: "another" });
    const old = await minted();
    const { outputs } = await begun(endOf(old, { decommission: "over", formerly: "inventory-of-old" }));
    expect(outputs).toMatchObject({ status: "revoked", hold: "", swept: true });
    expect(live()).not.toContain(lost.outputs.tokenId);
    expect(live()).toContain(others.outputs.tokenId);
  });
});

describe("a token with this account's mark that this stack does not know", () => {
  it("is left alive, and told of, while somebody works with it: another stack of the same fleet", async () => {
    const { tick, said } = bench();
    const { fresh, inputs } = await succession({ quietHours: 24 });
    const theirs = await minted({ generation: "2026-11-24", expiresAt: "2027-11-24" });
    tick({ days: 3 });
    await use(theirs.outputs.token);
    tick({ days: 4 });
    expect((await begun(inputs)).outputs.status).toBe("revoked");
    expect(live()).toEqual([fresh.outputs.tokenId, theirs.outputs.tokenId]);
    expect(said.join("\n")).toMatch(
      new RegExp(`token ${theirs.outputs.tokenId} bears the mark .* was used at 2026-11-27T.* It is left alive`),
    );
  });

  it("is revoked whoever works with it, when it is what a leaked token became in somebody's hands", async () => {
    const { tick, said } = bench();
    const { old, fresh, inputs } = await succession({ overlapDays: 0, leaked: true });
    const { id, token } = await steal(old.outputs.token);
    tick({ hours: 1 });
    await use(token);
    expect(live()).toEqual([fresh.outputs.tokenId, id]);
    await begun(inputs);
    expect(live()).toEqual([fresh.outputs.tokenId]);
    expect(said.join("\n")).toContain(`token ${id} was revoked as well; it bears the mark of what leaked`);
  });

  it("is left alive in the same case, when the token that became it did not leak", async () => {
    const { old, fresh, inputs } = await succession({ overlapDays: 0 });
    const { id, token } = await steal(old.outputs.token);
    bench().tick({ hours: 1 });
    await use(token);
    await begun(inputs);
    expect(live()).toEqual([fresh.outputs.tokenId, id]);
  });

  it("is revoked when nobody has used it since its successor was proven: forgotten by the state", async () => {
    const { tick } = bench();
    const forgotten = await minted();
    await use(forgotten.outputs.token);
    const { fresh, inputs } = await succession({ quietHours: 24 });
    tick({ days: 7 });
    await begun(inputs);
    expect(live()).toEqual([fresh.outputs.tokenId]);
  });
});

describe("a hand-made token that leaked, and was dead when we came", () => {
  it("is told with what it may have become in somebody's hands, which bears no mark, and is left alive", async () => {
    const { sandbox, tick, said } = bench();
    const { before, tokenId, successor } = await blindSuccession();
    const { id } = await steal(sandbox.gitlab.variable("security/scanner", "GITLAB_API_TOKEN"));
    tick({ hours: 1 });
    said.length = 0;
    const retire = { successor, overlapDays: 0, knownTokenIds: [tokenId] };
    expect((await begun(endOf(before, { retire, leaked: true }))).outputs.status).toBe("revoked");
    const told = `token ${id} has its name, description and scopes, lives`;
    expect(said.filter((one) => one.includes(told))).toHaveLength(1);
    expect(sandbox.gitlab.liveTokens("gl-security-scanner").map((one) => one.id)).toContain(id);
  });
});
