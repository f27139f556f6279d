import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { whoCanRead } from "../../commands/who-can-read";
import type { ReadablePlace } from "../../places/readers";
import { checkTraffic } from "../openapi";
import { benches, inventory } from "../providers/runbook/bench";

const bench = benches();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "readers-"));
  writeFileSync(
    join(folder, "Pulumi.prod.yaml"),
    `config:
  pat-rotation:fleet: ${inventory.fleet}
  pat-rotation:accounts:
    - name: inventory
      account: { group: security, username: gl-security-inventory }
      token: { name: Inventory, scopes: [api] }
      rotation: { startsOn: "2026-11-23" }
      onePassword:
        - { vault: Security, item: "${inventory.title}", field: credential }
        - { vault: Private, item: x }
      variables:
        - { project: security/inventory-builder, key: GITLAB_API_TOKEN }
        - { group: security, key: SHARED }
      external: [{ name: laptop, owner: "@on.call" }]
`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  return whoCanRead(args, { folder, environment: process.env });
}

async function places(expected = 0): Promise<ReadablePlace[]> {
  const { code, stdout, stderr } = await run("inventory", "--format", "json");
  expect({ code, stderr }).toEqual({ code: expected, stderr: "" });
  return JSON.parse(stdout).places;
}

test("a credential of ours that is dead is told as that, and as no answer on any place: 3", async () => {
  process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue("owner-expired");
  const { code, stdout, stderr } = await run("inventory");
  expect([code, stdout]).toEqual([3, ""]);
  expect(stderr).toContain('The token in "GITLAB_TOKEN" is not accepted: set a live one');
});

test("each place with those who maintain it, inherited members too, and service accounts told from people", async () => {
  const { sandbox } = bench();
  const check = checkTraffic(sandbox.traffic);
  const project = sandbox.gitlab.state.projects.get("security/inventory-builder");
  project?.members.set(sandbox.gitlab.state.userNamed("gl-security-scanner")?.id ?? 0, 40);
  const found = await places();
  expect(
    found.map(({ place, readers }) => [place, readers.map(({ username, kind, role }) => [username, kind, role])]),
  ).toEqual([
    ["account gl-security-inventory of group security", [["security-rotation", "person", "Owner"]]],
    [`field "credential" of 1Password item "${inventory.title}" in vault "Security"`, []],
    ['field "credential" of 1Password item "x" in vault "Private"', []],
    [
      'CI/CD variable "GITLAB_API_TOKEN" of project "security/inventory-builder"',
      [
        ["security-rotation", "person", "Owner"],
        ["gl-security-scanner", "service account", "Maintainer"],
        ["on.call", "person", "Maintainer"],
      ],
    ],
    ['CI/CD variable "SHARED" of group "security"', [["security-rotation", "person", "Owner"]]],
    ["laptop", []],
  ]);
  expect(found[3]?.attributes).toEqual(["masked", "protected"]);
  expect(found[3]?.untold.join()).toContain("run it on a protected branch or tag");
  expect(check.faults).toEqual([]);
  // A list for each owner, one look at each user, however many places they maintain.
  expect(
    bench()
      .requests()
      .filter((one) => one.includes("/members/all")).length,
  ).toBe(2);
});

test("what fine-grained tokens of the account may do stands beside it, in GitLab's words", async () => {
  const file = join(folder, "Pulumi.prod.yaml");
  const permissions =
    "permissions: [{ user: true, allow: [read_personal_access_token] }, { project: security/inventory-builder, allow: [read_job, run_job] }]";
  writeFileSync(file, readFileSync(file, "utf8").replace("scopes: [api]", permissions));
  expect((await places())[0]?.attributes).toEqual([
    "its tokens are fine-grained: read_personal_access_token in the account itself; read_job, run_job in project security/inventory-builder",
  ]);
});

test("what the servers do not tell is said: members of a vault, a vault that is not seen, who else to ask", async () => {
  const [, seen, unseen, , shared, laptop] = await places();
  expect(seen?.untold).toEqual([
    "1Password tells no server who may open a vault. Ask its owner, or a member who has the CLI: op vault user list Security, op vault group list Security.",
  ]);
  expect(seen?.attributes).toEqual([expect.stringMatching(/^vault \w{26}$/), expect.stringMatching(/^item \w{26}$/)]);
  expect(unseen?.untold[0]).toContain('the Connect token in OP_CONNECT_TOKEN sees only "Security"');
  expect(shared?.untold.join()).toContain("It cannot be looked at: GET /groups/security/variables/SHARED");
  expect(laptop?.untold).toEqual(["It is updated by @on.call, who knows who else can read it."]);
});

test("as a table and as CSV, and no token in any of them", async () => {
  const text = await run("inventory");
  expect(text.stdout).toContain("on.call (Security On-call)");
  expect(text.stdout).toContain("What this table does not show:\n- ");
  expect(Math.max(...text.stdout.split("\n").map((line) => line.length))).toBe(80);
  const table = text.stdout.split("\n").filter((line) => /^[│┌├└]/.test(line));
  expect(new Set(table.map((line) => line.length))).toEqual(new Set([80]));
  expect(table.filter((line) => line.includes("…"))).toEqual([]);
  const csv = await run("inventory", "--format", "csv");
  expect(csv.stdout.split("\r\n")[0]).toBe("place,can,attributes,username,name,kind,role,until,unnamed,untold");
  const json = await run("inventory", "--format", "json");
  for (const value of bench().sandbox.gitlab.issuedTokens())
    expect(text.stdout + csv.stdout + json.stdout).not.toContain(value);
});

test("whatever people call themselves hides nothing, and no token that they put into their name is shown", async () => {
  const { sandbox } = bench();
  const secret = sandbox.gitlab.tokenValue("owner");
  const person = sandbox.gitlab.state.userNamed("on.call") ?? {};
  Object.assign(person, { name: `a\u202eb\nmy_${secret}` });
  for (const format of ["text", "json", "csv"]) {
    const { stdout } = await run("inventory", "--format", format);
    expect(stdout).not.toContain(secret);
    expect(stdout).not.toContain("\u202e");
    expect(stdout.replace(/[\s│]+/g, " ")).toContain("a b my_[what looks like a token]");
  }
});

test("without 1Password's credential, and where members may not be listed, the rest is told", async () => {
  delete process.env.OP_CONNECT_TOKEN;
  process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue("stranger");
  const found = await places(3);
  expect(found[0]).toMatchObject({ readers: [], unnamed: "refused" });
  expect(found[0]?.untold[0]).toContain('The members of group "security" are not told');
  const { code, stdout } = await run("inventory");
  expect(code).toBe(3);
  expect(stdout).toContain("refused: our credential may not list them");
  process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue("owner");
  bench().sandbox.traffic.inject({ fault: { kind: "server-error", status: 503 }, path: "/members", times: 99 });
  const away = await run("inventory");
  expect(away.code).toBe(3);
  expect(away.stdout).toContain("not told: the server gave no answer");
  expect(found[1]?.untold[0]).toContain("OP_CONNECT_TOKEN");
});

test("what is wrong with the command line is told", async () => {
  expect(await run()).toMatchObject({ code: 2 });
  expect((await run("nobody")).stderr).toContain(
    'Looking for account "nobody" in stack prod: not declared; there is inventory.',
  );
});
