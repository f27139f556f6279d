import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { doctor, type Report } from "../../commands/doctor";
import { serverFindings } from "../../commands/doctor/server";
import type { AccountDeclaration } from "../../rotation/declaration/settings";
import { checkTraffic } from "../openapi";
import { benches, inventory } from "../providers/runbook/bench";
import { account as declared } from "../rotation/declarations";

const bench = benches({
  openBao: { rules: { "secret/data/ci/*": ["read", "update"], "auth/token/lookup-self": ["read"] } },
});
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "doctor-"));
  declare();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function declare(changes: { readonly vault?: string; readonly group?: string; readonly schedule?: string } = {}): void {
  const { vault = "Security", group = "security", schedule = inventory.schedule } = changes;
  const account = (name: string) => `
    - name: ${name}
      account: { group: ${group}, username: gl-security-${name} }
      token: { name: ${name}, scopes: [read_api] }
      rotation: { startsOn: "2026-11-30" }
      onePassword: [{ vault: ${vault}, newItem: ${name} }]`;
  writeFileSync(
    join(folder, "Pulumi.prod.yaml"),
    `config:
  pat-rotation:fleet: ${inventory.fleet}
  pat-rotation:accounts:${account("scanner")}${account("inventory")}
      variables: [{ project: ${inventory.project}, key: GITLAB_API_TOKEN }]
      proof: [{ project: ${inventory.project}, schedule: "${schedule}" }]
`,
  );
}

async function report(): Promise<Report & { readonly code: number }> {
  const { code, stdout, stderr } = await doctor(["--format", "json"], { folder, environment: { ...process.env } });
  expect(stderr).toBe("");
  for (const value of bench().sandbox.gitlab.issuedTokens()) expect(stdout).not.toContain(value);
  return { ...JSON.parse(stdout), code };
}

function as(handle: string): void {
  process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue(handle);
}

const missing = ({ findings }: Report) => findings.filter(({ verdict }) => verdict === "missing");

test("an item that is yet to be made is told, and is no alarm", async () => {
  const { stdout, code } = await doctor([], { folder, environment: { ...process.env } });
  expect(code, stdout).toBe(0);
  expect(stdout.replace(/\s+/g, " ")).toContain(
    '- scanner: the item "scanner" of the vault "Security" is not there yet: it is made with the first rotation, on Mon 30 Nov 2026.',
  );
});

test("an owner's credential: whose, its scopes, its roles where they matter, its expiry; nothing is missing", async () => {
  const check = checkTraffic(bench().sandbox.traffic);
  const { code, credentials, accounts, gitlab } = await report();
  expect(code).toBe(0);
  expect(credentials[0]).toEqual({
    variable: "GITLAB_TOKEN",
    verdict: "fine",
    whose: "security-rotation (Security Token Rotation)",
    may: ["scopes api", 'Owner of group "security", project "security/inventory-builder"'],
    expiresAt: "2027-02-21",
  });
  expect(credentials[1]).toMatchObject({
    variable: "OP_CONNECT_TOKEN",
    may: ["sees vault Security", "whether it may write is not told"],
  });
  expect(gitlab).toBe("18.11.0-ee");
  const fine = { mint: "fine", variables: "fine", pipelines: "fine", vaults: "fine" };
  expect(accounts).toEqual([
    { stack: "prod", account: "scanner", ...fine },
    { stack: "prod", account: "inventory", ...fine },
  ]);
  expect(check.faults).toEqual([]);
  const requests = bench().requests();
  // A patch without an operation changes nothing, and tells whether a write is refused.
  expect(requests.every((request) => /^(GET|PATCH) /.test(request))).toBe(true);
  expect(requests).toHaveLength(20);
});

test("how long a GitLab lets tokens live is told an administrator alone, and elsewhere as not known, once", async () => {
  const told = ({ findings }: Report) => findings.filter(({ message }) => message.includes("lets a token live"));
  expect(told(await report())).toEqual([
    {
      verdict: "note",
      about: "scanner, inventory",
      message: expect.stringMatching(/^not known is the longest that this GitLab lets a token live: only an admin/),
    },
  ]);
  as("admin");
  expect(told(await report())).toEqual([]);
});

test("a maintainer may not mint: both accounts lack the same right, which is told once, with what to do", async () => {
  as("maintainer");
  const found = await report();
  expect(found.code).toBe(9);
  expect(found.accounts.map(({ mint, variables, pipelines }) => [mint, variables, pipelines])).toEqual([
    ["missing", "fine", "fine"],
    ["missing", "fine", "fine"],
  ]);
  expect(missing(found).map(({ about }) => about)).toEqual(["scanner, inventory"]);
  expect(missing(found)[0]?.message).toContain('Give its user the role Owner in group "security".');
});

test("a token that only reads, one that dies tomorrow, and one that is dead", async () => {
  as("owner-read-only");
  const reading = await report();
  expect(reading.code).toBe(9);
  expect(missing(reading)[0]?.message).toBe('its scopes are read_api; a run takes "api". Make one that has it.');
  expect(reading.accounts[0]?.mint).toBe("missing");
  as("owner-last-day");
  expect(missing(await report())[0]?.message).toContain("it dies on Tue 24 Nov 2026, in 1 day: replace it in time");
  as("owner-expired");
  const dead = await report();
  expect(dead.code).toBe(9);
  expect(dead.accounts[0]).toMatchObject({ mint: "unknown", vaults: "fine" });
  expect(dead.credentials[0]?.verdict).toBe("refused");
  expect(missing(dead)).toEqual([]);
  const refused = dead.findings.filter(({ verdict }) => verdict === "refused");
  expect(refused.map(({ about }) => about)).toEqual(["GITLAB_TOKEN"]);
  expect(refused[0]?.message).toContain("Token is expired");
});

test("one place of two accounts under two names is told of both", async () => {
  declare();
  const [item] = bench().sandbox.onepassword.items("Security", inventory.title);
  const file = join(folder, "Pulumi.prod.yaml");
  const edited = readFileSync(file, "utf8")
    .replace("newItem: scanner", `item: ${item?.id}, field: credential`)
    .replace("newItem: inventory", `item: "${inventory.title}", field: credential`);
  writeFileSync(file, edited);
  const found = await report();
  expect(found.code).toBe(9);
  expect(found.accounts.map(({ vaults }) => vaults)).toEqual(["missing", "missing"]);
  expect(missing(found)[0]?.message).toContain("is one place with");
});

test("a vault that is not seen: which, which right, how to ask; a schedule and a group that are not there", async () => {
  declare({ vault: "Private", schedule: "Nightly" });
  const found = await report();
  expect(found.code).toBe(9);
  const messages = missing(found).map(({ message }) => message);
  expect(messages[0]).toContain(
    'looking for the 1Password vault "Private": the Connect token in OP_CONNECT_TOKEN sees only "Security".',
  );
  expect(messages[0]).toContain("ask the vault's owner");
  expect(messages[1]).toContain('schedule "Nightly"');
  expect(messages).toHaveLength(2);
  declare({ group: "nowhere" });
  expect(missing(await report()).map(({ message }) => message)[0]).toContain('group "nowhere" was not found');
});

test("a developer may start pipelines, a stranger may not", async () => {
  as("developer");
  expect((await report()).accounts[1]).toMatchObject({ mint: "missing", variables: "missing", pipelines: "fine" });
  as("stranger");
  const found = await report();
  expect(missing(found).some(({ message }) => message.includes("may not be started"))).toBe(true);
});

test("a GitLab that does not answer is not told, and 1Password is looked at all the same", async () => {
  process.env.GITLAB_BASE_URL = "http://127.0.0.1:9";
  const found = await report();
  expect(found.code).toBe(3);
  expect(found.accounts[0]).toMatchObject({ mint: "unknown", vaults: "fine" });
}, 120_000);

test("a 1Password that does not answer is not told, once, and its items are not asked for", async () => {
  process.env.OP_CONNECT_HOST = "http://127.0.0.1:9";
  const found = await report();
  expect(found.code).toBe(3);
  expect(found.accounts[0]).toMatchObject({ mint: "fine", vaults: "unknown" });
  expect(found.findings.filter(({ verdict }) => verdict === "unknown")).toEqual([
    {
      verdict: "unknown",
      about: "OP_CONNECT_TOKEN",
      message: expect.stringContaining("no answer came from 1Password Connect"),
    },
  ]);
}, 120_000);

test("an address without its scheme is told as that, and not as one that is not set", async () => {
  process.env.GITLAB_BASE_URL = "gitlab.example.com";
  const found = await report();
  expect(found.code).toBe(9);
  expect(missing(found)[0]?.message).toContain(
    '"GITLAB_BASE_URL" holds no address such as "https://gitlab.example.com"',
  );
});

test("credentials that are not set are missing, each by its name", async () => {
  delete process.env.GITLAB_TOKEN;
  delete process.env.OP_CONNECT_TOKEN;
  const found = await report();
  expect(found.code).toBe(9);
  expect(missing(found).map(({ about }) => about)).toEqual(["GITLAB_TOKEN", "OP_CONNECT_TOKEN", "scanner, inventory"]);
  expect(missing(found)[2]?.message).toContain(
    "Ask the vault's owner to let a Connect server (op connect vault grant) or a service account (op service-account create) read and write its items.",
  );
});

test("two ways to 1Password at once are told, once, with what to do", async () => {
  process.env.OP_SERVICE_ACCOUNT_TOKEN = "x";
  const found = await report();
  delete process.env.OP_SERVICE_ACCOUNT_TOKEN;
  expect(found.code).toBe(9);
  expect(found.credentials[1]).toMatchObject({ variable: "OP_SERVICE_ACCOUNT_TOKEN", verdict: "missing" });
  expect(missing(found)).toHaveLength(1);
  expect(missing(found)[0]?.message).toContain("Unset OP_CONNECT_HOST and OP_CONNECT_TOKEN");
});

test("an expiry that a Connect token bears in itself is told", async () => {
  const { sandbox } = bench();
  const payload = Buffer.from(JSON.stringify({ exp: Date.parse("2026-12-01T00:00:00Z") / 1000 })).toString("base64url");
  const token = sandbox.onepassword.state.tokens.find(({ value }) => value === process.env.OP_CONNECT_TOKEN);
  Object.assign(token ?? {}, { value: `e30.${payload}.x` });
  process.env.OP_CONNECT_TOKEN = `e30.${payload}.x`;
  const { credentials, findings } = await report();
  expect(credentials[1]?.expiresAt).toBe("2026-12-01");
  expect(findings).toContainEqual(
    expect.objectContaining({
      verdict: "warning",
      message: expect.stringContaining("it dies on Tue 1 Dec 2026, in 8 days"),
    }),
  );
});

test("as a table, with a warning that this is a sandbox; a wrong command line is 2", async () => {
  const { code, stdout } = await doctor([], { folder, environment: { ...process.env } });
  expect(code).toBe(0);
  expect(stdout).toContain("GitLab 18.11.0-ee.");
  const table =
    stdout
      .split("\n\n")[0]
      ?.split("\n")
      .filter((line) => /^[│┌├└]/.test(line)) ?? [];
  expect(new Set(table.map((line) => line.length))).toEqual(new Set([80]));
  expect(stdout).not.toContain("…");
  expect(stdout.replace(/\n {2}/g, " ")).toContain(
    "! the environment: GITLAB_BASE_URL is on this machine: this is a sandbox, and says nothing of any other GitLab.\n",
  );
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBe(80);
  expect(stdout).toContain("Nothing is missing.");
  expect(await doctor(["--format", "xml"], { folder, environment: {} })).toMatchObject({ code: 2 });
  writeFileSync(join(folder, "Pulumi.prod.yaml"), "config: {}\n");
  expect(await doctor([], { folder, environment: {} })).toMatchObject({
    code: 3,
    stderr: expect.stringContaining("they cannot be used"),
  });
});

test("an account at fault leaves the others to be looked at, and is told", async () => {
  const path = join(folder, "Pulumi.prod.yaml");
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace('"2026-11-30"', '"2026-02-30"'));
  const found = await report();
  expect(found.code).toBe(3);
  expect(found.accounts.map(({ account }) => account)).toEqual(["inventory"]);
  expect(found.findings.filter(({ verdict }) => verdict === "unknown")).toEqual([
    {
      verdict: "unknown",
      about: "stack prod",
      message: 'Accounts of stack "prod" whose settings cannot be used are left out: npm run plan tells each fault.',
    },
  ]);
});

describe("GitLab's version and tier", () => {
  const said = (
    version: string,
    enterprise: boolean,
    baseUrl = "https://gitlab.example.com",
    ...changes: Partial<AccountDeclaration>[]
  ) =>
    serverFindings(
      { version, enterprise },
      baseUrl,
      changes.map((change) => declared(change)),
    ).map(({ verdict, message }) => `${verdict} ${message}`);

  test("18.11 has all of it", () => {
    expect(said("18.11.0-ee", true, undefined, {}, { account: { project: "a/b", username: "x" } })).toEqual([]);
  });

  test("before it: what each account cannot have, and the tier that is not told", () => {
    expect(said("18.10.2-ee", true, undefined, { name: "sub", account: { group: "a/b", username: "x" } })).toEqual([
      "missing service accounts of subgroups came with 18.11: sub cannot be rotated before. Let the top-level group own the account.",
      "warning before 18.11 service accounts take the Premium or Ultimate tier, and GitLab does not tell which it has.",
    ]);
    expect(said("17.8.0", false, undefined, { name: "a" })).toEqual([
      "missing listing and revoking the tokens of service accounts came with 17.11: a cannot be rotated before.",
      "missing it is the Community Edition, which has service accounts since 18.11 only.",
    ]);
  });

  test("gitlab.com has no accounts of the instance", () => {
    expect(
      said("18.11.0-ee", true, "https://gitlab.com", { name: "a", account: { instance: true, username: "x" } }),
    ).toEqual(["missing a: gitlab.com has no accounts and variables of the instance. Let a group own them."]);
  });
});

describe("where an instance lets tokens live for 90 days", () => {
  const short = benches({ limits: { lifetimeDays: 90 } });

  test("an administrator is told before anything is minted, in the words of a run", async () => {
    process.env.GITLAB_TOKEN = short().sandbox.gitlab.tokenValue("admin");
    const found = await report();
    expect([found.code, found.accounts.map(({ mint }) => mint)]).toEqual([9, ["missing", "missing"]]);
    expect(missing(found)).toEqual([
      {
        verdict: "missing",
        about: "scanner, inventory",
        message: 'its token is to live for 365 days, and this GitLab allows 90 at most: lower "rotation.lifetimeDays".',
      },
    ]);
  });
});

test("a place in OpenBao: whose our token there is, and what it may not do, in the words of a run", async () => {
  const file = join(folder, "Pulumi.prod.yaml");
  writeFileSync(file, `${readFileSync(file, "utf8")}      openBao: [{ path: ci/inventory }]\n`);
  const { code, credentials, accounts, findings } = await report();
  expect(code).not.toBe(0);
  expect(credentials[2]).toEqual({
    variable: "BAO_TOKEN",
    verdict: "fine",
    whose: "sandbox",
    may: ["has the policies default, sandbox"],
  });
  expect(accounts.map(({ vaults }) => vaults)).toEqual(["fine", "missing"]);
  expect(findings.map(({ about, message }) => `${about}: ${message}`)).toContain(
    'inventory: key "token" of OpenBao secret "secret/ci/inventory": the token in "BAO_TOKEN" may not "create" there. Allow it on "secret/data/ci/inventory" in a policy of that token.',
  );
});
