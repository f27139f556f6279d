import { describe, expect, it } from "vitest";
import type { SelfRotatingTokenInputs } from "../../../../contract/selfRotatingToken";
import { selfRotatingToken } from "../../../../providers/runbook/self/selfRotatingToken";
import { kindsWorld, username } from "../../../e2e/rotation/kinds";
import { benches, refusal } from "../bench";
import { selfInputs, selfRotating } from "./selfRotating";

const bench = benches({ world: kindsWorld("owner") });

const { live, inVault, made: madeOf } = selfRotating(bench);
const inputs = selfInputs;

const rotate = "POST /personal_access_tokens/self/rotate";
const rotations = (requests: readonly string[]) => requests.filter((request) => request.startsWith(rotate));

/** GitLab revokes a whole family when a used-up value is sent to be rotated: then what came of it would be dead. */
function expectNoReuse(): void {
  const { tokens } = bench().sandbox.gitlab.state;
  const family = tokens.of(205).filter(({ rotatedFrom }) => rotatedFrom !== undefined);
  expect(family.filter(({ revoked }) => !revoked).map(({ value }) => value)).toEqual(live().map(({ value }) => value));
}

const made = (changes: Partial<SelfRotatingTokenInputs> = {}) => madeOf(inputs(changes));

describe("a token that rotates itself", () => {
  it("is taken over by its id before the first date, and nothing is written", async () => {
    const { outputs } = await selfRotatingToken.create(inputs({ generation: "adopted" }), bench().context);
    expect(outputs).toMatchObject({ tokenId: 1205, expiresAt: "2026-12-14", status: "live" });
    expect(outputs).not.toHaveProperty("rotatedAt");
    expect(bench().requests()).toEqual([
      "GET /vaults 200",
      "GET /vaults/<id>/items 200",
      "GET /vaults/<id>/items/<id> 200",
      "GET /personal_access_tokens/self 200",
    ]);
  });

  it("notes in 1Password that it begins, rotates, and stores value and note in one request", async () => {
    const { id, outputs } = await selfRotatingToken.create(inputs(), bench().context);
    const [fresh] = live();
    expect(live()).toHaveLength(1);
    expect(id).toBe("platform/self");
    expect(outputs).toEqual({
      ...inputs(),
      tokenId: fresh?.id,
      token: fresh?.value,
      status: "live",
      rotatedAt: fresh?.createdAt,
      predecessor: { generation: "adopted", tokenId: 1205, expiresAt: "2026-12-14" },
    });
    expect(inVault()).toBe(fresh?.value);
    expect(inVault("rotation of self")).toBe(
      `stored ${process.env.PAT_ROTATION_AS_OF}, token ${fresh?.id} [platform/self/2026-11-23]`,
    );
    expect(bench().requests().slice(3)).toEqual([
      "GET /personal_access_tokens/self 200",
      "PATCH /vaults/<id>/items/<id> 200",
      `${rotate} 200`,
      "PATCH /vaults/<id>/items/<id> 200",
    ]);
  });

  it("rotates again when the next generation opens, and not when nothing changed", async () => {
    const before = await made();
    expect(selfRotatingToken.diff?.(before, inputs())).toEqual({ changes: {} });
    const next = inputs({ generation: "2026-12-14", expiresAt: "2027-12-14" });
    expect(selfRotatingToken.diff?.(before, next)).toEqual({ changes: { status: "update", generation: "update" } });
    bench().tick({ days: 21 });
    const outputs = await selfRotatingToken.update?.(before, next, bench().context);
    const { tokenId } = before.outputs;
    expect(outputs).toMatchObject({ predecessor: { generation: "2026-11-23", tokenId, expiresAt: "2027-11-23" } });
    expect(live()).toMatchObject([{ id: outputs?.tokenId, rotatedFrom: tokenId, expiresAt: "2027-12-14" }]);
  });

  it("is not rotated when its item cannot be written", async () => {
    process.env.OP_CONNECT_TOKEN = bench().sandbox.onepassword.tokenValue("connect-read-only");
    const error = await refusal(selfRotatingToken.create(inputs(), bench().context));
    expect(error).toContain("may not write to the vault");
    expect(rotations(bench().requests())).toEqual([]);
    expect(live().map(({ id }) => id)).toEqual([1205]);
  });

  it.each([
    [{ adopt: { tokenId: 1206, expiresAt: "2026-12-14" } }, 'has the id 1205, not 1206. Correct "adopt"'],
    [{ adopt: { tokenId: 1205, expiresAt: "2026-12-15" } }, 'it expires on "2026-12-14", not on "2026-12-15"'],
    [{ scopes: ["read_api", "self_rotate"] }, "has the scopes api, and read_api, self_rotate are declared"],
    [{ name: "other" }, 'is called "self", and "other" is declared'],
    [{ userId: 204 }, 'belongs to user 205, not to "gl-self" (user 204)'],
  ])("is not touched when it is not as declared: %j", async (changes, told) => {
    const error = await refusal(selfRotatingToken.create(inputs(changes), bench().context));
    expect(error).toContain(told);
    expect(error).toContain("The token was not touched");
    expect(
      bench()
        .requests()
        .filter((request) => !request.startsWith("GET")),
    ).toEqual([]);
  });

  it("is refused to another fleet, whose note stands beside it", async () => {
    await made({ fleet: "theirs" });
    const error = await refusal(selfRotatingToken.create(inputs(), bench().context));
    expect(error).toContain('is rotated by the fleet "theirs", as the note "rotation of self" beside it says');
    expect(rotations(bench().requests())).toEqual([]);
  });

  it("is refused to another fleet under another name as well", async () => {
    await made({ fleet: "theirs" });
    const [theirs] = live();
    const adopt = { tokenId: theirs?.id ?? 0, expiresAt: "2027-11-23" };
    const error = await refusal(selfRotatingToken.create(inputs({ account: "other", adopt }), bench().context));
    expect(error).toContain('is rotated by the fleet "theirs", as the note "rotation of self" beside it says');
    expect(rotations(bench().requests())).toEqual([]);
    expect(live()).toEqual([theirs]);
  });

  it("is not rotated when this run itself works with it", async () => {
    process.env.GITLAB_TOKEN = inVault();
    const error = await refusal(selfRotatingToken.create(inputs(), bench().context));
    expect(error).toContain('Set "GITLAB_TOKEN" to a token of another user');
    expect(rotations(bench().requests())).toEqual([]);
  });
});

describe("a rotation that does not come to its end", () => {
  it("is taken over when the new value was stored and the state was not", async () => {
    const { outputs } = await made();
    const again = await selfRotatingToken.create(inputs(), bench().context);
    expect(again.outputs).toMatchObject({ tokenId: outputs.tokenId, token: outputs.token, status: "live" });
    expect(rotations(bench().requests())).toEqual([]);
    expect(bench().said.at(-1)).toContain("a run that came to no end had done it");
  });

  it("says that the value is lost, and what a person has to do, when GitLab's answer is; no run sends it again", async () => {
    const { sandbox, context } = bench();
    const old = inVault() ?? "";
    sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST", path: "/self/rotate" });
    const first = await refusal(selfRotatingToken.create(inputs(), context));
    const [lost] = live();
    expect(lost).toMatchObject({ rotatedFrom: 1205 });
    expect(rotations(bench().requests())).toHaveLength(1);
    const second = await refusal(selfRotatingToken.create(inputs(), context));
    expect(rotations(bench().requests())).toEqual([]);
    expectNoReuse();
    for (const error of [first, second]) {
      expect(error).toContain(
        `a run had token 1205 rotate to generation "2026-11-23" at ${process.env.PAT_ROTATION_AS_OF}, and never got GitLab's answer`,
      );
      expect(error).toContain(
        `log in to GitLab as "gl-self", open ${sandbox.gitlab.url}/-/user_settings/personal_access_tokens?name=self&scopes=api`,
      );
      expect(error).toContain('put it into field "credential" of the 1Password item "self" in vault "Security"');
      expect(error).not.toContain(old);
      expect(error).not.toContain(lost?.value);
    }
  });

  it("goes on with the token that a person then put in its place", async () => {
    const { sandbox, context } = bench();
    sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST", path: "/self/rotate" });
    await refusal(selfRotatingToken.create(inputs(), context));
    for (const token of live()) token.revoked = true;
    const byHand = sandbox.gitlab.state.tokens.issue({
      id: 1300,
      userId: 205,
      name: "self",
      description: null,
      scopes: ["api"],
      expiresAt: "2026-12-01",
    });
    const [item] = [...sandbox.onepassword.state.vaultNamed("Security").items.values()].filter(
      ({ title }) => title === "self",
    );
    const field = item?.fields?.find(({ label }) => label === "credential");
    if (field !== undefined) field.value = byHand.value;
    const { outputs } = await selfRotatingToken.create(inputs(), context);
    expect(live()).toMatchObject([{ id: outputs.tokenId, rotatedFrom: 1300, expiresAt: "2027-11-23" }]);
    expect(inVault()).toBe(outputs.token);
  });

  it("says when the token had expired instead", async () => {
    bench().tick({ days: 30 });
    const error = await refusal(selfRotatingToken.create(inputs(), bench().context));
    expect(error).toContain("does not work (GitLab says: invalid_token: Token is expired");
    expect(error).not.toContain("never got GitLab's answer");
    expect(rotations(bench().requests())).toEqual([]);
  });

  it("carries on where GitLab never got the request, once it cannot arrive any more", async () => {
    const { sandbox, context, tick } = bench();
    sandbox.gitlab.inject({ fault: { kind: "reset" }, method: "POST", path: "/self/rotate" });
    const error = await refusal(selfRotatingToken.create(inputs(), context));
    expect(error).toContain("So far the token works as before. Run again in a minute");
    expect(inVault("rotation of self")).toMatch(/^begun /);
    tick({ hours: 1 });
    const { outputs } = await selfRotatingToken.create(inputs(), context);
    expect(live()).toMatchObject([{ id: outputs.tokenId, rotatedFrom: 1205 }]);
    expectNoReuse();
  });

  it("ends a refusal of GitLab with the old token at work", async () => {
    const error = await refusal(selfRotatingToken.create(inputs({ expiresAt: "2028-11-23" }), bench().context));
    expect(error).toContain("Expires at must be before 2027-11-23");
    expect(live().map(({ id }) => id)).toEqual([1205]);
  });

  it("keeps the new value in its outputs when 1Password goes away after the rotation, and finds it there next time", async () => {
    const { sandbox, context } = bench();
    const disarm = sandbox.onepassword.inject({
      fault: { kind: "server-error" },
      method: "PATCH",
      nth: 2,
      times: 9,
    });
    const { id, outputs } = await selfRotatingToken.create(inputs(), context);
    disarm();
    const [fresh] = live();
    expect(outputs).toMatchObject({ token: fresh?.value, status: "live" });
    expect(bench().said.join("\n")).toContain(`token ${fresh?.id} is made, and could not be stored`);
    expect(bench().said.join("\n")).not.toContain(fresh?.value);
    const next = inputs({ generation: "2026-12-14", expiresAt: "2027-12-14" });
    bench().tick({ days: 21 });
    const later = await selfRotatingToken.update?.({ id, inputs: inputs(), outputs }, next, context);
    expect(live()).toMatchObject([{ id: later?.tokenId, rotatedFrom: fresh?.id }]);
    expect(inVault()).toBe(later?.token);
  });

  it("is not cut short by a run that is cancelled in its midst", async () => {
    const { sandbox, context, cancel } = bench();
    const unwatch = sandbox.traffic.watch({
      handled: ({ path }) => {
        if (path.endsWith("/rotate")) cancel();
      },
    });
    const { outputs } = await selfRotatingToken.create(inputs(), context);
    unwatch();
    expect(inVault()).toBe(outputs.token);
    expect(live().map(({ id }) => id)).toEqual([outputs.tokenId]);
  });
});

describe("the end of a token that rotates itself", () => {
  it("is refused while it lives", async () => {
    const before = await made();
    const error = await refusal(selfRotatingToken.delete?.(before, bench().context) ?? Promise.resolve());
    expect(error).toContain(`refused, since its token ${before.outputs.tokenId} lives until 2027-11-23`);
    expect(live()).toHaveLength(1);
  });

  it.each([
    ["revoke", 0],
    ["release", 1],
  ] as const)("comes as onRemoval says: %s", async (onRemoval, left) => {
    await selfRotatingToken.delete?.(await made({ onRemoval }), bench().context);
    expect(live()).toHaveLength(left);
  });

  it("comes when its account is decommissioned, once", async () => {
    const before = await made();
    const ended = inputs({ decommission: "not needed any more" });
    expect(selfRotatingToken.diff?.(before, ended)).toEqual({ changes: { status: "update" } });
    const outputs = await selfRotatingToken.update?.(before, ended, bench().context);
    expect(outputs?.status).toBe("revoked");
    expect(live()).toEqual([]);
    expect(selfRotatingToken.diff?.({ ...before, outputs: outputs ?? before.outputs }, ended)).toEqual({ changes: {} });
  });

  it.each([
    ["2026-12-14", 1],
    ["2026-11-20", 0],
  ])(
    "has nothing to do for a token that was dead before the first run, declared to die on %s",
    async (expiresAt, warnings) => {
      const { context, sandbox, said, requests } = bench();
      for (const token of live()) token.revoked = true;
      const ended = inputs({ decommission: "over", adopt: { tokenId: 1205, expiresAt } });
      const { outputs } = await selfRotatingToken.create(ended, context);
      expect(outputs).toMatchObject({ status: "revoked", tokenId: 1205 });
      expect(selfRotatingToken.diff?.({ id: "", inputs: ended, outputs }, ended)).toEqual({ changes: {} });
      expect(said).toEqual([expect.stringContaining("is dead already (GitLab says: ")]);
      expect(said.filter((one) => one.includes("only that user sees in GitLab"))).toHaveLength(warnings);
      expect(said.join()).not.toContain("A person has to make a new token");
      expect(requests().filter((request) => !request.startsWith("GET "))).toEqual([]);
      expect(sandbox.gitlab.liveTokens(username("self"))).toEqual([]);
    },
  );

  /** The state of a run that was killed after the token had rotated itself, and was stored in 1Password. */
  async function killed(changes: Partial<SelfRotatingTokenInputs> = {}) {
    const before = await made(changes);
    bench().tick({ days: 21 });
    const next = inputs({ ...changes, generation: "2026-12-14", expiresAt: "2027-12-14" });
    await selfRotatingToken.update?.(before, next, bench().context);
    expect(live()).toHaveLength(1);
    expect(live()[0]?.id).not.toBe(before.outputs.tokenId);
    return before;
  }

  it("comes for what it became in a run that was killed, when its account is decommissioned", async () => {
    const before = await killed();
    const outputs = await selfRotatingToken.update?.(before, inputs({ decommission: "over" }), bench().context);
    expect(outputs?.status).toBe("revoked");
    expect(live()).toEqual([]);
  });

  it("comes for what it became in a run that was killed, when onRemoval says revoke", async () => {
    await selfRotatingToken.delete?.(await killed({ onRemoval: "revoke" }), bench().context);
    expect(live()).toEqual([]);
  });

  it("is refused while what it became in a run that was killed lives", async () => {
    const before = await killed();
    const error = await refusal(selfRotatingToken.delete?.(before, bench().context) ?? Promise.resolve());
    expect(error).toContain(`refused, since its token ${live()[0]?.id} lives`);
    expect(live()).toHaveLength(1);
  });

  it("leaves alone what a person put in its place", async () => {
    const before = await made();
    const { sandbox, context } = bench();
    for (const token of live()) token.revoked = true;
    const byHand = { userId: 205, name: "self", description: null, scopes: ["api"], expiresAt: "2027-01-01" };
    const { value, id } = sandbox.gitlab.state.tokens.issue({ id: 1300, ...byHand });
    const items = [...sandbox.onepassword.state.vaultNamed("Security").items.values()];
    const field = items.find(({ title }) => title === "self")?.fields?.find(({ label }) => label === "credential");
    if (field !== undefined) field.value = value;
    await selfRotatingToken.update?.(before, inputs({ decommission: "over" }), context);
    expect(live()).toMatchObject([{ id }]);
  });

  it("is noticed by a refresh", async () => {
    const before = await made();
    const { sandbox, context } = bench();
    expect(await selfRotatingToken.read?.(before, context)).toEqual(before);
    const token = sandbox.gitlab.state.tokens.byId(before.outputs.tokenId);
    if (token !== undefined) token.revoked = true;
    expect(await selfRotatingToken.read?.(before, context)).toEqual({
      ...before,
      outputs: { ...before.outputs, status: "revoked" },
    });
  });
});
