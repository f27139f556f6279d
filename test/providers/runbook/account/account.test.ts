import { describe, expect, it } from "vitest";
import type { AccountInputs, AccountOutputs } from "../../../../contract/account";
import { unknown } from "../../../../providers/host/provider";
import { account } from "../../../../providers/runbook/account/account";
import { accountInputs, benches, inventory, refusal, tokensPath } from "../bench";

const bench = benches();

async function created(inputs = accountInputs()) {
  const { context, requests } = bench();
  const made = await account.create(inputs, context);
  requests();
  return { id: made.id, inputs, outputs: made.outputs };
}

function fault(changes: Partial<AccountInputs>): Promise<string> {
  return refusal(account.create(accountInputs(changes), bench().context));
}

describe("an account", () => {
  it("is the one that GitLab means, whose names have no case", async () => {
    const { outputs } = await created(accountInputs({ username: "GL-Security-Inventory" }));
    expect(outputs.userId).toBe(201);
  });

  it("is looked up and everything it needs is read once, nothing changed", async () => {
    const { context, requests } = bench();
    const { id, outputs } = await account.create(accountInputs(), context);
    expect(id).toBe("group/security/201");
    expect(outputs).toEqual({
      ...accountInputs(),
      userId: 201,
      opened: [{ name: "2026-11-23", expiresAt: "2027-11-23" }],
    });
    expect(requests().sort()).toEqual([
      // Who is no administrator is not told how long a token may live.
      "GET /application/settings 403",
      "GET /groups/security/service_accounts 200",
      `GET ${tokensPath} 200`,
      "GET /personal_access_tokens/self 200",
      "GET /projects/security/inventory-builder/pipeline_schedules 200",
      "GET /projects/security/inventory-builder/pipeline_schedules/11 200",
      "GET /projects/security/inventory-builder/repository/branches/main 200",
      "GET /projects/security/inventory-builder/variables/GITLAB_API_TOKEN 200",
      "GET /users/201 200",
      "GET /vaults 200",
      "GET /vaults/<id>/items 200",
      "GET /vaults/<id>/items/<id> 200",
      // Without an operation it changes nothing, and tells whether a write is refused.
      "PATCH /vaults/<id>/items/<id> 200",
    ]);
  });

  it("is refused before a mint while GitLab is deleting its user, or somebody blocked it, and foreseen in a preview", async () => {
    const { context, sandbox } = bench();
    const user = sandbox.gitlab.state.userNamed("gl-security-inventory");
    if (user === undefined) throw new Error("there is no such user");
    user.blocked = true;
    const told = /user 201 \("gl-security-inventory"\) is blocked, so that no token of it works/;
    expect(await refusal(account.create(accountInputs(), context))).toMatch(told);
    expect((await account.previewCreate?.(accountInputs(), context))?.fault).toMatch(told);
    user.blocked = false;
    expect((await account.create(accountInputs(), context)).outputs.userId).toBe(201);
  });

  it("shows the same in a preview", async () => {
    expect(await account.previewCreate?.(accountInputs(), bench().context)).toMatchObject({ userId: 201 });
  });

  it("is not failed by a preview, which stops for all accounts: it warns of what an update would fail with", async () => {
    const { context, said, requests } = bench();
    const wrong = accountInputs({ scopes: ["read_all"], variables: [{ project: "security/nowhere", key: "X" }] });
    const shown = await account.previewCreate?.(wrong, context);
    const fault = expect.stringMatching(/^before generation "2026-11-23" opens: .* 2 faults were found/);
    expect(shown).toEqual({ ...wrong, userId: unknown, opened: unknown, fault });
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^"pulumi up" would fail this account: .* 2 faults were found/);
    expect(said[0]).toContain('the scope "read_all" is unknown');
    expect(said[0]).toContain('project "security/nowhere" was not found');
    const before = await created();
    expect(await account.previewUpdate?.(before, wrong, context)).toMatchObject({
      userId: 201,
      scopes: ["read_all"],
      fault: expect.stringContaining("read_all"),
    });
    expect(said).toHaveLength(2);
    expect(requests().every((request) => /^(GET|PATCH) /.test(request))).toBe(true);
  });

  it("warns in a preview of a history that was rewritten", async () => {
    const before = await created();
    const { context, sandbox, said } = bench();
    await mintByHand(sandbox.environment, "[security-platform/inventory/2026-11-23]");
    await account.previewUpdate?.(before, accountInputs({ generations: [] }), context);
    expect(said.join("\n")).toContain('generation "2026-11-23" is no longer declared, but its token lives');
  });

  it("looks at no place and no pipeline of an account that comes to its end, which may be gone", async () => {
    const { context, requests } = bench();
    const ended = accountInputs({
      generations: [{ name: "2026-11-23", lifecycle: "retired", expiresAt: "2027-11-23" }],
      variables: [{ project: "security/nowhere", key: "X" }],
      items: [{ vault: "Nowhere", item: "None", field: "credential" }],
      pipelines: [{ project: "security/nowhere", ref: "main" }],
    });
    const { outputs } = await account.create(ended, context);
    expect(outputs).toMatchObject({ userId: 201 });
    expect(requests().sort()).toEqual([
      "GET /groups/security/service_accounts 200",
      "GET /personal_access_tokens/self 200",
    ]);
  });

  it("refuses to have a token in use again that was declared compromised, without a request", async () => {
    const leaked = accountInputs({ compromised: [{ generation: "2026-11-23", reason: "in a chat" }] });
    const before = await created(leaked);
    const { context, requests } = bench();
    const urn = "urn:pulumi:prod::pat-rotation::runbook:index:Account::inventory";
    const told = await refusal(account.update?.(before, accountInputs(), { ...context, urn }));
    expect(told).toContain('generation "2026-11-23" was declared compromised (in a chat) and is to be current again');
    // Also where the emergency left no merge request; and as it is to be typed.
    expect(told).toContain(
      'The emergency\'s edit is not merged yet: merge it, or run "npm run emergency -- --carry-over --stack prod" before "npm run up"',
    );
    expect(requests()).toEqual([]);
    expect(await account.update?.(before, leaked, bench().context)).toMatchObject({ compromised: leaked.compromised });
  });

  it("tells all faults of its declaration at once", async () => {
    const told = await fault({
      username: "gl-security-inventry",
      scopes: ["api", "read_all"],
      variables: [
        { project: "security/nowhere", key: "GITLAB_API_TOKEN" },
        { project: inventory.project, key: "NEW_ONE" },
      ],
      items: [
        { vault: "Secrets", item: inventory.title, field: "credential" },
        { vault: "Security", item: "No such item", field: "credential" },
        { vault: "Security", item: inventory.title, field: "token" },
        { vault: "Security", item: inventory.title, field: "username" },
        { vault: "Security", item: inventory.title, field: "username", shown: true },
      ],
      pipelines: [
        { project: inventory.project, schedule: "Nightly" },
        { project: inventory.project, ref: "devlop" },
        { project: inventory.project, job: "no-such-job" },
      ],
    });
    expect(told.split("\n")[0]).toBe(
      'before generation "2026-11-23" opens: checking account "inventory": 10 faults were found, and nothing was changed.',
    );
    for (const part of [
      'group "security" has no service account "gl-security-inventry"',
      'the scope "read_all" is unknown',
      'project "security/nowhere" was not found',
      '1Password vault "Secrets"',
      'item "No such item"',
      'has no field "token"',
      'the field "username" of the item "GitLab Security Service - Architecture - Inventory" in the 1Password vault "Security" has the type STRING, of which 1Password shows the value in plain text. Change its type to password in 1Password,',
      'schedule "Nightly" of project "security/inventory-builder": there is no pipeline schedule of that description; there are "Weekly - Monday mornings"',
      'there is no branch or tag "devlop"',
      'job "no-such-job" of project "security/inventory-builder": none of the newest 500 jobs',
    ])
      expect(told).toContain(part);
    expect(told.split("\n")).toHaveLength(11);
  });

  it.each([
    ["owner-expired", 'the token in "GITLAB_TOKEN" is not accepted'],
    ["owner-read-only", 'it takes "api"'],
    ["stranger", 'group "security" was not found'],
    ["developer", "may not manage the service accounts"],
  ])("fails with our own credential %s", async (handle, told) => {
    process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue(handle);
    expect(await fault({})).toContain(told);
  });

  it("fails with a credential that dies before the run could be over", async () => {
    const { sandbox } = bench();
    sandbox.clock.set("2026-11-23T23:40:00Z");
    Object.assign(process.env, sandbox.environment, { GITLAB_TOKEN: sandbox.gitlab.tokenValue("owner-last-day") });
    expect(await fault({})).toContain("dies on 2026-11-24 at 00:00 UTC, before this run could be over");
  });

  it.each(["GITLAB_TOKEN", "OP_CONNECT_TOKEN"])("says that %s is missing, and which to set", async (name) => {
    delete process.env[name];
    expect(await fault({})).toContain(`the environment variable "${name}" is not set`);
  });

  it("fails before a protected variable is hidden from a pipeline on an unprotected branch", async () => {
    const project = bench().sandbox.gitlab.state.projects.get(inventory.project);
    project?.protectedBranches.splice(0);
    expect(await fault({})).toContain('runs on "main", which is not protected, and variable "GITLAB_API_TOKEN" is');
  });

  it("sends nothing when only lifecycles change", async () => {
    const before = await created();
    const { context, requests, tick } = bench();
    tick({ days: 340 });
    const generations: AccountInputs["generations"] = [
      { name: "2026-11-23", lifecycle: "previous", expiresAt: "2027-11-23" },
    ];
    const outputs = await account.update?.(before, accountInputs({ generations }), context);
    expect(outputs?.opened).toEqual([{ name: "2026-11-23", expiresAt: "2027-11-23" }]);
    expect(requests()).toEqual([]);
  });

  it("is checked again when a generation opens", async () => {
    const before = await created();
    const { context, requests } = bench();
    const generations: AccountInputs["generations"] = [
      { name: "2026-11-23", lifecycle: "previous", expiresAt: "2027-11-23" },
      { name: "2026-11-30", lifecycle: "current", expiresAt: "2027-11-30" },
    ];
    const outputs = await account.update?.(before, accountInputs({ generations }), context);
    expect(outputs?.opened.map(({ name }) => name)).toEqual(["2026-11-23", "2026-11-30"]);
    expect(requests().length).toBeGreaterThan(3);
  });

  it("refuses to be another user than before", async () => {
    const before = await created();
    const told = await refusal(
      account.update?.(before, accountInputs({ username: "gl-security-scanner" }), bench().context),
    );
    expect(told).toContain('"gl-security-scanner" is now user 202, and this account\'s tokens belong to user 201');
  });
});

describe("an account whose declaration cannot be used", () => {
  const broken = () =>
    accountInputs({
      username: "",
      faults: ['accounts[0].name: found "x". Write y.', "accounts[0].onRemove: found z."],
    });

  it("fails with everything that is wrong, asks nobody anything, and warns in a preview", async () => {
    expect(account.check?.({ ...broken(), group: undefined }, bench().context)).toEqual([]);
    expect(await refusal(account.create(broken(), bench().context))).toBe(
      'reading the settings of account "inventory": 2 faults were found, and nothing of it was touched.\n- accounts[0].name: found "x". Write y.\n- accounts[0].onRemove: found z.\nThe other accounts go on.',
    );
    const before = await created();
    expect(await refusal(account.update?.(before, broken(), bench().context))).toContain("2 faults were found");
    await account.previewUpdate?.(before, broken(), bench().context);
    expect(bench().said.join()).toContain("would fail this account: reading the settings");
    expect(bench().requests()).toEqual([]);
  });
});

describe("the history of an account", () => {
  const moved = accountInputs({
    generations: [{ name: "2026-11-30", lifecycle: "current", expiresAt: "2027-11-30" }],
  });

  it("cannot be rewritten while a token lives that would be forgotten", async () => {
    const before = await created();
    const { context, sandbox, requests } = bench();
    await mintByHand(sandbox.environment, "[security-platform/inventory/2026-11-23]");
    requests();
    const told = await refusal(account.update?.(before, moved, context));
    expect(told).toContain('generation "2026-11-23" is no longer declared, but its token lives until 2027-11-23');
    expect(requests()).toEqual([`GET ${tokensPath} 200`]);
  });

  it("is known by the fleet and the generation when the account was renamed since", async () => {
    const before = await created();
    const { context, sandbox } = bench();
    await mintByHand(sandbox.environment, "[security-platform/former-name/2026-11-23]");
    expect(await refusal(account.update?.(before, moved, context))).toContain('"2026-11-23" is no longer declared');
  });

  it("lets go of a generation whose token is dead", async () => {
    const before = await created();
    const outputs: AccountOutputs | undefined = await account.update?.(before, moved, bench().context);
    expect(outputs?.opened.map(({ name }) => name)).toEqual(["2026-11-30"]);
  });

  it("forgets a generation that has expired", async () => {
    const before = await created();
    bench().tick({ days: 365 });
    process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue("owner");
    const generations: AccountInputs["generations"] = [];
    expect((await account.update?.(before, accountInputs({ generations }), bench().context))?.opened).toEqual([]);
  });
});

describe("the token to adopt", () => {
  it("is accepted when it is the user's, and dies on the declared day", async () => {
    const id = await mintByHand(bench().sandbox.environment, "made by hand");
    await created(accountInputs({ adopt: { tokenId: id, expiresAt: "2027-01-01" } }));
  });

  it("is not looked up when it is dead by its declared date", async () => {
    await account.create(accountInputs({ adopt: { tokenId: 1201, expiresAt: "2026-11-23" } }), bench().context);
    // Once, for tokens of ours that live.
    expect(
      bench()
        .requests()
        .filter((request) => request === `GET ${tokensPath} 200`),
    ).toHaveLength(1);
  });

  it.each([
    [{ tokenId: 1202, expiresAt: "2026-12-14" }, "user 201 has no token of the id 1202"],
    [{ tokenId: 1201, expiresAt: "2026-11-24" }, 'it expires on "2026-11-23", not on "2026-11-24"'],
  ])("is refused otherwise: %j", async (adopt, told) => {
    expect(await fault({ adopt })).toContain(told);
  });

  it("is refused when it bears another fleet's mark", async () => {
    const id = await mintByHand(bench().sandbox.environment, "[other-fleet/inventory/2026-11-23]");
    expect(await fault({ adopt: { tokenId: id, expiresAt: "2027-01-01" } })).toContain(
      'it belongs to the fleet "other-fleet"',
    );
  });
});

describe("an account that another stack of the fleet rotates", () => {
  it("is refused before anything is minted, and so is one whose state was lost", async () => {
    const id = await mintByHand(bench().sandbox.environment, "made by a run [security-platform/inventory/2025-11-23]");
    bench().requests();
    const told = await fault({});
    expect(told).toContain(
      `it has token ${id} "[security-platform/inventory/2025-11-23]" of this fleet and account, which this stack knows nothing of. If another stack declares it: remove it here`,
    );
    expect(
      bench()
        .requests()
        .filter((request) => !/^(GET|PATCH) /.test(request)),
    ).toEqual([]);
    await created(accountInputs({ adopt: { tokenId: id, expiresAt: "2027-01-01" } }));
  });

  it("is told in a preview", async () => {
    await mintByHand(bench().sandbox.environment, "[security-platform/inventory/2026-11-23]");
    await account.previewCreate?.(accountInputs(), bench().context);
    expect(bench().said.join("\n")).toContain("which this stack knows nothing of");
  });

  it("is another when the fleet or the account in the mark is, and when the token is dead", async () => {
    const { sandbox } = bench();
    await mintByHand(sandbox.environment, "[other-fleet/inventory/2026-11-23]");
    await mintByHand(sandbox.environment, "[security-platform/scanner/2026-11-23]");
    const dead = await mintByHand(sandbox.environment, "[security-platform/inventory/2026-11-23]");
    const token = sandbox.gitlab.liveTokens(inventory.username).find(({ id }) => id === dead);
    if (token !== undefined) token.revoked = true;
    await created();
  });

  it("is not taken for free when its tokens may not be listed", async () => {
    bench().sandbox.gitlab.inject({
      method: "GET",
      path: `/api/v4${tokensPath}`,
      fault: { kind: "server-error", status: 403 },
    });
    expect(await fault({})).toContain("whether another stack rotates it could not be looked up");
  });
});

async function mintByHand(environment: Record<string, string>, description: string): Promise<number> {
  const answer = await fetch(`${environment.GITLAB_BASE_URL}/api/v4${tokensPath}`, {
    method: "POST",
    headers: { "PRIVATE-TOKEN": environment.GITLAB_TOKEN ?? "", "content-type": "application/json" },
    body: JSON.stringify({ name: "by hand", description, scopes: ["api"], expires_at: "2027-01-01" }),
  });
  return ((await answer.json()) as { id: number }).id;
}
