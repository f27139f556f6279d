import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { inventory } from "../../commands/inventory";
import { plan } from "../../commands/plan";
import type { World, WorldToken } from "../../workshop/sandbox/world";
import { incident } from "../../workshop/sandbox/worlds/incident";
import { kindsWorld } from "../e2e/rotation/kinds";
import { checkTraffic } from "../openapi";
import { benches } from "../providers/runbook/bench";
import { gitlabOf } from "../workshop/sandbox/harness";

const freezes = 'pat-rotation:freezes: [{ from: "2026-12-19", to: "2027-01-04" }]';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "inventory-"));
  stack("prod", "pat-rotation:accountFiles: [accounts/*.yaml]");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function stack(name: string, ...lines: string[]): void {
  const text = ["config:", ...["pat-rotation:fleet: security-platform", freezes, ...lines].map((line) => `  ${line}`)];
  writeFileSync(join(folder, `Pulumi.${name}.yaml`), `${text.join("\n")}\n`);
}

function run(...args: string[]) {
  return inventory(args, { folder, environment: process.env });
}

/** Comments as the sentences that they are, however they are broken. */
function unbroken(text: string): string {
  return text.replace(/\n *# (?!TODO|- )/g, " ");
}

/** What a run of the plan says of the folder. */
function planned() {
  return plan([], { folder, environment: {}, today: "2026-11-23" });
}

describe("access tokens of the group itself", () => {
  const bench = benches();

  async function made(name: string, extra: object = {}): Promise<{ id: number; token: string }> {
    const answer = await gitlabOf(bench().sandbox, "owner")("POST", "/groups/security/access_tokens", {
      name,
      scopes: ["read_api"],
      access_level: 20,
      expires_at: "2027-02-01",
      ...extra,
    });
    return answer.body;
  }

  test("are drafted by their role, with the places that hold them; those of a fleet and those adopted are left out", async () => {
    const { id, token } = await made("Pull: images");
    await made("rotated", { description: "[security-platform/rotated/2026-11-23]" });
    const known = await made("known");
    stack(
      "known",
      `pat-rotation:accounts: [{ name: known, account: { group: security, accessToken: reporter }, token: { name: known, scopes: [read_api] }, rotation: { startsOn: "2026-12-07" }, adopt: { tokenId: ${known.id}, expiresAt: "2027-02-01" } }]`,
    );
    bench().sandbox.gitlab.state.projects.get("security/scanner")?.variables.push({
      key: "PULL",
      value: token,
      environmentScope: "*",
      protected: false,
      masked: true,
      hidden: false,
      raw: false,
      variableType: "env_var",
      description: null,
    });
    const { code, stdout, stderr } = await run("--group", "security", "--vault", "Security");
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('group "security": 2 service accounts, 2 access tokens, 3 declared here.');
    expect(stderr).toContain('Left out: rotated is rotated already, by the fleet "security-platform" as "rotated".');
    expect(stderr).not.toContain("bot");
    const found = parse(stdout).find(({ adopt }: { adopt: { tokenId: number } }) => adopt.tokenId === id);
    expect(found).toMatchObject({
      name: "Pull-images",
      account: { group: "security", accessToken: "reporter" },
      token: { name: "Pull: images", scopes: ["read_api"] },
      adopt: { tokenId: id, expiresAt: "2027-02-01" },
      variables: [{ project: "security/scanner", key: "PULL", masked: true }],
    });
  });
});

describe("the incident", () => {
  const bench = benches();

  test("each account with the token in use, its places and what could prove it; the plan passes at once", async () => {
    const check = checkTraffic(bench().sandbox.traffic);
    const { code, stdout, stderr } = await run("--group", "security", "--vault", "Security", "--write", "accounts");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toBe(
      'group "security": 2 service accounts, 2 declared here.\n' +
        "First rotations: from Mon 23 Nov 2026 to Mon 30 Nov 2026.\n" +
        "Wrote accounts/gl-security-inventory.yaml.\nWrote accounts/gl-security-scanner.yaml.\n",
    );
    const files = readdirSync(join(folder, "accounts")).map((file) =>
      readFileSync(join(folder, "accounts", file), "utf8"),
    );
    const line = "# yaml-language-server: $schema=../settings/schema/accounts.json\n";
    expect(files.map((text) => text.startsWith(line))).toEqual([true, true]);
    expect(parse(files[1] ?? "")).toEqual({
      name: "gl-security-scanner",
      account: { group: "security", username: "gl-security-scanner" },
      token: {
        name: "GitLab Security Service - Architecture - Scanner",
        scopes: ["api"],
        scopeReason: "Taken over from the token made by hand",
      },
      rotation: { startsOn: "2026-11-30" },
      adopt: { tokenId: 1202, expiresAt: "2026-12-14" },
      onePassword: [
        { vault: "Security", item: "GitLab Security Service - Architecture - Scanner", field: "credential" },
      ],
      variables: [{ project: "security/scanner", key: "GITLAB_API_TOKEN", masked: true, protected: true }],
      proof: [{ project: "security/scanner", observed: true, jobs: ["lint", "scan", "publish"] }],
    });
    expect(files[1]).toContain(
      "# - { project: security/scanner, schedule: Weekly - Monday noon, jobs: [lint, scan, publish] }",
    );
    // GitLab does not say whose a dead value is: that it lies in the account's item does.
    expect(parse(files[0] ?? "")).toMatchObject({
      rotation: { startsOn: "2026-11-23" },
      adopt: { tokenId: 1201, expiresAt: "2026-11-23" },
      variables: [{ project: "security/inventory-builder", key: "GITLAB_API_TOKEN" }],
    });
    expect(planned()).toMatchObject({ code: 0, stderr: "" });
    expect(check.faults).toEqual([]);
    const { sandbox, requests } = bench();
    for (const value of sandbox.gitlab.issuedTokens()) expect(files.join("") + stderr).not.toContain(value);
    const sent = requests();
    expect(sent.filter((request) => !request.startsWith("GET"))).toEqual([]);
    // One value stands in two places, and is presented once; the first of the three is our own.
    expect(sent.filter((request) => request.includes("/self "))).toHaveLength(3);
  });

  test("without a folder: one list, which is an account file as it is", async () => {
    const { stdout } = await run("--group", "security", "--vault", "Security");
    writeFileSync(join(folder, "all.yaml"), stdout);
    stack("prod", "pat-rotation:accountFiles: [all.yaml]");
    expect(planned().code).toBe(0);
  });

  test("what a stack declares already is left alone", async () => {
    await run("--group", "security", "--vault", "Security", "--write", "accounts");
    rmSync(join(folder, "accounts/gl-security-inventory.yaml"));
    const { stdout, stderr } = await run("--group", "security", "--vault", "Security");
    expect(parse(stdout).map(({ name }: { name: string }) => name)).toEqual(["gl-security-inventory"]);
    expect(stderr).toContain(
      'Left out: gl-security-scanner is declared already, in stack "prod" as "gl-security-scanner".',
    );
  });

  test("a file that exists is not written over, and then none is written", async () => {
    await run("--group", "security", "--write", "accounts");
    rmSync(join(folder, "accounts/gl-security-scanner.yaml"));
    writeFileSync(join(folder, "accounts/gl-security-inventory.yaml"), "# by hand\n");
    const { code, stderr } = await run("--group", "security", "--write", "accounts");
    expect(code).toBe(1);
    expect(stderr).toContain("Writing accounts/gl-security-inventory.yaml: there is such a file already.");
    expect(readdirSync(join(folder, "accounts"))).toEqual(["gl-security-inventory.yaml"]);
  });

  test("a folder by its absolute path is that folder", async () => {
    const accounts = join(folder, "accounts");
    const { stderr } = await run("--group", "security", "--write", accounts);
    expect(readdirSync(accounts)).toEqual(["gl-security-inventory.yaml", "gl-security-scanner.yaml"]);
    expect(stderr).toContain("Wrote accounts/gl-security-inventory.yaml.\nWrote accounts/gl-security-scanner.yaml.\n");
  });

  test("without a vault the plan has one objection each, and the files say what to do", async () => {
    const { stdout } = await run("--group", "security");
    expect(stdout.match(/# TODO No vault was given/g)).toHaveLength(2);
    // Nothing says whose a dead token is then.
    expect(unbroken(stdout)).toContain(
      '# TODO Its token is dead, and GitLab does not say whose a dead value is. These hold a dead token; name those that are its own under variables: variable GITLAB_API_TOKEN of project "security/inventory-builder".',
    );
  });

  test("what is wrong with the command line, the settings or our rights is told", async () => {
    expect(await run("--group", "security", "--instance")).toMatchObject({ code: 2, stdout: "" });
    expect(await run("--stack", "nowhere", "--group", "security")).toMatchObject({ code: 2 });
    expect(await run("--group", "nowhere")).toMatchObject({ code: 1 });
    const denied = await run("--instance");
    expect(denied.code).toBe(1);
    expect(denied.stderr).toContain("Listing the service accounts of the instance");
    stack("prod", "pat-rotation:accounts: [{ name: x }]");
    expect((await run("--group", "security")).stderr).toContain("npm run plan tells each fault");
  });
});

/** Tokens of every make, and variables that hold them in every way. */
function motley(): World {
  const base = incident();
  const token = (handle: string, user: string, more: Partial<WorldToken> = {}): WorldToken => ({
    handle,
    user,
    name: handle,
    scopes: ["read_api"],
    createdAt: "2026-01-05T09:00:00Z",
    expiresAt: "2027-06-01",
    ...more,
  });
  const robots = ["many", "marked", "revoked", "forgotten", "endless", "idle", "sub", "twin-1", "twin-2"];
  return {
    ...base,
    users: [
      ...base.users,
      ...robots.map((username) => ({
        username,
        name: `The ${username}`,
        serviceAccountOf: { group: username === "sub" ? "security/below" : "security" },
      })),
      { username: "of-project", name: "Of a project", serviceAccountOf: { project: "security/tracker" } },
    ],
    groups: [
      ...base.groups.map((group) =>
        group.path === "security"
          ? { ...group, variables: [{ key: "SHARED", value: { tokenOf: "many-2" }, environmentScope: "prod" }] }
          : group,
      ),
      { path: "security/below" },
      { path: "elsewhere", members: { "security-rotation": "owner" as const } },
    ],
    projects: [
      ...base.projects.map((project) =>
        project.path === "security/tracker"
          ? {
              ...project,
              variables: [
                { key: "OLD", value: { tokenOf: "many-1" } },
                { key: "NOT_SHOWN", value: { tokenOf: "endless" }, hidden: true },
              ],
            }
          : project,
      ),
      {
        path: "elsewhere/tool",
        variables: [{ key: "PAT", value: { tokenOf: "sub" }, masked: true }],
        members: {},
      },
    ],
    tokens: [
      ...base.tokens,
      token("many-1", "many", { lastUsedAt: "2026-06-01T00:00:00Z" }),
      token("many-2", "many", { lastUsedAt: "2026-11-01T00:00:00Z", description: 'says "hello": #1' }),
      token("marked", "marked", { description: "[other/marked/2026-01-05]" }),
      token("revoked", "revoked", { revoked: true }),
      token("forgotten", "forgotten", { expiresAt: "2026-05-01" }),
      token("endless", "endless", { expiresAt: null }),
      token("sub", "sub"),
      token("of-project", "of-project"),
      token("twin-1", "twin-1", { name: "twin" }),
      token("twin-2", "twin-2", { name: "twin" }),
    ],
  };
}

describe("accounts of every kind", () => {
  const bench = benches({ world: kindsWorld("admin") });

  test("those of the instance, with its variables", async () => {
    const { code, stdout, stderr } = await run("--instance", "--vault", "Security");
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('Not declared: "gl-sub", a service account or a bot that was made elsewhere (--below,');
    expect(parse(stdout)).toMatchObject([
      {
        name: "gl-instance",
        account: { instance: true, username: "gl-instance" },
        variables: [{ instance: true, key: "INSTANCE_TOKEN", masked: true, protected: true }],
      },
    ]);
  });

  test("those of a group and of what is below it, each by its own owner; a hidden variable is a candidate", async () => {
    const check = checkTraffic(bench().sandbox.traffic);
    const { stdout, stderr } = await run("--group", "security", "--below", "--vault", "Security");
    expect(stderr).toContain(
      'Not declared: "gl-self", a plain user, for whom our own credential makes no token (docs/accounts/self.md): variable TOKEN of project "security/self" holds token 1205; field credential of 1Password item "self" in vault "Security" holds token 1205.\n',
    );
    expect(stderr).toContain('Not declared: "gl-instance", a service account or a bot that was made elsewhere');
    stack(
      "people",
      'pat-rotation:accounts: [{ name: self, account: { self: true, username: GL-self }, token: { name: self, scopes: [api] }, rotation: { startsOn: "2026-11-30" }, adopt: { tokenId: 1205, expiresAt: "2026-12-14" }, onePassword: [{ vault: Security, item: self, field: credential }] }]',
    );
    expect((await run("--group", "security", "--vault", "Security")).stderr).not.toContain("gl-self");
    expect(parse(stdout)).toMatchObject([
      { account: { project: "security/portal" } },
      {
        account: { group: "security/scanning" },
        variables: [{ project: "security/scanning/sub", key: "TOKEN", environmentScope: "production" }],
      },
      { account: { group: "security" }, variables: [{ group: "security", key: "TOP_TOKEN" }] },
    ]);
    expect(unbroken(stdout)).toContain(
      'Hidden ones, which nobody can read: variable TOKEN of project "security/portal". Name those that do under variables.',
    );
    expect(check.faults).toEqual([]);
  });
});

describe("tokens of every make", () => {
  const bench = benches({ world: motley() });

  async function listed(...args: string[]) {
    const outcome = await run(...args);
    expect(outcome.code, outcome.stderr).toBe(0);
    for (const value of bench().sandbox.gitlab.issuedTokens()) expect(JSON.stringify(outcome)).not.toContain(value);
    const accounts: Record<string, Record<string, unknown>> = Object.fromEntries(
      (parse(outcome.stdout) ?? []).map((one: { name: string }) => [one.name, one]),
    );
    return { ...outcome, accounts };
  }

  test("of several living tokens the last used one is taken over, the others are named with their places", async () => {
    const { stdout, accounts } = await listed("--group", "security");
    const id = bench().sandbox.gitlab.liveTokens("many")[1]?.id;
    expect(accounts.many).toMatchObject({
      token: { name: "many-2", description: 'says "hello": #1' },
      adopt: { tokenId: id, expiresAt: "2027-06-01" },
      variables: [{ group: "security", key: "SHARED", environmentScope: "prod", masked: true }],
    });
    expect(accounts.many).not.toHaveProperty("proof");
    expect(stdout).toContain("# not masked so far: the first rotation masks it");
    expect(unbroken(stdout)).toContain(
      'It is in variable OLD of project "security/tracker". Declare it as well, under another name, with these places.',
    );
    expect(stdout).toContain("# TODO variable SHARED (environment prod) of group");
  });

  test("accounts that have nothing to rotate, or another keeper, are left out with the reason", async () => {
    const { stderr, accounts } = await listed("--group", "security");
    expect(Object.keys(accounts)).toEqual([
      "endless",
      "gl-security-inventory",
      "gl-security-scanner",
      "many",
      "twin-1",
      "twin-2",
    ]);
    for (const line of [
      "forgotten has had no living token since Fri 1 May 2026, and nobody replaced it.",
      "idle has no token.",
      'marked is rotated already, by the fleet "other" as "marked".',
      "revoked has only tokens that were revoked.",
      "Not read: 1 hidden variable, whose values GitLab never shows.",
    ])
      expect(stderr).toContain(line);
  });

  test("a token that never expires gets a day, and its hidden variables are candidates", async () => {
    const { stdout, accounts } = await listed("--group", "security");
    expect(accounts.endless).toMatchObject({ adopt: { expiresAt: "2027-11-23" } });
    expect(stdout).toMatch(/# Token \d+ never expires\./);
    expect(unbroken(stdout)).toContain(
      'Hidden ones, which nobody can read: variable NOT_SHOWN of project "security/tracker". Name those that do under variables.',
    );
  });

  test("accounts below the group, and variables elsewhere, when asked for", async () => {
    const { accounts } = await listed("--group", "security", "--below", "--look-in", "elsewhere");
    expect(accounts.sub).toMatchObject({
      account: { group: "security/below", username: "sub" },
      variables: [{ project: "elsewhere/tool", key: "PAT", masked: true }],
    });
    expect(accounts["of-project"]).toMatchObject({ account: { project: "security/tracker", username: "of-project" } });
  });

  test("a project's accounts alone; a project to look in by its path", async () => {
    const { accounts } = await listed("--project", "security/tracker", "--look-in", "elsewhere/tool");
    expect(Object.keys(accounts)).toEqual(["of-project"]);
  });

  test("where no item holds the token, one is declared in the vault, under a title that is new", async () => {
    const { stdout, accounts } = await listed("--group", "security", "--vault", "Security");
    expect(accounts.many).toMatchObject({ onePassword: [{ vault: "Security", newItem: "many-2" }] });
    expect(stdout).toContain("# TODO No item of Security holds its token, so one is made.");
    expect(accounts["twin-1"]).toMatchObject({ onePassword: [{ newItem: "twin" }] });
    expect(accounts["twin-2"]).toMatchObject({ onePassword: [{ newItem: "twin (twin-2)" }] });
    // Read as it is: what the plan objects to is that nobody knows where some tokens are, and no more.
    writeFileSync(join(folder, "all.yaml"), stdout);
    stack("prod", "pat-rotation:accountFiles: [all.yaml]");
    expect(planned().code).toBe(4);
    expect(planned().stdout).toContain("many, proof-for-every-consumer");
  });

  test("the account that the run itself works as is left to a stack of its own", async () => {
    const { sandbox } = bench();
    const value = sandbox.gitlab.liveTokens("endless")[0]?.value ?? "";
    const group = sandbox.gitlab.state.groups.get("security");
    group?.members.set(sandbox.gitlab.state.userNamed("endless")?.id ?? 0, 50);
    for (const token of sandbox.gitlab.liveTokens("endless")) Object.assign(token, { scopes: ["api"] });
    process.env.GITLAB_TOKEN = value;
    const { stderr } = await listed("--group", "security");
    expect(stderr).toContain("endless is the one that this run itself works as: declare it in a stack of its own");
  });
});
