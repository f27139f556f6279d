import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { servers } from "../../clients/servers";
import { health } from "../../commands/health";
import { setConsumers } from "../../providers/runbook/consumers";
import { markText } from "../../rotation/mark";
import type { Token } from "../../workshop/sandbox/gitlab/tokens";
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

describe("an item of its own that is yet to be made", () => {
  const declared = ["onePassword: [{ vault: Security, newItem: Scanner token }]"];

  test("is no alarm: it is told on which day it is made", async () => {
    declare('rotation: { startsOn: "2026-11-30" }', "adopt: { tokenId: 1202, expiresAt: 2026-12-14 }");
    const file = join(folder, "Pulumi.prod.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/onePassword: .*/, declared.join()));
    const { code, words } = await run();
    expect(words).toContain(
      '1Password item "Scanner token" in vault "Security" is made with the first rotation, on Mon 30 Nov 2026.',
    );
    expect(code).toBe(0);
  });

  test("is told as missing once a token was minted for it", async () => {
    const file = join(folder, "Pulumi.prod.yaml");
    declare('rotation: { startsOn: "2026-11-16" }');
    writeFileSync(file, readFileSync(file, "utf8").replace(/onePassword: .*/, declared.join()));
    minted("2026-11-16", "2027-11-16");
    const { code, words } = await run();
    expect(words).toContain("was not checked: looking for the item");
    expect([3, 7]).toContain(code);
  });
});

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
    // Whether the instance or the group refuses legacy tokens from a day on.
    "GET /groups/security 200",
    "GET /groups/security/service_accounts 200",
    `GET /groups/security/service_accounts/202/personal_access_tokens 200`,
    "GET /personal_access_tokens/self 200",
    "GET /projects/security/scanner/variables/GITLAB_API_TOKEN 200",
    "GET /user 200",
    "GET /vaults 200",
    "GET /vaults/<id>/items 200",
    "GET /vaults/<id>/items/<id> 200",
  ]);
});

describe("the declared memberships of an account that the stack owns", () => {
  const user = `account: { group: security, username: ${scanner}`;
  const own = (memberships: string) => {
    const file = join(folder, "Pulumi.prod.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(user, `${user}, own: { name: Scanner, memberships: [${memberships}] }`));
  };
  const members = () => {
    const { state } = bench().sandbox.gitlab;
    const project = state.projects.get("security/scanner");
    return { id: state.userNamed(scanner)?.id ?? 0, members: project?.members, expiry: project?.memberExpiry };
  };

  test("are silent where GitLab has them as declared, and take one request each", async () => {
    own("{ project: security/scanner, accessLevel: developer }");
    members().members?.set(members().id, 30);
    const { code, stdout } = await run();
    expect(code, stdout).toBe(0);
    expect(stdout).toContain("Nothing is due");
    expect(bench().requests()).toContain(`GET /projects/security/scanner/members/202 200`);
  });

  test("alarm where GitLab has less, and are told where it has more", async () => {
    own("{ project: security/scanner, accessLevel: developer }");
    members().members?.set(members().id, 20);
    const less = await run();
    expect(less.words).toContain(
      `! scanner: "${scanner}" is reporter, not developer as declared, in project "security/scanner". "npm run up -- --refresh" looks at all places anew, and sets it.`,
    );
    expect(less.code).toBe(6);
    members().members?.set(members().id, 40);
    const more = await run();
    expect(more.words).toContain(`- scanner: "${scanner}" is maintainer, not developer as declared`);
    expect(more.code).toBe(0);
    members().members?.set(members().id, 30);
    members().expiry?.set(members().id, "2026-12-01");
    const ending = await run();
    expect(ending.words).toContain(`is a member until Tue 1 Dec 2026, not for good as declared, in project`);
    expect(ending.code).toBe(6);
  });

  test("alarm where it is no member any more", async () => {
    own("{ project: security/scanner, accessLevel: developer }");
    members().members?.delete(members().id);
    const { code, words } = await run();
    expect(words).toContain(`! scanner: "${scanner}" is no member, not developer as declared, in project`);
    expect(code).toBe(6);
  });

  test("are not looked at where the place may not be seen, and the exit code says so", async () => {
    own("{ group: somewhere/else, accessLevel: developer }");
    const { code, words } = await run();
    expect(words).toContain('Not checked - scanner: its membership in group "somewhere/else": ');
    expect(code).toBe(3);
  });
});

test("the bot of a group's access token with another role than was declared is told", async () => {
  const description = markText({ fleet: "security-platform", account: "bot", generation: "2026-11-16" });
  const made = await fetch(`${bench().sandbox.gitlab.url}/api/v4/groups/security/access_tokens`, {
    method: "POST",
    headers: { "PRIVATE-TOKEN": process.env.GITLAB_TOKEN ?? "", "Content-Type": "application/json" },
    body: JSON.stringify({
      name: "Bot",
      description,
      scopes: ["read_api"],
      expires_at: "2027-11-16",
      access_level: 30,
    }),
  });
  expect(made.status).toBe(201);
  const lines = [
    "config:",
    "  pat-rotation:fleet: security-platform",
    "  pat-rotation:accounts:",
    "    - name: bot",
    "      account: { group: security, accessToken: maintainer }",
    "      token: { name: Bot, scopes: [read_api] }",
    '      rotation: { startsOn: "2026-11-16" }',
  ];
  writeFileSync(join(folder, "Pulumi.prod.yaml"), `${lines.join("\n")}\n`);
  const { words } = await run();
  expect(words).toContain("has the role developer, not maintainer. What is declared now holds for the next token.");
});

describe("on a GitLab that refuses legacy tokens from a day on", () => {
  const later = benches({ limits: { version: "19.6" } });

  test("its group is asked, and the account is named with the day", async () => {
    later().sandbox.gitlab.state.enforcement = { groups: { security: "2027-03-01" } };
    const { words } = await run();
    expect(words).toContain("scanner: From Mon 1 Mar 2027 on, in 98 days, legacy tokens are refused");
  });
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
    '✗ scanner: CI/CD variable "GITLAB_API_TOKEN" of project "security/scanner" holds a value that GitLab does not',
  );
  expect(stdout).not.toContain(token.value);
});

test("a token with a line break behind it is told as that, and not as a dead one: 6", async () => {
  declare('rotation: { startsOn: "2026-11-23" }');
  const token = minted("2026-11-23", "2027-11-23");
  // GitLab masks no such value.
  const variable = bench().sandbox.gitlab.state.projects.get("security/scanner")?.variables[0];
  if (variable !== undefined) variable.masked = false;
  await place(`${token.value}\n`);
  const padded = await run();
  expect(padded.code, padded.stdout).toBe(6);
  expect(padded.words).toContain(`holds token ${token.id} with blanks or line breaks around it`);
  expect(padded.words).not.toContain("dead");
  await place(`TOKEN ${token.value}`);
  const more = await run();
  expect(more.code, more.stdout).toBe(7);
  expect(more.words).toContain("holds what no token can be");
  expect(padded.stdout + more.stdout).not.toContain(token.value);
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
                place:
                  'field "credential" of 1Password item "GitLab Security Service - Architecture - Scanner" in vault "Security"',
                tokenId: 1202,
              },
              { place: 'CI/CD variable "GITLAB_API_TOKEN" of project "security/scanner"', tokenId: 1202 },
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

  test("with a credential that was set with a line break, in one line without it", async () => {
    const token = process.env.GITLAB_TOKEN ?? "";
    process.env.GITLAB_TOKEN = `${token}\n`;
    const { code, stdout, stderr } = await run();
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain('the credential for header "PRIVATE-TOKEN" holds a line break');
    expect(stderr).not.toContain(token);
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
    expect(words).toContain(
      '- scanner: CI/CD variable "GITLAB_API_TOKEN" of project "security/scanner" was not checked: GET ',
    );
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

test("a command line that cannot be understood ends in 2", async () => {
  expect((await run("--format", "xml")).code).toBe(2);
  expect((await run("--stack", "none")).code).toBe(2);
});

test("every request and answer is as GitLab and 1Password describe them", async () => {
  const check = checkTraffic(bench().sandbox.traffic);
  await run();
  expect(check.faults).toEqual([]);
});

describe("what machines read", () => {
  test("each file has the form of its extension, by one look, and the text is printed beside them", async () => {
    const files = ["out/health.json", "out/health.prom", "out/health.xml", "out/health.log"];
    const { code, stdout, stderr } = await run(...files.flatMap((file) => ["--output", file]));
    expect([code, stdout]).toEqual([0, expect.stringContaining("Nothing is due, and no consumer is at risk.")]);
    expect(stderr).toBe(files.map((file) => `Wrote ${file}.\n`).join(""));
    // Those of one look, and one for our own credential.
    expect(bench().requests()).toHaveLength(9 + 1);
    const [json = "", metrics = "", tests, log] = files.map((file) => readFileSync(join(folder, file), "utf8"));
    expect(JSON.parse(json)).toMatchObject({ format: "pat-rotation/health", verdict: "fine" });
    expect(metrics.split("\n")).toContain(
      `pat_rotation_token_expiry_timestamp_seconds{stack="prod",account="scanner",generation="adopted"} ${Date.UTC(2026, 11, 14) / 1000}`,
    );
    expect(metrics).toMatch(/^pat_rotation_credential_expiry_timestamp_seconds\{variable="GITLAB_TOKEN"\} \S+$/m);
    expect(metrics).toMatch(/^pat_rotation_looked_timestamp_seconds \d+$/m);
    expect(tests).toContain('<testcase classname="pat-rotation prod" name="scanner">');
    expect(log).toBe(stdout);
  });

  test("--format goes before the extension, and prints where there is no file", async () => {
    const { stdout } = await run("--format", "junit");
    expect(stdout).toMatch(/^<\?xml/);
    await run("--format", "openmetrics", "--output", "health.json");
    expect(readFileSync(join(folder, "health.json"), "utf8")).toMatch(/# EOF\n$/);
  });

  test("where nothing can be looked at no file is written: an old one is not taken for a good one", async () => {
    const { GITLAB_TOKEN: _gone, ...environment } = process.env;
    const outcome = await health(["--output", "health.prom"], { folder, environment });
    expect([outcome.code, outcome.output]).toEqual([3, undefined]);
    expect(existsSync(join(folder, "health.prom"))).toBe(false);
  });

  test("an account whose rotation was due and never came is late, without a state", async () => {
    declare('rotation: { startsOn: "2026-11-09" }');
    const { stdout } = await run("--format", "openmetrics");
    expect(stdout).toContain('pat_rotation_rotation_late{stack="prod",account="scanner"} 1');
    expect(stdout).toContain('pat_rotation_alarms{stack="prod",account="scanner",level="risk"} ');
  });
});
