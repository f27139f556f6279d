import { describe, expect, test } from "vitest";
import { servers } from "../../../clients/servers";
import { findToken, leftovers, tokenIdOf, userIdOf } from "../../../commands/emergency/find";
import { knownState } from "../../../commands/emergency/state";
import { endUndeclared } from "../../../commands/emergency/undeclared";
import { exitCodes } from "../../../commands/exitCodes";
import { look } from "../../../commands/health/look";
import { account } from "../../../providers/runbook/account/account";
import { revoke } from "../../../providers/runbook/retirement/revoke";
import { mint } from "../../../providers/runbook/token/minting";
import { parseSettings } from "../../../rotation/declaration/settings";
import { declarationOf, username } from "../../e2e/rotation/kinds";
import { mintingWorld, permissions } from "../../e2e/rotation/minting";
import { accountInputs, benches, generationInputs, refusal } from "./bench";

const bench = benches({ world: mintingWorld(), limits: { version: "19.2" } });
const keptIn = { vault: "Security", item: "self", field: "credential" };
const { scopes: _scopes, ...token } = declarationOf("self").token as Record<string, unknown>;
const settings = parseSettings({
  fleet: "security-platform",
  accounts: [
    {
      ...declarationOf("self"),
      account: { self: true, mints: true, username: username("self") },
      token: { ...token, permissions },
    },
  ],
});
const [declared] = settings.accounts;

const state = () => bench().sandbox.gitlab.state;
const userId = () => state().userNamed(username("self"))?.id ?? 0;

/** A generation of the user's token. */
function generation(changes: object = {}) {
  const { group: _group, ...inputs } = generationInputs({
    account: "self",
    name: "self",
    userId: userId(),
    scopes: ["granular"],
    permissions,
  });
  return { ...inputs, keptIn, ...changes };
}

/** The user's account. */
function user(changes: object = {}) {
  const { group: _group, ...inputs } = accountInputs({
    account: "self",
    username: username("self"),
    scopes: ["granular"],
    permissions,
    variables: [],
    items: [keptIn],
    pipelines: [],
  });
  return { ...inputs, keptIn, adopt: { tokenId: 1205, expiresAt: "2026-12-14" }, ...changes };
}

/** Has the place hold another token of the user, or of another one. */
function replace(token: object, owner = userId()): void {
  const { sandbox } = bench();
  const made = { id: 1300, userId: owner, name: "x", description: null, scopes: ["granular"], expiresAt: "2026-12-20" };
  const { value } = sandbox.gitlab.state.tokens.issue({ ...made, ...token });
  for (const { title, fields = [] } of sandbox.onepassword.state.vaultNamed("Security").items.values())
    for (const field of fields) if (title === "self" && field.label === "credential") field.value = value;
}

function sources() {
  if (declared === undefined) throw new Error("nothing is declared");
  const at = servers({ signal: new AbortController().signal });
  return { account: declared, from: { settings, state: knownState(undefined), gitlab: at.gitlab(), at } };
}

describe("the token in use makes the next one", () => {
  test("beside itself, with the rights that are declared; our own credential does not", async () => {
    const { context, requests, sandbox } = bench();
    const made = await mint(generation(), context);
    expect(requests().filter((one) => one.startsWith("POST"))).toEqual(["POST /user/personal_access_tokens 201"]);
    const alive = sandbox.gitlab.liveTokens(username("self"));
    expect(alive.map(({ id }) => id)).toEqual([1205, made.tokenId]);
    expect(alive[1]?.description).toContain("[security-platform/self/2026-11-23]");
  });

  test("again where the answer was lost: the lost one is remembered, and revoked later", async () => {
    const { context, sandbox } = bench();
    sandbox.gitlab.inject({
      method: "POST",
      path: /\/user\/personal_access_tokens$/,
      fault: { kind: "lost-answer" },
      times: 1,
    });
    const made = await mint(generation(), context);
    const [, lost, known] = sandbox.gitlab.liveTokens(username("self"));
    expect([made.tokenId, made.strayTokenIds]).toEqual([known?.id, [lost?.id]]);
  });

  test("is revoked by itself also where the answer to that was lost", async () => {
    const { context, sandbox } = bench();
    const fault = { kind: "lost-answer" } as const;
    sandbox.gitlab.inject({ method: "DELETE", path: /\/personal_access_tokens\/1205$/, fault, times: 1 });
    await revoke(generation(), 1205, servers(context));
    expect(sandbox.gitlab.liveTokens(username("self"))).toEqual([]);
  });

  test.each([
    ["a legacy one that may not", { scopes: ["self_rotate", "read_api"] }, 'takes "api" for that'],
    [
      "one that may not make tokens",
      { granularScopes: [{ access: "user", permissions: ["read_personal_access_token"] }] },
      "it lacks create_personal_access_token, revoke_personal_access_token for user",
    ],
    [
      "one that may do less than what is declared",
      { granularScopes: [{ access: "user", permissions: permissions[0]?.allow }] },
      "it lacks read_job, and a fine-grained token makes none that may do more than itself",
    ],
  ])("but not %s: the look before says so, and nothing is made", async (_title, other, said) => {
    const { context, requests } = bench();
    replace(other);
    const fault = await refusal(account.create(user(), context));
    expect(fault).toContain("cannot make the next one");
    expect(fault).toContain(said);
    expect(requests().filter((one) => !one.startsWith("GET") && !one.startsWith("PATCH"))).toEqual([]);
  });

  test("but not one of another user", async () => {
    const { context } = bench();
    replace({ scopes: ["api"] }, 200 + 1);
    expect(await refusal(account.create(user(), context))).toContain("belongs to user 201, not to user");
  });
});

test("an edit that would have the token rotate itself again is refused", async () => {
  const { context, requests } = bench();
  const before = { ...user(), userId: userId(), opened: [] };
  const { keptIn: _place, ...rotating } = { ...user(), self: true };
  const said = await refusal(account.update?.({ id: "user/1", inputs: before, outputs: before }, rotating, context));
  expect(said).toContain("rotating itself would kill the one in use at once");
  expect(requests()).toEqual([]);
});

describe("the commands work with the token in use as well", () => {
  test("a token that nobody declared is found, and revoked where that is asked for", async () => {
    const { sandbox } = bench();
    const { from } = sources();
    sandbox.gitlab.state.tokens.issue({
      id: 1400,
      userId: userId(),
      name: "debugging",
      description: null,
      scopes: ["api"],
      expiresAt: "2027-01-01",
    });
    const found = await findToken(1400, from);
    if (found.kind !== "undeclared") throw new Error(`it is ${found.kind}`);
    expect(found.told).toContain('"debugging" of user "gl-self"');
    const said: string[] = [];
    const options = { gitlab: from.gitlab, settings, environment: process.env, say: (text: string) => said.push(text) };
    expect(await endUndeclared(1400, found, { ...options, revokes: true })).toBe(exitCodes.fine);
    expect(sandbox.gitlab.state.tokens.byId(1400)?.revoked).toBe(true);
  });

  test("without a state, the marks tell whose a token is", async () => {
    const { context } = bench();
    const { account, from } = sources();
    const made = await mint(generation(), context);
    expect(await findToken(made.tokenId ?? 0, from)).toMatchObject({ kind: "declared", generation: "2026-11-23" });
    expect(await tokenIdOf(account, "2026-11-23", "2026-11-23", from)).toBe(made.tokenId);
    expect((await leftovers(account, "2026-11-23", from)).map(({ id }) => id)).toEqual([made.tokenId]);
    expect(await userIdOf(account, from)).toBe(userId());
  });

  test("health lists the user's tokens; where none works, it says so and looks at the places all the same", async () => {
    const { context, sandbox } = bench();
    await mint(generation(), context);
    const known = { today: "2026-11-23", ids: new Map(), opened: new Map(), left: new Map() };
    const seen = await look({ stack: "prod", settings }, servers(context), known);
    expect(seen.unchecked).toEqual([]);
    expect(seen.accounts[0]?.tokens.map(({ generation }) => generation)).toEqual(["adopted", "2026-11-23"]);

    for (const one of sandbox.gitlab.liveTokens(username("self"))) one.revoked = true;
    const dead = await look({ stack: "prod", settings }, servers(context), known);
    expect(dead.unchecked[0]).toContain("its tokens could not be listed");
    expect(JSON.stringify(dead.accounts)).toContain("dead");
  });
});
