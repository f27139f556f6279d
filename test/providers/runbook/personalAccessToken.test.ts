import { describe, expect, it } from "vitest";
import { unknown } from "../../../providers/host/provider";
import type { GenerationInputs, GenerationOutputs, Retire } from "../../../providers/runbook/generation";
import { personalAccessToken } from "../../../providers/runbook/personalAccessToken";
import { benches, generationInputs, inventory, refusal, tokensPath, variable } from "./bench";
import { withoutListing } from "./shortList";

const bench = benches();

interface State {
  readonly id: string;
  readonly inputs: GenerationInputs;
  readonly outputs: GenerationOutputs;
}

async function created(inputs = generationInputs()): Promise<State> {
  const { id, outputs } = await personalAccessToken.create(inputs, bench().context);
  return { id, inputs, outputs };
}

async function updated(before: State, inputs: GenerationInputs): Promise<State> {
  const outputs = await personalAccessToken.update?.(before, inputs, bench().context);
  if (outputs === undefined) throw new Error("there is no update");
  return { id: before.id, inputs, outputs };
}

function changes(before: State, inputs: GenerationInputs): string[] {
  return Object.keys(personalAccessToken.diff?.(before, inputs).changes ?? {});
}

/** Two generations, the newer one in place, and how the older one is to be retired. */
async function succession(more: Partial<Retire> = {}) {
  const { sandbox, tick } = bench();
  const old = await created();
  tick({ days: 1 });
  const fresh = await created(generationInputs({ generation: "2026-11-24", expiresAt: "2027-11-24" }));
  setVariable(fresh.outputs.token);
  const provedAt = sandbox.clock.now().toISOString();
  const { generation, tokenId = 0, token = "" } = fresh.outputs;
  const retire: Retire = {
    successor: { generation, tokenId, token, provedAt },
    overlapDays: 7,
    quietHours: 0,
    knownTokenIds: [tokenId],
    ...more,
  };
  const inputs = generationInputs({ lifecycle: "retired", consumers: [variable], retire });
  return { old, fresh, inputs };
}

function setVariable(value: string | undefined): void {
  const held = bench().sandbox.gitlab.state.projects.get(inventory.project)?.variables[0];
  if (held !== undefined && value !== undefined) held.value = value;
}

function live(): number[] {
  return bench()
    .sandbox.gitlab.liveTokens(inventory.username)
    .map(({ id }) => id);
}

describe("a current generation", () => {
  it("is minted with one request, which revokes nothing", async () => {
    const { requests, sandbox } = bench();
    const { id, outputs } = await created();
    expect(requests()).toEqual([`POST ${tokensPath} 201`]);
    expect(id).toBe("security-platform/inventory/2026-11-23");
    const [token] = sandbox.gitlab.liveTokens(inventory.username);
    expect(outputs).toEqual({
      ...generationInputs(),
      tokenId: token?.id,
      token: token?.value,
      hold: "",
      mintedAt: token?.createdAt,
      status: "live",
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
    const { outputs } = await created();
    expect(requests().map((request) => request.slice(0, request.indexOf(" ")))).toEqual(["POST", "GET", "POST"]);
    expect(live()).toHaveLength(2);
    expect(outputs.tokenId).toBe(live()[1]);
    expect(said.join("\n")).toContain(`it made token ${live()[0]}`);
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
    expect(bench().requests()).toEqual(["GET /personal_access_tokens/self 401", `POST ${tokensPath} 201`]);
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

  it("drops its value on the day it dies, without a request", async () => {
    const before = await created();
    bench().tick({ days: 365 });
    bench().requests();
    expect(changes(before, generationInputs())).toEqual(["status"]);
    const { outputs } = await updated(before, generationInputs());
    expect(outputs.status).toBe("expired");
    expect(outputs.token).toBeUndefined();
    expect(bench().requests()).toEqual([]);
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
  it("is revoked when its successor is proven, old enough and in place, and its value is dropped", async () => {
    const { old, fresh, inputs } = await succession();
    const { tick, requests } = bench();
    tick({ days: 7 });
    requests();
    expect(changes(old, inputs)).toContain("status");
    const { outputs } = await updated(old, inputs);
    expect(outputs.status).toBe("revoked");
    expect(outputs.token).toBeUndefined();
    expect(outputs.hold).toBe("");
    expect(live()).toEqual([fresh.outputs.tokenId]);
    expect(requests()).toEqual([
      `GET ${tokensPath} 200`,
      "GET /personal_access_tokens/self 200",
      "GET /projects/security/inventory-builder/variables/GITLAB_API_TOKEN 200",
      `DELETE ${tokensPath}/${old.outputs.tokenId} 204`,
    ]);
    expect(changes({ ...old, inputs, outputs }, { ...inputs, consumers: [] })).toEqual([]);
  });

  it("is held during the overlap without a request, and not looked at again before its end", async () => {
    const { old, inputs } = await succession();
    const { tick, requests } = bench();
    tick({ days: 6 });
    requests();
    const held = await updated(old, inputs);
    expect(held.outputs.hold).toBe(
      'both tokens live on until 2026-12-01, 7 days after generation "2026-11-24" was proven',
    );
    expect(held.outputs).toMatchObject({ status: "live", token: old.outputs.token });
    expect(changes(held, inputs)).toEqual([]);
    expect(requests()).toEqual([]);
    tick({ days: 1 });
    expect(changes(held, inputs)).toEqual(["status"]);
  });

  it("is held while its successor is not proven", async () => {
    const { old, inputs } = await succession();
    bench().tick({ days: 30 });
    const { retire } = inputs;
    if (retire === undefined) throw new Error("unreachable");
    const { provedAt: _provedAt, ...successor } = retire.successor;
    const held = await updated(old, { ...inputs, retire: { ...retire, successor } });
    expect(held.outputs.hold).toBe('its successor, generation "2026-11-24", is not proven yet');
    expect(live()).toHaveLength(2);
  });

  it("is held while a place holds another value", async () => {
    const { old, inputs } = await succession();
    setVariable(old.outputs.token);
    bench().tick({ days: 7 });
    expect((await updated(old, inputs)).outputs.hold).toContain(
      'variable "GITLAB_API_TOKEN" of project "security/inventory-builder" holds another value',
    );
    expect(live()).toHaveLength(2);
  });

  it("is held when its successor is dead", async () => {
    const { old, fresh, inputs } = await succession();
    revokeByHand(fresh.outputs.tokenId);
    bench().tick({ days: 7 });
    expect((await updated(old, inputs)).outputs.hold).toContain("is dead");
    expect(live()).toEqual([old.outputs.tokenId]);
  });

  it("is held, and not forgotten, when it works although it is not listed", async () => {
    const { old, fresh, inputs } = await succession();
    bench().tick({ days: 7 });
    await withoutListing(old.outputs.tokenId, async () => {
      const held = await updated(old, inputs);
      expect(held.outputs).toMatchObject({ status: "live", token: old.outputs.token });
      expect(held.outputs.hold).toBe("GitLab does not list it as alive, yet it works: look at it in GitLab");
    });
    expect(live()).toEqual([old.outputs.tokenId, fresh.outputs.tokenId]);
    expect((await updated(old, inputs)).outputs.status).toBe("revoked");
  });

  it("is held while somebody uses it, and revoked when it has been quiet for long enough", async () => {
    const { old, inputs } = await succession({ quietHours: 24 });
    const { sandbox, tick } = bench();
    tick({ days: 7 });
    await fetch(`${sandbox.gitlab.url}/api/v4/user`, { headers: { "PRIVATE-TOKEN": old.outputs.token ?? "" } });
    const held = await updated(old, inputs);
    expect(held.outputs.hold).toMatch(
      /^it was last used at 2026-12-01T.*; it is revoked when it was unused for 24 hours/,
    );
    tick({ hours: 25 });
    expect((await updated(held, inputs)).outputs.status).toBe("revoked");
  });

  it("names those to be asked whose consumers cannot be written, while somebody uses it", async () => {
    const external = [{ name: "laptop of the on-call", owner: "@security/architecture" }];
    const { old, inputs } = await succession({ quietHours: 720, external });
    const { sandbox, tick } = bench();
    tick({ days: 7 });
    await fetch(`${sandbox.gitlab.url}/api/v4/user`, { headers: { "PRIVATE-TOKEN": old.outputs.token ?? "" } });
    const held = await updated(old, inputs);
    expect(held.outputs.hold).toMatch(
      /unused for 720 hours\. Ask @security\/architecture \(laptop of the on-call\), or find who else uses it, and hand over the new one$/,
    );
    tick({ days: 29 });
    expect((await updated(held, inputs)).outputs.status).toBe("live");
    tick({ days: 1, hours: 1 });
    expect((await updated(held, inputs)).outputs.status).toBe("revoked");
  });

  it("takes with it what lost answers left behind, and nothing else", async () => {
    const { sandbox, tick } = bench();
    sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST", times: 1 });
    const { old, fresh, inputs } = await succession();
    const other = await created(generationInputs({ generation: "2026-11-25", expiresAt: "2027-11-20" }));
    const foreign = await created(generationInputs({ fleet: "other-fleet" }));
    expect(live()).toHaveLength(5);
    tick({ days: 7 });
    await updated(old, inputs);
    expect(live()).toEqual([fresh, other, foreign].map(({ outputs }) => outputs.tokenId));
  });

  it("is revoked once more when the answer was lost", async () => {
    const { old, inputs } = await succession();
    const { sandbox, tick } = bench();
    tick({ days: 7 });
    sandbox.gitlab.inject({ fault: { kind: "lost-answer" }, method: "DELETE" });
    expect((await updated(old, inputs)).outputs.status).toBe("revoked");
  });

  it("shows in a preview what will be looked at, and reads nothing", async () => {
    const { old, inputs } = await succession();
    bench().tick({ days: 7 });
    bench().requests();
    expect(await personalAccessToken.previewUpdate?.(old, inputs, bench().context)).toMatchObject({ status: unknown });
    expect(bench().requests()).toEqual([]);
  });
});

describe("adoption", () => {
  const adopted = () =>
    generationInputs({
      generation: "adopted",
      lifecycle: "previous",
      adoptTokenId: 1202,
      userId: 202,
      expiresAt: "2026-12-14",
      account: "scanner",
      consumers: [{ kind: "variable", project: "security/scanner", key: "GITLAB_API_TOKEN" }],
    });

  it("takes over a living token and its value, and mints nothing", async () => {
    const { sandbox, requests } = bench();
    const { outputs } = await created(adopted());
    expect(outputs).toMatchObject({ status: "live", tokenId: 1202, mintedAt: "2025-12-14T08:30:00Z" });
    expect(outputs.token).toBe(sandbox.gitlab.variable("security/scanner", "GITLAB_API_TOKEN"));
    expect(requests().map((request) => request.split(" ")[0])).toEqual(["GET", "GET", "GET"]);
  });

  it("goes without the value when no place shows it, and says so", async () => {
    const { outputs } = await created({ ...adopted(), consumers: [variable] });
    expect(outputs).toMatchObject({ status: "live", tokenId: 1202 });
    expect(outputs.token).toBeUndefined();
    expect(bench().said.join("\n")).toContain("it cannot be put back");
  });

  /** The hand-made token whose value no place showed, and its successor, a week later. */
  async function blind(more: Partial<Retire> = {}) {
    const before = await created({ ...adopted(), consumers: [] });
    const { adoptTokenId: _, ...minted } = adopted();
    const fresh = await created({ ...minted, generation: "2026-11-23", lifecycle: "current" });
    const { tokenId = 0, token = "" } = fresh.outputs;
    const provedAt = bench().sandbox.clock.now().toISOString();
    const successor = { generation: "2026-11-23", tokenId, token, provedAt };
    const retire = { successor, overlapDays: 7, quietHours: 0, knownTokenIds: [tokenId], ...more };
    bench().tick({ days: 7 });
    bench().said.length = 0;
    return { before, inputs: { ...adopted(), consumers: [], lifecycle: "retired" as const, retire } };
  }

  it("keeps a token of unknown value that GitLab lists neither as alive nor as dead", async () => {
    const { before, inputs } = await blind();
    await withoutListing(1202, async () => {
      expect((await updated(before, inputs)).outputs).toMatchObject({
        status: "live",
        hold: "GitLab lists it neither as alive nor as dead, and its value is not known: look at it in GitLab",
      });
      expect(await personalAccessToken.read?.(before, bench().context)).toEqual(before);
    });
    expect(bench().said.join("\n")).toContain("it is kept until it expires on 2026-12-14");
    expect((await updated(before, inputs)).outputs.status).toBe("revoked");
  });

  it("knows a token of unknown value as dead when GitLab lists it as dead", async () => {
    const { before, inputs } = await blind();
    revokeByHand(1202);
    expect((await updated(before, inputs)).outputs).toMatchObject({ status: "revoked", swept: true });
    expect(bench().said).toEqual([]);
  });

  it("tells what a leaked token may have become in somebody's hands, which bears no mark, and leaves it alive", async () => {
    const { sandbox, tick, said } = bench();
    const url = `${sandbox.gitlab.url}/api/v4/personal_access_tokens/self/rotate`;
    const { before, inputs } = await blind({ overlapDays: 0 });
    const value = sandbox.gitlab.variable("security/scanner", "GITLAB_API_TOKEN") ?? "";
    const stolen = await fetch(url, { method: "POST", headers: { "PRIVATE-TOKEN": value } });
    const { id } = (await stolen.json()) as { id: number };
    tick({ hours: 1 });
    expect((await updated(before, inputs)).outputs.status).toBe("revoked");
    expect(said.filter((one) => one.includes(`token ${id} has its name, description and scopes, lives`))).toHaveLength(
      1,
    );
    expect(sandbox.gitlab.liveTokens("gl-security-scanner").map((token) => token.id)).toContain(id);
  });

  it("of a dead token keeps only that it is dead", async () => {
    const { outputs } = await created(
      generationInputs({ generation: "adopted", adoptTokenId: 1201, expiresAt: "2026-11-23", lifecycle: "previous" }),
    );
    expect(outputs).toMatchObject({ status: "expired", tokenId: 1201 });
    expect(outputs.token).toBeUndefined();
  });

  it("refuses another user's token", async () => {
    expect(await refusal(created(generationInputs({ adoptTokenId: 1202 })))).toContain(
      "user 201 has no token of the id 1202",
    );
  });
});

describe("deleting", () => {
  it("a living token is refused, with what to do", async () => {
    const before = await created();
    const told = await refusal(personalAccessToken.delete?.(before, bench().context));
    expect(told).toContain(`refused, since its token ${before.outputs.tokenId} lives until 2027-11-23`);
    expect(told).toContain('set "onRemoval" to "revoke"');
    expect(live()).toHaveLength(1);
  });

  it("is refused while GitLab cannot be asked", async () => {
    const before = await created();
    process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue("stranger");
    expect(await refusal(personalAccessToken.delete?.(before, bench().context))).toContain("could not be looked up");
  });

  it("a token that works is refused, although it is not listed", async () => {
    const before = await created();
    await withoutListing(before.outputs.tokenId, async () => {
      const told = await refusal(personalAccessToken.delete?.(before, bench().context));
      expect(told).toContain(`refused, since its token ${before.outputs.tokenId} lives until 2027-11-23`);
    });
  });

  it("a token that somebody revoked already is allowed", async () => {
    const before = await created();
    revokeByHand(before.outputs.tokenId);
    await personalAccessToken.delete?.(before, bench().context);
  });

  it.each([
    ["revoke", 0],
    ["release", 1],
  ] as const)("with onRemoval %s leaves %i alive", async (onRemoval, left) => {
    const before = await created(generationInputs({ onRemoval }));
    await personalAccessToken.delete?.(before, bench().context);
    expect(live()).toHaveLength(left);
  });
});

describe("no token value", () => {
  it("is said or thrown", async () => {
    const { old, inputs } = await succession();
    const { sandbox, said, tick } = bench();
    tick({ days: 7 });
    sandbox.gitlab.inject({ fault: { kind: "server-error" }, method: "DELETE", times: 2 });
    const told = await refusal(updated(old, inputs));
    expect(told).toMatch(/^retiring token \d+, generation "2026-11-23" of account "inventory": DELETE .* answered 500/);
    const everything = `${told}\n${said.join("\n")}`;
    for (const value of sandbox.gitlab.issuedTokens()) expect(everything).not.toContain(value);
  });
});

function revokeByHand(id: number | undefined): void {
  const token = bench().sandbox.gitlab.state.tokens.byId(id ?? 0);
  if (token !== undefined) token.revoked = true;
}
