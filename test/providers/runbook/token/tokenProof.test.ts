import { describe, expect, it } from "vitest";
import type { TokenProofInputs } from "../../../../contract/tokenProof";
import { personalAccessToken } from "../../../../providers/runbook/token/personalAccessToken";
import { tokenProof } from "../../../../providers/runbook/token/tokenProof";
import { benches, generationInputs, inventory, refusal, variable } from "../bench";

const bench = benches();

async function minted(changes: Partial<TokenProofInputs> = {}): Promise<TokenProofInputs> {
  const { outputs } = await personalAccessToken.create(generationInputs(), bench().context);
  bench().requests();
  const { tokenId = 0, token = "" } = outputs;
  return {
    account: inventory.account,
    generation: "2026-11-23",
    tokenId,
    token,
    userId: inventory.userId,
    scopes: ["api"],
    expiresAt: "2027-11-23",
    ...changes,
  };
}

describe("a token proof", () => {
  it("asks once, as the new token, and records when", async () => {
    const inputs = await minted();
    const { outputs } = await tokenProof.create(inputs, bench().context);
    expect(bench().requests()).toEqual(["GET /personal_access_tokens/self 200"]);
    const { token, ...rest } = inputs;
    expect(outputs).toEqual({ ...rest, provedAt: process.env.PAT_ROTATION_AS_OF });
    expect(JSON.stringify(outputs)).not.toContain(token);
  });

  it("is wanted anew for another token, and not for a new name of the account or another issue", async () => {
    const inputs = await minted();
    const { outputs } = await tokenProof.create(inputs, bench().context);
    const changed = (changes: object) =>
      Object.keys(tokenProof.diff?.({ id: "id", inputs, outputs }, { ...inputs, ...changes }).changes ?? {});
    expect(changed({})).toEqual([]);
    expect(changed({ account: "renamed", issue: { project: "other/tracker" } })).toEqual([]);
    expect(changed({ generation: "2026-11-24", tokenId: 7, token: "other" })).toEqual(["generation", "tokenId"]);
    expect(changed({ userId: 202, scopes: ["read_api"], expiresAt: "2027-11-24" })).toEqual([
      "userId",
      "scopes",
      "expiresAt",
    ]);
  });

  it.each([
    [{ userId: 202 }, "it belongs to user 201, not to 202"],
    [{ scopes: ["read_api"] }, 'its scopes are "api", not "read_api"'],
    [{ expiresAt: "2027-11-24" }, 'it expires on "2027-11-23", not on "2027-11-24"'],
    [{ tokenId: 7 }, "GitLab says that its id is"],
  ])("fails when the token is not as declared: %j", async (changes, told) => {
    const inputs = await minted(changes);
    const error = await refusal(tokenProof.create(inputs, bench().context));
    expect(error).toContain(told);
    expect(error).not.toContain(inputs.token);
  });

  it("fails when the token is dead, after looking three times", async () => {
    const inputs = await minted();
    const token = bench().sandbox.gitlab.state.tokens.byId(inputs.tokenId);
    if (token !== undefined) token.revoked = true;
    const error = await refusal(tokenProof.create(inputs, bench().context));
    expect(error).toContain(`testing the new token (id ${inputs.tokenId}) of account "inventory"`);
    expect(error).toContain('run "pulumi refresh", then "pulumi up"');
    expect(error).not.toContain(inputs.token);
    expect(bench().requests()).toHaveLength(3);
  });

  it("gets to know the hand-made token that was never taken over, before any place holds another, and once", async () => {
    const { sandbox, context, requests } = bench();
    const hand = await personalAccessToken.create(generationInputs({ generation: "2026-11-01" }), context);
    const { tokenId: adoptTokenId = 0, token: held = "" } = hand.outputs;
    const place = sandbox.gitlab.state.projects.get(inventory.project)?.variables[0];
    if (place !== undefined) place.value = held;
    const inputs = await minted({ adoptTokenId, consumers: [variable] });
    const { id, outputs } = await tokenProof.create(inputs, context);
    expect(outputs.adoptedToken).toBe(held);
    expect(outputs).not.toHaveProperty("consumers");
    expect(requests()).toHaveLength(3);
    const before = { id, inputs, outputs };
    // The places hold the new one by now.
    if (place !== undefined) place.value = inputs.token;
    expect(tokenProof.diff?.(before, inputs)).toEqual({ changes: {} });
    expect(await tokenProof.update?.(before, inputs, context)).toMatchObject({ adoptedToken: held });
    expect(requests()).toHaveLength(1);
    const { adoptTokenId: _id, consumers: _places, ...rest } = inputs;
    expect(await tokenProof.update?.(before, rest, context)).not.toHaveProperty("adoptedToken");
  });
});
