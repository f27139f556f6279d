import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { setConsumers } from "../../providers/runbook/consumers";
import { markText } from "../../providers/runbook/mark";
import { servers } from "../../providers/runbook/servers";
import type { Token } from "../../sandbox/gitlab/tokens";
import { health } from "../../scripts/health";
import { checkTraffic } from "../openapi";
import { benches } from "../providers/runbook/bench";

const bench = benches();
const scanner = "gl-security-scanner";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "health-"));
  declare('rotation: { startsOn: "2026-11-30" }', "adopt: { tokenId: 1202, expiresAt: 2026-12-14 }");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The scanner of the sandbox's world, whose hand-made token lives. */
function declare(...parts: readonly string[]): void {
  const lines = [
    "config:",
    "  pat-rotation:fleet: security-platform",
    "  pat-rotation:accounts:",
    "    - name: scanner",
    `      account: { group: security, username: ${scanner} }`,
    '      token: { name: "GitLab Security Service - Architecture - Scanner", scopes: [api] }',
    '      onePassword: [{ vault: Security, item: "GitLab Security Service - Architecture - Scanner", field: credential }]',
    "      variables: [{ project: security/scanner, key: GITLAB_API_TOKEN }]",
    ...parts.map((part) => `      ${part}`),
  ];
  writeFileSync(join(folder, "Pulumi.prod.yaml"), `${lines.join("\n")}\n`);
}

async function run(...args: string[]) {
  const outcome = await health(args, { folder, environment: process.env });
  return { ...outcome, words: outcome.stdout.replace(/\s+/g, " ") };
}

/** A generation's token as a run would have minted it, everywhere in place. */
function minted(generation: string, expiresAt: string): Token {
  const { state } = bench().sandbox.gitlab;
  const token = state.tokens.issue({
    id: state.nextId("token"),
    userId: state.userNamed(scanner)?.id ?? 0,
    name: "GitLab Security Service - Architecture - Scanner",
    description: markText({ fleet: "security-platform", account: "scanner", generation }),
    scopes: ["api"],
    expiresAt,
  });
  return token;
}

/** Has both places hold a value. */
async function place(value: string): Promise<void> {
  const [item] = bench().sandbox.onepassword.items("Security", "GitLab Security Service - Architecture - Scanner");
  const fieldId = item?.fields?.find(({ label }) => label === "credential")?.id ?? "";
  const at = servers({ signal: new AbortController().signal });
  const consumers = [
    { kind: "variable", project: "security/scanner", key: "GITLAB_API_TOKEN" },
    { kind: "item", vaultUuid: item?.vault.id ?? "", itemUuid: item?.id ?? "", fieldId },
  ] as const;
  expect(await setConsumers(at, consumers, { token: value })).toEqual([]);
}

test("a token that lives, in every place: fine, by one list, and one look at each place and value", async () => {
  const { code, stdout, stderr } = await run();
  expect([code, stderr], stdout).toEqual([0, ""]);
  expect(stdout).toBe(
    `prod (2026-11-23)
Nothing is due, and no consumer is at risk.

Health, as GitLab has it
  account  generation    token     state     dies             last used
  scanner  adopted       1202      alive     Mon 14 Dec 2026  Mon 16 Nov 2026
  2 of 2 places hold a token that works.
`,
  );
  const sent = bench().requests();
  expect(sent.sort()).toEqual([
    "GET /groups/security/service_accounts 200",
    `GET /groups/security/service_accounts/202/personal_access_tokens 200`,
    "GET /personal_access_tokens/self 200",
    "GET /projects/security/scanner/variables/GITLAB_API_TOKEN 200",
    "GET /vaults 200",
    "GET /vaults/<id>/items 200",
    "GET /vaults/<id>/items/<id> 200",
  ]);
});

test("a consumer with a dead token is a risk: 7, without a state, by the mark alone", async () => {
  declare('rotation: { startsOn: "2026-11-23" }');
  const token = minted("2026-11-23", "2027-11-23");
  await place(token.value);
  const fine = await run();
  expect(fine.code, fine.stdout).toBe(0);
  token.revoked = true;
  const { code, stdout, words } = await run();
  expect(code).toBe(7);
  expect(words).toContain("✗ scanner: the token in use is dead: generation 2026-11-23.");
  expect(words).toContain(
    "✗ scanner: variable GITLAB_API_TOKEN of security/scanner holds a value that GitLab does not",
  );
  expect(stdout).not.toContain(token.value);
});

test("a rotation that no run has done, and a place with the older token, are late: 6", async () => {
  bench().sandbox.clock.set("2026-12-01T06:00:00Z");
  bench().tick();
  const late = await run();
  expect(late.code).toBe(6);
  expect(late.words).toContain("! scanner: overdue since Mon 30 Nov 2026: generation 2026-11-30 is not minted.");
  const token = minted("2026-11-30", "2027-11-30");
  const stale = await run();
  expect(stale.code).toBe(6);
  expect(stale.words).toContain(`is stale: it holds token 1202, not ${token.id} (generation 2026-11-30).`);
  await place(token.value);
  expect((await run()).code).toBe(0);
});

test("as JSON the same is told to programs", async () => {
  const { stdout } = await run("--format", "json");
  expect(JSON.parse(stdout)).toEqual({
    format: "pat-rotation/health",
    version: 1,
    asOf: "2026-11-23",
    verdict: "fine",
    stacks: [
      {
        stack: "prod",
        accounts: [
          {
            account: "scanner",
            tokens: [
              {
                generation: "adopted",
                lifecycle: "current",
                tokenId: 1202,
                state: "alive",
                expiresAt: "2026-12-14",
                lastUsedAt: expect.any(String),
              },
            ],
            alarms: [],
            places: [
              {
                place: "1Password Security / GitLab Security Service - Architecture - Scanner / credential",
                tokenId: 1202,
              },
              { place: "variable GITLAB_API_TOKEN of security/scanner", tokenId: 1202 },
            ],
          },
        ],
        unchecked: [],
      },
    ],
  });
});

describe("what cannot be looked at ends in 3, with what and why", () => {
  test("without a credential, in one line", async () => {
    delete process.env.GITLAB_TOKEN;
    const { code, stdout, stderr } = await run();
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("GITLAB_TOKEN");
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(bench().requests()).toEqual([]);
  });

  test("where the credential may not manage the account", async () => {
    process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue("stranger");
    const { code, stdout } = await run();
    expect(code).toBe(3);
    expect(stdout).toContain("Not all could be looked at.");
    expect(stdout).toContain("- scanner: ");
  });

  test("where our own credential died, and that is not taken for a missing right", async () => {
    process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue("owner-expired");
    const { code, words } = await run();
    expect(code).toBe(3);
    expect(words).toContain('- scanner: the token in "GITLAB_TOKEN" is not accepted (');
    expect(words).not.toContain("Give its user");
  });

  test("where a place may not be read", async () => {
    declare('rotation: { startsOn: "2026-11-30" }', "adopt: { tokenId: 1202, expiresAt: 2026-12-14 }");
    bench().sandbox.traffic.inject({ fault: { kind: "server-error", status: 403 }, path: "/variables/", times: 9 });
    const { code, words } = await run();
    expect(code).toBe(3);
    expect(words).toContain("- scanner: variable GITLAB_API_TOKEN of security/scanner was not checked: GET ");
  });

  test("where an account's settings cannot be used, and of the others all is told", async () => {
    declare('rotation: { startsOn: "2026-11-30" }', "adopt: { tokenId: 1202, expiresAt: 2026-12-14 }");
    const path = join(folder, "Pulumi.prod.yaml");
    writeFileSync(path, `${readFileSync(path, "utf8")}    - { name: faulty }\n`);
    const { code, words } = await run();
    expect(code).toBe(3);
    expect(words).toContain("scanner adopted 1202 alive");
    expect(words).toContain('- Accounts of stack "prod" whose settings cannot be used are left out: npm run plan');
  });

  test("where the settings cannot be used", async () => {
    declare("rotation: { startsOn: never }");
    const { code, stderr } = await run();
    expect(code).toBe(3);
    expect(stderr).toContain('stack "prod"');
  });
});

test("a command line that cannot be understood ends in 2, and help in 0", async () => {
  expect((await run("--format", "xml")).code).toBe(2);
  expect((await run("--stack", "none")).code).toBe(2);
  const help = await run("--help");
  expect(help.code).toBe(0);
  expect(help.stdout).toContain("Exit codes:");
});

test("every request and answer is as GitLab and 1Password describe them", async () => {
  const check = checkTraffic(bench().sandbox.traffic);
  await run();
  expect(check.faults).toEqual([]);
});
