import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { servers } from "../../../clients/servers";
import { emergency } from "../../../commands/emergency";
import { findToken, leftovers, userIdOf } from "../../../commands/emergency/find";
import { type KnownState, knownState } from "../../../commands/emergency/state";
import { readStack } from "../../../settings/stackFile";
import { tree } from "../../settings/trees";
import { gitlabOf, useSandbox } from "../../workshop/sandbox/harness";

const sandbox = useSandbox();
const file = "Pulumi.sandbox.yaml";
const settings = readStack(
  tree({ [file]: readFileSync(join(__dirname, "../../..", file), "utf8") }),
  "sandbox",
)?.settings;
const nothing = knownState(undefined);

function sources(state: KnownState = nothing, handle = "owner") {
  if (settings === undefined) throw new Error("the sandbox's settings cannot be used");
  const token = sandbox().gitlab.tokenValue(handle);
  const environment = { GITLAB_BASE_URL: sandbox().gitlab.url, GITLAB_TOKEN: token };
  const at = servers({ signal: new AbortController().signal }, environment);
  return { settings, state, gitlab: at.gitlab(), at };
}

/** Makes a token of a service account by hand; answers its id. */
async function byHand(userId: number, description: string): Promise<number> {
  const path = `/groups/security/service_accounts/${userId}/personal_access_tokens`;
  const made = await gitlabOf(sandbox())("POST", path, {
    name: "by hand",
    description,
    scopes: ["read_api"],
    expires_at: "2027-01-31",
  });
  return made.body.id;
}

test("the hand-made token is found in the declaration, another in the state: without a request", async () => {
  expect(await findToken(1202, sources())).toMatchObject({
    kind: "declared",
    generation: "adopted",
    account: { name: "scanner" },
  });
  const token = { account: "scanner", generation: "2026-11-30", tokenId: 1300, status: "live" };
  const known = { accounts: [], tokens: [token] };
  expect(await findToken(1300, sources(known))).toMatchObject({ kind: "declared", generation: "2026-11-30" });
  expect(sandbox().gitlab.requests).toEqual([]);
});

test("without a state, its mark tells whose a token is", async () => {
  const id = await byHand(202, "Lets the scanner read [sandbox/scanner/2026-11-30]");
  expect(await findToken(id, sources())).toMatchObject({
    kind: "declared",
    generation: "2026-11-30",
    account: { name: "scanner" },
  });
});

test("without a state, its mark tells whose a token is of a service account that is declared under two names", async () => {
  const id = await byHand(202, "[sandbox/scanner/2026-11-30]");
  const { settings: alone, ...rest } = sources();
  const [scanner] = alone.accounts.filter(({ name }) => name === "scanner");
  if (scanner === undefined) throw new Error("unreachable");
  const accounts = [...alone.accounts, { ...scanner, name: "another" }];
  expect(await findToken(id, { ...rest, settings: { ...alone, accounts } })).toMatchObject({
    kind: "declared",
    account: { name: "scanner" },
  });
});

test("what bears no mark of ours, another fleet's, or that of a token which the state knows otherwise is undeclared", async () => {
  for (const [description, fleet] of [
    ["", undefined],
    ["[other/scanner/2026-11-30]", "other"],
  ] as const) {
    const id = await byHand(202, description);
    const found = await findToken(id, sources());
    expect(found).toMatchObject({
      ...(fleet === undefined ? {} : { fleet }),
      kind: "undeclared",
      userId: 202,
      owner: { group: "security" },
    });
    expect(found).toMatchObject({
      told: expect.stringContaining('"by hand" of service account "gl-security-scanner"'),
    });
  }
  const leftover = await byHand(202, "[sandbox/scanner/2026-11-30]");
  const token = { account: "scanner", generation: "2026-11-30", tokenId: 1300, status: "live" };
  const found = await findToken(leftover, sources({ accounts: [], tokens: [token] }));
  expect(found.kind).toBe("undeclared");
});

test("the credential of the run itself is told as such", async () => {
  const found = await findToken(1001, sources());
  expect(found).toMatchObject({
    kind: "undeclared",
    told: expect.stringContaining("the credential that this run itself works with"),
  });
});

test("a token of nobody here is unknown, and so is what may not be looked at, which is told", async () => {
  expect(await findToken(999_999, sources())).toEqual({ kind: "unknown", unseen: [] });
  const found = await findToken(999_999, sources(nothing, "developer"));
  expect(found).toMatchObject({
    kind: "unknown",
    unseen: [expect.stringContaining('the service accounts of group "security"')],
  });
});

test("the user is the one that the last run found, else the one that GitLab lists", async () => {
  const at = sources();
  const [, scanner] = at.settings.accounts;
  if (scanner === undefined) throw new Error("there is no scanner");
  expect(await userIdOf(scanner, at)).toBe(202);
  const known = { accounts: [{ account: "scanner", userId: 7, opened: [], compromised: [] }], tokens: [] };
  expect(await userIdOf(scanner, { ...at, state: known })).toBe(7);
});

test("what a hand-made token may have become in somebody's hands is told by its looks, once the token is dead", async () => {
  const at = sources();
  const [, scanner] = at.settings.accounts;
  if (scanner === undefined) throw new Error("there is no scanner");
  await byHand(202, "another make of it");
  expect(await leftovers(scanner, "adopted", at)).toEqual([]);
  const { url } = sandbox().gitlab;
  const value = sandbox().gitlab.variable("security/scanner", "GITLAB_API_TOKEN") ?? "";
  const rotated = await fetch(`${url}/api/v4/personal_access_tokens/self/rotate`, {
    method: "POST",
    headers: { "PRIVATE-TOKEN": value },
  });
  const { id } = (await rotated.json()) as { id: number };
  const because = "has the name, description and scopes of token 1202";
  expect(await leftovers(scanner, "adopted", at)).toEqual([{ id, because }]);
  const ours = { account: "scanner", generation: "2026-11-30", tokenId: id, status: "live" };
  expect(await leftovers(scanner, "adopted", { ...at, state: { accounts: [], tokens: [ours] } })).toEqual([]);
});

test("another fleet's token is not revoked as undeclared, and where to go is said", async () => {
  const id = await byHand(202, "[other/scanner/2026-11-30]");
  const said: string[] = [];
  const code = await emergency(["--stack", "sandbox", "--token-id", `${id}`, "--revoke-undeclared"], {
    folder: join(__dirname, "../../.."),
    environment: { GITLAB_BASE_URL: sandbox().gitlab.url, GITLAB_TOKEN: sandbox().gitlab.tokenValue("owner") },
    today: "2026-12-01",
    print: (text) => said.push(text),
  });
  expect(code).toBe(13);
  expect(said.join("")).toContain('the fleet "other" rotates it, and here it is never touched');
  expect(sandbox().gitlab.requests.filter(({ method }) => method === "DELETE")).toEqual([]);
});

test("a pretended day dates no emergency but the sandbox's: nothing is asked", async () => {
  const said: string[] = [];
  const code = await emergency(["--stack", "sandbox", "--token-id", "1201"], {
    folder: join(__dirname, "../../.."),
    environment: {
      GITLAB_BASE_URL: sandbox().gitlab.url,
      GITLAB_TOKEN: ["glpat", "x".repeat(20)].join("-"),
      PAT_ROTATION_AS_OF: "2030-01-01",
    },
    today: "2026-12-01",
    print: (text) => said.push(text),
  });
  expect(code).toBe(1);
  expect(said.join("")).toContain('PAT_ROTATION_AS_OF is set to "2030-01-01", and this is no sandbox');
  expect(sandbox().gitlab.requests).toEqual([]);
});

/** The command with a generation of the scanner, where no state is known; what it said, and how it ended. */
async function named(generation?: string) {
  const said: string[] = [];
  const { url } = sandbox().gitlab;
  const code = await emergency(
    [
      ...["--stack", "sandbox", "--account", "scanner", "--dry-run", "--engine=embedded"],
      ...(generation === undefined ? [] : ["--generation", generation]),
    ],
    {
      folder: join(__dirname, "../../.."),
      environment: { GITLAB_BASE_URL: url, GITLAB_TOKEN: sandbox().gitlab.tokenValue("owner") },
      today: "2026-12-01",
      print: (text) => said.push(text),
    },
  );
  return { code, said: said.join("") };
}

test("a generation that nobody knows is a fault of the command line, and not called dead: what leaked may live", async () => {
  const { code, said } = await named("2026-11-29");
  expect(said).toContain('Looking for generation "2026-11-29" of account "scanner": nobody knows it');
  expect(said).toContain("there are 2026-11-30, adopted. Nothing was done.");
  expect(said).not.toContain("dead already");
  expect(code).toBe(2);
});

test("an account alone does not say which token leaked: its generations are told", async () => {
  const { code, said } = await named();
  expect(said).toContain('Generations of account "scanner": adopted, 2026-11-30 (in use).');
  expect(code).toBe(2);
  expect(sandbox().gitlab.requests).toEqual([]);
});

test("without a state, a generation's token is found by its mark, and not called dead", async () => {
  const id = await byHand(202, "Lets the scanner read [sandbox/scanner/2026-11-30]");
  const { code, said } = await named("2026-11-30");
  expect(said).toContain(`This is token ${id} of generation "2026-11-30" of account "scanner"`);
  expect(said).toContain("It lives.");
  expect(said).toContain(
    'It is stored in: field "credential" of 1Password item "GitLab Security Service - Architecture - Scanner" in vault "Security"; CI/CD variable "GITLAB_API_TOKEN" of project "security/scanner".',
  );
  expect(code).toBe(0);
});
