import { afterEach, describe, expect, it } from "vitest";
import { servers } from "../../../../clients/servers";
import type { DeclaredAccount } from "../../../../contract/run";
import { declareAccounts, forgetAccounts } from "../../../../providers/runbook/account/declaredAccounts";
import { setConsumers } from "../../../../providers/runbook/consumers";
import { personalAccessToken } from "../../../../providers/runbook/token/personalAccessToken";
import { benches, inventory, refusal } from "../bench";
import { anotherRun } from "../tracking/issueBench";
import { endOf, successions } from "./successions";

const bench = benches();
const { minted, succession, begun, again, live } = successions(bench);
afterEach(forgetAccounts);

const variablePath = "/projects/security/scanner/variables/GITLAB_API_TOKEN";
const place = { kind: "variable", project: "security/scanner", key: "GITLAB_API_TOKEN" } as const;
const title = 'CI/CD variable "GITLAB_API_TOKEN" of project "security/scanner", which account "scanner" declares,';
const heldByRotating = `${title} holds it: have account "scanner" store its own token there ("pulumi refresh", then "pulumi up")`;
const heldByUnbegun = `${title} holds it: it is needed until account "scanner" rotates for the first time`;

/** Has the stack declare another account, besides this one. */
async function declareScanner(more: Partial<DeclaredAccount> = {}): Promise<void> {
  const own = { name: inventory.account, username: inventory.username, rotates: true, places: [place] };
  const scanner = { name: "scanner", username: "gl-security-scanner", rotates: true, places: [place], ...more };
  await declareAccounts({ accounts: [own, scanner] }, bench().context);
}

/** Has the other account's place hold a value. */
function putElsewhere(value: string | undefined): void {
  const held = bench().sandbox.gitlab.state.projects.get("security/scanner")?.variables[0];
  if (held === undefined || value === undefined)
    throw new Error("the sandbox has no such variable, or there is no value");
  held.value = value;
}

const refuseReading = (path: string) =>
  bench().sandbox.gitlab.inject({ fault: { kind: "server-error", status: 500 }, method: "GET", path, times: 99 });

describe("a token that a place of another account holds", () => {
  it.each([
    [true, heldByRotating],
    [false, heldByUnbegun],
  ])(
    "is not retired, whether that account rotates (%s) or not; it is when the place holds another",
    async (rotates, hold) => {
      const { old, fresh, inputs } = await succession();
      bench().tick({ days: 7 });
      await declareScanner({ rotates });
      putElsewhere(old.outputs.token);
      const held = await begun(inputs);
      expect(held.outputs).toMatchObject({ status: "live", hold, swept: false });
      expect(live()).toEqual([old.outputs.tokenId, fresh.outputs.tokenId]);
      anotherRun();
      putElsewhere(fresh.outputs.token);
      expect((await again(held)).outputs.status).toBe("revoked");
    },
  );

  it("is not retired where that place is a field in 1Password, known by its names", async () => {
    const { sandbox, tick } = bench();
    const { inputs } = await succession();
    tick({ days: 7 });
    const item = "GitLab Security Service - Architecture - Scanner";
    await declareScanner({
      places: [{ kind: "item", vault: "Security", item, field: "credential", title: "The vault" }],
    });
    const [found] = sandbox.onepassword.items("Security", item);
    const fieldId = found?.fields?.find(({ label }) => label === "credential")?.id ?? "";
    const ids = { kind: "item", vaultUuid: found?.vault.id ?? "", itemUuid: found?.id ?? "", fieldId } as const;
    expect(await setConsumers(servers(bench().context), [ids], { token: inputs.token ?? "" })).toEqual([]);
    expect((await begun(inputs)).outputs.hold).toMatch(/^The vault, which account "scanner" declares, holds it: /);
  });

  it("is not retired where that place holds it among other things, as a file does", async () => {
    const { inputs } = await succession();
    bench().tick({ days: 7 });
    await declareScanner();
    putElsewhere(`TOKEN=${inputs.token}\n`);
    expect((await begun(inputs)).outputs.hold).toBe(heldByRotating);
  });

  it("is not revoked when it leaked: that is a fault, which says what to do, and is looked at again", async () => {
    const { old, inputs } = await succession({ overlapDays: 0, leaked: true });
    await declareScanner({ rotates: false });
    putElsewhere(old.outputs.token);
    const told = await refusal(begun(inputs));
    expect(told).toBe(
      `retiring token ${old.outputs.tokenId}, generation "2026-11-23" of account "inventory": it leaked, and lives on: ${heldByUnbegun}.`,
    );
    expect(live()).toContain(old.outputs.tokenId);
    anotherRun();
    putElsewhere("something else");
    expect((await begun(inputs)).outputs.status).toBe("revoked");
  });

  it("is not revoked when its own account ends", async () => {
    const old = await minted();
    await declareScanner();
    putElsewhere(old.outputs.token);
    expect(await refusal(begun(endOf(old, { decommission: "over" })))).toBe(
      `decommissioning generation "2026-11-23" of account "inventory": token ${old.outputs.tokenId} lives on: ${heldByRotating}.`,
    );
    expect(live()).toEqual([old.outputs.tokenId]);
  });

  it("is not revoked when its resource is removed", async () => {
    const old = await minted({ onRemoval: "revoke" });
    const gone = { name: "another", username: "another", rotates: true, places: [] };
    await declareAccounts({ accounts: [gone, { ...gone, name: "scanner", places: [place] }] }, bench().context);
    putElsewhere(old.outputs.token);
    expect(await refusal(personalAccessToken.delete?.(old, bench().context))).toBe(
      `deleting generation "2026-11-23" of account "inventory": its token ${old.outputs.tokenId} lives on: ${heldByRotating}.`,
    );
    expect(live()).toEqual([old.outputs.tokenId]);
  });

  it("is left alive also when it is a leftover of a lost answer", async () => {
    const lost = await minted();
    const { fresh, inputs } = await succession();
    bench().tick({ days: 7 });
    await declareScanner();
    putElsewhere(lost.outputs.token);
    expect((await begun(inputs)).outputs.status).toBe("revoked");
    expect(live()).toEqual([lost.outputs.tokenId, fresh.outputs.tokenId]);
    expect(bench().said.join("\n")).toContain(`is in use: ${heldByRotating}. It is left alive`);
  });
});

describe("a token whose value is not known", () => {
  /** One made by hand that the account took over, and the end of it a week after its successor was proven. */
  async function blind() {
    const { old, fresh, inputs } = await succession();
    bench().tick({ days: 7 });
    const { token: _token, ...unknown } = inputs;
    return { old, fresh, inputs: unknown };
  }

  it("is found in the place of another account by its id, and held", async () => {
    const { old, inputs } = await blind();
    await declareScanner();
    putElsewhere(`${old.outputs.token}\n`);
    expect((await begun(inputs)).outputs).toMatchObject({ status: "live", hold: heldByRotating });
    expect(live()).toContain(old.outputs.tokenId);
  });

  it.each([
    ["another token", () => bench().sandbox.gitlab.tokenValue("scanner-hand-made")],
    ["a dead token", () => ["glpat", "x".repeat(20)].join("-")],
    ["what no token can be", () => "several\nlines"],
    ["nothing", () => ""],
  ])("is not held by a place that holds %s, whether that account rotates or not", async (_, value) => {
    const { old, inputs } = await blind();
    await declareScanner({ rotates: false });
    putElsewhere(value());
    expect((await begun(inputs)).outputs).toMatchObject({ status: "revoked", hold: "" });
    expect(live()).not.toContain(old.outputs.tokenId);
  });
});

describe("a place of another account that cannot be read", () => {
  it("holds the token while that account has not begun: it may be what that account lives on", async () => {
    const { old, inputs } = await succession();
    bench().tick({ days: 7 });
    await declareScanner({ rotates: false });
    const allow = refuseReading("scanner");
    const held = await begun(inputs);
    expect(held.outputs.hold).toMatch(
      /^CI\/CD variable "GITLAB_API_TOKEN" of project "security\/scanner", which account "scanner" declares, cannot be read \(GET .* answered 500/,
    );
    expect(live()).toContain(old.outputs.tokenId);
    // What failed is not remembered.
    allow();
    expect((await again(held)).outputs.status).toBe("revoked");
  });

  it("holds up nobody where that account rotates: it is its own trouble", async () => {
    const { old, inputs } = await succession();
    bench().tick({ days: 7 });
    await declareScanner();
    refuseReading("scanner");
    expect((await begun(inputs)).outputs).toMatchObject({ status: "revoked", hold: "" });
    expect(live()).not.toContain(old.outputs.tokenId);
  });

  it.each([
    ["a variable that is not there", { ...place, key: "NOWHERE" }],
    ["an item that is not there", { kind: "item", vault: "Security", item: "Nowhere", field: "credential" }],
    ["a vault that is not there", { kind: "item", vault: "Nowhere", item: "Nowhere", field: "credential" }],
  ] as const)("holds up nobody where it is %s", async (_, nowhere) => {
    const { inputs } = await succession();
    bench().tick({ days: 7 });
    await declareScanner({ rotates: false, places: [nowhere] });
    expect((await begun(inputs)).outputs).toMatchObject({ status: "revoked", hold: "" });
  });
});

describe("the places of all accounts", () => {
  it("are read once in a run, whatever they hold and whoever asks", async () => {
    const { inputs } = await succession();
    const other = await minted({ account: "another" });
    const { tick, requests } = bench();
    tick({ days: 7 });
    await declareScanner();
    requests();
    await begun(inputs);
    await begun(endOf(other, { decommission: "over" }));
    const reads = requests().filter((request) => request.startsWith(`GET ${variablePath}`));
    expect(reads).toEqual([`GET ${variablePath} 200`]);
    anotherRun();
    await begun(endOf(await minted({ account: "third" }), { decommission: "over" }));
    expect(requests().filter((request) => request.startsWith(`GET ${variablePath}`))).toHaveLength(1);
  });

  it("are read once also where the value of what is looked for is not known, and GitLab is asked once whose each is", async () => {
    const { old, fresh, inputs } = await succession();
    const { tick, requests } = bench();
    const lost = [await minted(), await minted()];
    tick({ days: 7 });
    await declareScanner();
    putElsewhere(fresh.outputs.token);
    const { token: _token, ...blind } = inputs;
    requests();
    expect((await begun(blind)).outputs.status).toBe("revoked");
    const seen = requests();
    expect(seen.filter((request) => request.startsWith(`GET ${variablePath}`))).toHaveLength(1);
    // One is of the successor, one of our own credential, and one of the value in the place.
    expect(seen.filter((request) => request.startsWith("GET /personal_access_tokens/self"))).toHaveLength(3);
    for (const { outputs } of [old, ...lost]) expect(live()).not.toContain(outputs.tokenId);
  });

  it("are not asked where no account is declared, as in a destroy", async () => {
    const { old, inputs } = await succession();
    bench().tick({ days: 7 });
    putElsewhere(old.outputs.token);
    bench().requests();
    expect((await begun(inputs)).outputs.status).toBe("revoked");
    expect(
      bench()
        .requests()
        .filter((request) => request.includes("scanner")),
    ).toEqual([]);
  });

  it("do not count for the account itself: its own are compared with its successor", async () => {
    const { inputs } = await succession();
    const own = { name: inventory.account, username: inventory.username, rotates: true, places: [place] };
    await declareAccounts({ accounts: [own] }, bench().context);
    putElsewhere(inputs.token);
    bench().tick({ days: 7 });
    expect((await begun(inputs)).outputs.status).toBe("revoked");
  });

  it("are asked without a token being said", async () => {
    const { old, inputs } = await succession();
    bench().tick({ days: 7 });
    await declareScanner();
    putElsewhere(old.outputs.token);
    const { hold } = (await begun(inputs)).outputs;
    const everything = [hold, ...bench().said].join("\n");
    for (const value of bench().sandbox.gitlab.issuedTokens()) expect(everything).not.toContain(value);
  });
});
