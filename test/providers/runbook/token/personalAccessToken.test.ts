import { describe, expect, it } from "vitest";
import type { PersonalAccessTokenInputs } from "../../../../contract/personalAccessToken";
import { unknown } from "../../../../providers/host/provider";
import { noteOpening } from "../../../../providers/runbook/account/openedNow";
import { personalAccessToken } from "../../../../providers/runbook/token/personalAccessToken";
import { benches, generationInputs, inventory, refusal, tokensPath } from "../bench";
import { withClock, withoutListing } from "../proxy";
import { changes, type State, tokens } from "../tokens";

const bench = benches();
const { created, updated, live, revokeByHand } = tokens(bench);

/** Its account has opened the generation in this run. */
function opened(): void {
  noteOpening(generationInputs(), bench().sandbox.environment.GITLAB_BASE_URL ?? "");
}

describe("a current generation", () => {
  it("is minted with one request, which revokes nothing", async () => {
    const { requests, sandbox } = bench();
    opened();
    const { id, outputs } = await created();
    expect(requests()).toEqual([`POST ${tokensPath} 201`]);
    expect(id).toBe("security-platform/inventory/2026-11-23");
    const [token] = sandbox.gitlab.liveTokens(inventory.username);
    expect(outputs).toEqual({
      ...generationInputs(),
      tokenId: token?.id,
      token: token?.value,
      mintedAt: token?.createdAt,
      status: "live",
      swept: false,
    });
    expect(token?.description).toBe(
      "Lets the GitLab Inventory Builder read the API [security-platform/inventory/2026-11-23]",
    );
  });

  it("is not minted in a preview", async () => {
    const shown = await personalAccessToken.previewCreate?.(generationInputs(), bench().context);
    expect(shown).toMatchObject({ tokenId: unknown, token: unknown, status: "live" });
    expect(bench().requests()).toEqual([]);
  });

  it("is minted again when the answer was lost; the lost one is left for retirement", async () => {
    const { sandbox, requests, said } = bench();
    sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST" });
    opened();
    const { outputs } = await created();
    expect(requests().map((request) => request.slice(0, request.indexOf(" ")))).toEqual(["POST", "GET", "POST"]);
    expect(live()).toHaveLength(2);
    expect(outputs.tokenId).toBe(live()[1]);
    expect(outputs.strayTokenIds).toEqual([live()[0]]);
    expect(said.join("\n")).toContain(`it made token ${live()[0]}`);
  });

  it("remembers what runs made that were killed before they could say so, of this generation alone", async () => {
    const { requests, said } = bench();
    const lost = await created();
    await created(generationInputs({ fleet: "other-fleet" }));
    await created(generationInputs({ account: "another" }));
    await created(generationInputs({ generation: "2026-11-22" }));
    requests();
    said.length = 0;
    const { outputs } = await created();
    expect(requests()).toEqual([`GET ${tokensPath} 200`, `POST ${tokensPath} 201`]);
    expect(outputs.strayTokenIds).toEqual([lost.outputs.tokenId]);
    expect(said[0]).toContain(`an earlier run that did not end made token ${lost.outputs.tokenId}, which nobody knows`);
    const later = await updated({ ...lost, outputs }, generationInputs({ lifecycle: "previous" }));
    expect(later.outputs.strayTokenIds).toEqual([lost.outputs.tokenId]);
  });

  it("is minted once when GitLab fails before doing anything, and once more after looking", async () => {
    const { sandbox } = bench();
    sandbox.gitlab.inject({ fault: { kind: "server-error", status: 502 }, method: "POST" });
    await created();
    expect(live()).toHaveLength(1);
  });

  it("is not minted beyond what GitLab allows, and says why", async () => {
    const told = await refusal(created(generationInputs({ expiresAt: "2028-11-23" })));
    expect(told).toMatch(/^minting generation "2026-11-23" of account "inventory": POST .* answered 422/);
    expect(live()).toEqual([]);
  });

  it("stays as it was minted when its declaration is edited", async () => {
    const before = await created();
    const edited = generationInputs({
      name: "other",
      description: "other",
      scopes: ["read_api"],
      expiresAt: "2027-01-01",
    });
    expect(changes(before, edited)).toEqual([]);
    const { outputs } = await updated(before, { ...edited, onRemoval: "release" });
    expect(outputs).toEqual({ ...before.outputs, onRemoval: "release" });
  });

  it("is minted anew when somebody revoked it, once a refresh has seen that", async () => {
    const before = await created();
    revokeByHand(before.outputs.tokenId);
    const seen = (await personalAccessToken.read?.(before, bench().context)) as State;
    expect(seen.outputs).toMatchObject({ status: "revoked" });
    expect(seen.outputs.token).toBeUndefined();
    expect(changes(seen, generationInputs())).toEqual(["status"]);
    expect((await updated(seen, generationInputs())).outputs).toMatchObject({ status: "live", tokenId: live()[0] });
  });

  it("is minted anew when it is not among those that live, and does not work; a refresh is not needed", async () => {
    const before = await created();
    revokeByHand(before.outputs.tokenId);
    const inputs = generationInputs({ liveTokenIds: [1201] });
    expect(changes(before, inputs)).toEqual(["status"]);
    const shown = await personalAccessToken.previewUpdate?.(before, inputs, bench().context);
    expect(shown).toMatchObject({ tokenId: unknown, token: unknown, status: "live" });
    bench().requests();
    const { outputs } = await updated(before, inputs);
    expect(bench().requests()).toEqual([
      "GET /personal_access_tokens/self 401",
      `GET ${tokensPath} 200`,
      `POST ${tokensPath} 201`,
    ]);
    expect(outputs).not.toHaveProperty("strayTokenIds");
    expect(outputs).toMatchObject({ status: "live", tokenId: live()[0] });
    expect(outputs).not.toHaveProperty("liveTokenIds");
  });

  it("is kept when it works, although a list that lags behind does not name it", async () => {
    const before = await created();
    const { outputs } = await updated(before, generationInputs({ liveTokenIds: [1201] }));
    expect(outputs).toEqual(before.outputs);
    expect(live()).toEqual([before.outputs.tokenId]);
    expect(bench().said.join("\n")).toContain("yet it works: it is kept");
  });

  it("is kept on refresh when it works, although it is not listed", async () => {
    const before = await created();
    await withoutListing(before.outputs.tokenId, async () => {
      expect(await personalAccessToken.read?.(before, bench().context)).toEqual(before);
    });
    expect(bench().said.join("\n")).toContain("yet it works: it is kept");
  });

  it("is let be while the list is not known, or names it", async () => {
    const before = await created();
    expect(changes(before, generationInputs({ liveTokenIds: unknown as unknown as number[] }))).toEqual([]);
    expect(changes(before, generationInputs({ liveTokenIds: live() }))).toEqual([]);
  });

  it("is kept on refresh when it may not be looked up", async () => {
    const before = await created();
    process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue("stranger");
    expect(await personalAccessToken.read?.(before, bench().context)).toEqual(before);
    expect(bench().said.join("\n")).toContain("is kept as it was");
  });

  it("is let be when its account is renamed: that is no reason for a step", async () => {
    const before = await created();
    expect(personalAccessToken.diff?.(before, generationInputs({ formerly: "inventory-of-old" }))).toEqual({
      changes: {},
    });
  });

  it("drops its value on the day it dies, and asks GitLab once, so that a wrong clock forgets nothing", async () => {
    const inputs = generationInputs({ expiresAt: "2026-12-23" });
    const before = await created(inputs);
    bench().tick({ days: 30 });
    bench().requests();
    expect(changes(before, inputs)).toEqual(["status"]);
    const { outputs } = await updated(before, inputs);
    expect(outputs.status).toBe("expired");
    expect(outputs.token).toBeUndefined();
    expect(bench().requests()).toEqual(["GET /personal_access_tokens/self 200"]);
  });

  it("is not forgotten while GitLab cannot be asked, and the fault says what for", async () => {
    const inputs = generationInputs({ expiresAt: "2026-12-23" });
    const before = await created(inputs);
    bench().tick({ days: 30 });
    process.env.GITLAB_TOKEN = before.outputs.token;
    expect(await refusal(updated(before, inputs))).toMatch(
      /^forgetting generation "2026-11-23" of account "inventory" as expired: GET \/personal_access_tokens\/self: GitLab answered 401/,
    );
  });

  it("is not forgotten as expired by a machine whose clock is ahead of GitLab's", async () => {
    const { outputs, ...state } = await created();
    const before = { ...state, outputs: { ...outputs, expiresAt: "2020-01-01" } };
    await withClock(-10, async () => {
      expect(await refusal(updated(before, generationInputs({ expiresAt: "2020-01-01" })))).toBe(
        'forgetting generation "2026-11-23" of account "inventory" as expired: the clock of this machine is 240 hours ahead of GitLab\'s: set it right, and run again.',
      );
    });
    expect(live()).toEqual([outputs.tokenId]);
  });
});

describe("a previous generation", () => {
  it("is known to be revoked, and its value dropped, when it is not among those that live, and does not work", async () => {
    const before = await created();
    revokeByHand(before.outputs.tokenId);
    const inputs = generationInputs({ lifecycle: "previous", liveTokenIds: [1201] });
    expect(changes(before, inputs)).toEqual(["status", "lifecycle"]);
    const { outputs } = await updated(before, inputs);
    expect(outputs).toMatchObject({ status: "revoked", tokenId: before.outputs.tokenId });
    expect(outputs.token).toBeUndefined();
  });

  it("keeps its value when it works, although it is not among those that live", async () => {
    const before = await created();
    const inputs = generationInputs({ lifecycle: "previous", liveTokenIds: [] });
    bench().requests();
    const { outputs } = await updated(before, inputs);
    expect(outputs).toEqual({ ...before.outputs, lifecycle: "previous" });
    expect(bench().requests()).toEqual(["GET /personal_access_tokens/self 200"]);
  });

  it("that was never minted is not minted now", async () => {
    const before = await created(generationInputs({ lifecycle: "previous" }));
    expect(before.outputs.status).toBe("unminted");
    expect(bench().requests()).toEqual([]);
    expect(changes(before, generationInputs({ lifecycle: "retired" }))).toEqual([]);
    expect(changes(before, generationInputs())).toEqual(["status"]);
  });

  it("is left alone", async () => {
    const before = await created();
    bench().requests();
    const inputs = generationInputs({ lifecycle: "previous" });
    expect(changes(before, inputs)).toEqual(["lifecycle"]);
    expect((await updated(before, inputs)).outputs).toEqual({ ...before.outputs, lifecycle: "previous" });
    expect(bench().requests()).toEqual([]);
  });
});

describe("a retired generation", () => {
  it("keeps its value, which its retirement looks for in the places, and asks nothing", async () => {
    const before = await created();
    bench().requests();
    const inputs = generationInputs({ lifecycle: "retired", liveTokenIds: [] });
    expect(changes(before, inputs)).toEqual(["lifecycle"]);
    const shown = await personalAccessToken.previewUpdate?.(before, inputs, bench().context);
    const kept = { ...before.outputs, lifecycle: "retired" };
    expect(shown).toEqual(kept);
    expect((await updated(before, inputs)).outputs).toEqual(kept);
    expect(live()).toEqual([before.outputs.tokenId]);
    expect(bench().requests()).toEqual([]);
  });

  it("drops its value when it is dead by its date", async () => {
    const before = await created(generationInputs({ expiresAt: "2026-12-23" }));
    bench().tick({ days: 30 });
    const { outputs } = await updated(before, generationInputs({ lifecycle: "retired" }));
    expect(outputs.status).toBe("expired");
    expect(outputs.token).toBeUndefined();
  });
});

describe("a token that really dies before the declared day, as one minted for a shorter life", () => {
  const declared = (changes: Partial<PersonalAccessTokenInputs> = {}) =>
    generationInputs({ renewDays: 21, ...changes });

  it("is minted anew in its generation, from the margin and the overlap before its death on", async () => {
    const { tick, requests, said } = bench();
    const before = await created(declared({ expiresAt: "2027-02-21" }));
    tick({ days: 68 });
    expect(changes(before, declared())).toEqual([]);
    tick({ days: 1 });
    expect(changes(before, declared())).toEqual(["status"]);
    const shown = await personalAccessToken.previewUpdate?.(before, declared(), bench().context);
    expect(shown).toMatchObject({ tokenId: unknown, token: unknown, status: "live", expiresAt: "2027-11-23" });
    requests();
    said.length = 0;
    const { outputs } = await updated(before, declared());
    expect(requests()).toEqual([`GET ${tokensPath} 200`, `POST ${tokensPath} 201`]);
    expect(outputs).toMatchObject({
      status: "live",
      strayTokenIds: [before.outputs.tokenId],
      generation: "2026-11-23",
      expiresAt: "2027-11-23",
      tokenId: live()[1],
    });
    expect(outputs).not.toHaveProperty("renewDays");
    expect(live()).toEqual([before.outputs.tokenId, outputs.tokenId]);
    expect(said).toHaveLength(2);
    expect(said[0]).toBe(
      `generation "2026-11-23" of account "inventory": its token ${before.outputs.tokenId} dies on 2027-02-21, whatever "lifetimeDays" says by now; another one is minted.`,
    );
    expect(changes({ ...before, outputs }, declared())).toEqual([]);
  });

  it("is minted anew also when it is dead by now", async () => {
    const before = await created(declared({ expiresAt: "2026-12-23" }));
    bench().tick({ days: 31 });
    const { outputs } = await updated(before, declared());
    expect(outputs).toMatchObject({ status: "live", expiresAt: "2027-11-23", tokenId: live()[0] });
  });

  it.each([
    ["where the declared day is its own", declared({ expiresAt: "2027-02-21" })],
    ["where the declared day is earlier than its own", declared({ expiresAt: "2027-02-20" })],
    ["in a generation that a later one follows", declared({ lifecycle: "previous" })],
    ["where it was made by hand", declared({ adoptTokenId: 1201 })],
  ])("is let be %s", async (_, inputs) => {
    const before = await created(declared({ expiresAt: "2027-02-21" }));
    bench().tick({ days: 80 });
    expect(changes(before, inputs)).not.toContain("status");
  });
});
