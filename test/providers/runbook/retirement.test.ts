import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import type { Consumer } from "../../../providers/runbook/consumers";
import { clockFault } from "../../../providers/runbook/credential";
import type { GenerationInputs, GenerationOutputs } from "../../../providers/runbook/generation";
import { personalAccessToken } from "../../../providers/runbook/personalAccessToken";
import { servers } from "../../../providers/runbook/servers";
import { benches, generationInputs, inventory, variable } from "./bench";

const bench = benches();

interface State {
  readonly id: string;
  readonly inputs: GenerationInputs;
  readonly outputs: GenerationOutputs;
}

async function minted(changes: Partial<GenerationInputs> = {}): Promise<State> {
  const inputs = generationInputs(changes);
  return { inputs, ...(await personalAccessToken.create(inputs, bench().context)) };
}

async function retired(before: State, inputs: GenerationInputs): Promise<GenerationOutputs> {
  const outputs = await personalAccessToken.update?.(before, inputs, bench().context);
  if (outputs === undefined) throw new Error("there is no update");
  return outputs;
}

/** A token, its successor in the variable, proven a day later, and the declaration that retires it. */
async function succession(consumers: readonly Consumer[] = [variable]) {
  const { sandbox, tick } = bench();
  const old = await minted();
  tick({ days: 1 });
  const fresh = await minted({ generation: "2026-11-24", expiresAt: "2027-11-24" });
  const { generation, tokenId = 0, token = "" } = fresh.outputs;
  const place = sandbox.gitlab.state.projects.get(inventory.project)?.variables[0];
  if (place !== undefined) place.value = token;
  const provedAt = sandbox.clock.now().toISOString();
  const retire = {
    successor: { generation, tokenId, token, provedAt },
    overlapDays: 7,
    quietHours: 24,
    knownTokenIds: [tokenId],
  };
  return { old, fresh, inputs: generationInputs({ lifecycle: "retired", consumers, retire }) };
}

function live(): number[] {
  return bench()
    .sandbox.gitlab.liveTokens(inventory.username)
    .map(({ id }) => id);
}

async function use(state: State): Promise<void> {
  const token = state.outputs.token ?? "";
  await fetch(`${bench().sandbox.gitlab.url}/api/v4/user`, { headers: { "PRIVATE-TOKEN": token } });
}

describe("an overlap of one day", () => {
  it("is not over at the next midnight, when its successor was proven in the evening", async () => {
    const { sandbox, tick } = bench();
    sandbox.clock.set("2026-11-23T22:30:00Z");
    tick();
    const { old, inputs } = await succession();
    const { retire } = inputs;
    if (retire === undefined) throw new Error("unreachable");
    const short = { ...inputs, retire: { ...retire, overlapDays: 1, quietHours: 0 } };
    tick({ hours: 2 });
    const held = await retired(old, short);
    expect(held).toMatchObject({
      status: "live",
      hold: expect.stringContaining("both tokens live on until 2026-11-25T10:30"),
    });
    expect(live()).toContain(old.outputs.tokenId);
    tick({ hours: 11 });
    expect((await retired(old, short)).status).toBe("revoked");
  });
});

describe("an account that was renamed", () => {
  it("retires with a token what lost answers left behind under its former name, and no other's", async () => {
    const { old, inputs } = await succession();
    const lost = await minted({ account: "inventory-of-old" });
    const others = await minted({ account: "another" });
    bench().tick({ days: 8 });
    const { status } = await retired(old, { ...inputs, formerly: "inventory-of-old" });
    expect(status).toBe("revoked");
    expect(live()).not.toContain(lost.outputs.tokenId);
    expect(live()).toContain(others.outputs.tokenId);
  });

  it("ends with what was made under its former name", async () => {
    const lost = await minted({ account: "inventory-of-old" });
    const others = await minted({ account: "another" });
    const old = await minted();
    await retired(old, generationInputs({ decommission: "over", formerly: "inventory-of-old", lifecycle: "retired" }));
    expect(live()).not.toContain(lost.outputs.tokenId);
    expect(live()).toContain(others.outputs.tokenId);
  });

  it("is no reason for a step", async () => {
    const old = await minted();
    const renamed = generationInputs({ formerly: "inventory-of-old" });
    expect(personalAccessToken.diff?.(old, renamed)).toEqual({ changes: {} });
  });
});

describe("a token with this account's mark that this stack does not know", () => {
  it("is left alive, and told of, while somebody works with it: another stack of the same fleet", async () => {
    const { tick, said } = bench();
    const { old, fresh, inputs } = await succession();
    const theirs = await minted({ generation: "2026-11-24", expiresAt: "2027-11-24" });
    tick({ days: 3 });
    await use(theirs);
    tick({ days: 4 });
    expect((await retired(old, inputs)).status).toBe("revoked");
    expect(live()).toEqual([fresh.outputs.tokenId, theirs.outputs.tokenId]);
    expect(said.join("\n")).toMatch(
      new RegExp(`token ${theirs.outputs.tokenId} bears the mark .* was used at 2026-11-27T.* It is left alive`),
    );
  });

  it("is revoked whoever works with it, when it is what a leaked token became in somebody's hands", async () => {
    const { sandbox, tick, said } = bench();
    const { old, fresh, inputs } = await succession();
    const url = `${sandbox.gitlab.url}/api/v4/personal_access_tokens/self/rotate`;
    const stolen = await fetch(url, { method: "POST", headers: { "PRIVATE-TOKEN": old.outputs.token ?? "" } });
    const { id, token } = (await stolen.json()) as { id: number; token: string };
    tick({ hours: 1 });
    await use({ ...old, outputs: { ...old.outputs, token } });
    expect(live()).toEqual([fresh.outputs.tokenId, id]);
    const { retire } = inputs;
    if (retire === undefined) throw new Error("unreachable");
    await retired(old, { ...inputs, retire: { ...retire, overlapDays: 0, quietHours: 0 } });
    expect(live()).toEqual([fresh.outputs.tokenId]);
    expect(said.join("\n")).toContain(`token ${id} was revoked as well; it bears the mark of what leaked`);
  });

  it("is revoked when nobody has used it since its successor was proven: forgotten by the state", async () => {
    const { tick } = bench();
    const forgotten = await minted();
    await use(forgotten);
    const { old, fresh, inputs } = await succession();
    tick({ days: 7 });
    await retired(old, inputs);
    expect(live()).toEqual([fresh.outputs.tokenId]);
  });
});

describe("a hidden variable, which shows no value", () => {
  it("is set once more before the old token is revoked: an earlier value may have been put back", async () => {
    const { sandbox, tick, requests } = bench();
    const { old, fresh, inputs } = await succession();
    const place = sandbox.gitlab.state.projects.get(inventory.project)?.variables[0];
    if (place === undefined) throw new Error("unreachable");
    Object.assign(place, { hidden: true, masked: true, value: old.outputs.token });
    tick({ days: 7 });
    requests();
    expect((await retired(old, inputs)).status).toBe("revoked");
    expect(place.value).toBe(fresh.outputs.token);
    expect(requests().slice(-2)).toEqual([
      "PUT /projects/security/inventory-builder/variables/GITLAB_API_TOKEN 200",
      expect.stringMatching(/^DELETE /),
    ]);
  });

  it("holds the old token while it cannot be set", async () => {
    const { sandbox, tick } = bench();
    const { old, fresh, inputs } = await succession();
    const place = sandbox.gitlab.state.projects.get(inventory.project)?.variables[0];
    if (place === undefined) throw new Error("unreachable");
    Object.assign(place, { hidden: true, masked: true, value: old.outputs.token });
    tick({ days: 7 });
    sandbox.gitlab.inject({ fault: { kind: "server-error" }, method: "PUT", path: "/variables/", times: 9 });
    expect((await retired(old, inputs)).hold).toContain("could not be set");
    expect(live()).toEqual([old.outputs.tokenId, fresh.outputs.tokenId]);
  });
});

describe("the token that the run itself works with", () => {
  it.each([
    ["whose value is known", (before: State) => before],
    [
      "made by hand, whose value is not known",
      ({ outputs: { token: _, ...outputs }, ...rest }: State) => ({ ...rest, outputs }),
    ],
  ])("is not revoked, and the hold says what to set: one %s", async (_, known) => {
    const { sandbox, tick } = bench();
    const { old, fresh, inputs } = await succession();
    tick({ days: 7 });
    const user = sandbox.gitlab.state.userNamed(inventory.username);
    sandbox.gitlab.state.groups.get("security")?.members.set(user?.id ?? 0, 50);
    process.env.GITLAB_TOKEN = old.outputs.token;
    const { status, hold } = await retired(known(old), inputs);
    expect(status).toBe("live");
    expect(hold).toBe('this run itself works with it: set "GITLAB_TOKEN" to the new one');
    expect(live()).toEqual([old.outputs.tokenId, fresh.outputs.tokenId]);
  });
});

describe("a place in 1Password", () => {
  it("whose field was cleared holds the old token up", async () => {
    const { sandbox, tick } = bench();
    const [item] = sandbox.onepassword.items("Security", inventory.title);
    const place = { kind: "item", vaultUuid: item?.vault.id ?? "", itemUuid: item?.id ?? "" } as const;
    const { old, inputs } = await succession([{ ...place, fieldId: "gone" }]);
    tick({ days: 7 });
    expect((await retired(old, inputs)).hold).toContain("holds another value than the new token");
    expect(live()).toHaveLength(2);
  });
});

describe("a machine whose clock is wrong", () => {
  it.each([
    ["ahead of", -10],
    ["behind", 10],
  ])("retires nothing: ten days %s GitLab's", async (where, days) => {
    const old = await minted();
    const fresh = await minted({ generation: "2026-11-24" });
    const { generation, tokenId = 0, token = "" } = fresh.outputs;
    const requests: string[] = [];
    const server = createServer(({ method }, response) => {
      requests.push(method ?? "");
      const date = new Date(Date.now() + days * 86_400_000).toUTCString();
      const row = {
        name: "",
        description: "",
        scopes: [],
        user_id: 201,
        created_at: "2026-11-24T00:00:00Z",
        active: true,
      };
      const rows = [old.outputs.tokenId, tokenId].map((id) => ({ ...row, id }));
      response.writeHead(200, { "content-type": "application/json", date }).end(JSON.stringify(rows));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    process.env.GITLAB_BASE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    delete process.env.PAT_ROTATION_AS_OF;
    const successor = { generation, tokenId, token, provedAt: "2020-01-01T00:00:00Z" };
    const retire = { successor, overlapDays: 7, knownTokenIds: [tokenId] };
    const { hold } = await retired(old, generationInputs({ lifecycle: "retired", retire }));
    expect(hold).toBe(`the clock of this machine is 240 hours ${where} GitLab's: set it right, and run again`);
    expect(requests).toEqual(["GET"]);
    expect(clockFault(servers(bench().context))).toBe(hold);
    server.closeAllConnections();
    server.close();
  });
});
