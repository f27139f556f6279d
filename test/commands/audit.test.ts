import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { audit } from "../../commands/audit";
import { text } from "../../commands/audit/text";
import { notice } from "../../providers/runbook/tracking/notice";
import { type AuditRecord, recordBlock, recordIn } from "../../providers/runbook/tracking/record";
import { trackingIssue } from "../../providers/runbook/tracking/trackingIssue";
import { checkTraffic } from "../openapi";
import { benches, inventory } from "../providers/runbook/bench";
import { commentsOf, forge, issueInputs, issuesOf, noticeInputs } from "../providers/runbook/tracking/issueBench";

const bench = benches();
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "audit-"));
  writeFileSync(
    join(folder, "Pulumi.prod.yaml"),
    `config:
  pat-rotation:fleet: ${inventory.fleet}
  pat-rotation:accounts:
    - name: inventory
      account: { group: security, username: gl-security-inventory }
      token: { name: Inventory, scopes: [api] }
      rotation: { startsOn: "2026-11-23" }
      issue: { project: security/tracker, iid: 1 }
`,
  );
  const { context } = bench();
  await notice.create(noticeInputs(), context);
  bench().tick({ days: 21 });
  const { outputs } = await trackingIssue.create(issueInputs(), context);
  const second = {
    generation: "2026-12-14",
    tokenId: 1204,
    ...(outputs.iid === undefined ? {} : { iid: outputs.iid }),
  };
  await notice.create(noticeInputs(second), context);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  return audit(args, { folder, environment: process.env });
}

async function records(...args: string[]): Promise<(AuditRecord & { comment: string; edited: boolean })[]> {
  const { code, stdout, stderr } = await run("--format", "json", ...args);
  expect(stderr).toMatch(/^\d+ records? by .*, in the issues of "security\/tracker"\.\n$/);
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

test("the records of all rotations, oldest first, as they were written, with where they stand", async () => {
  const check = checkTraffic(bench().sandbox.traffic);
  const found = await records();
  expect(found.map(({ generation, tokenId, edited }) => [generation, tokenId, edited])).toEqual([
    ["2026-11-23", 1203, false],
    ["2026-12-14", 1204, false],
  ]);
  expect(found[0]).toMatchObject(recordIn(commentsOf(bench().sandbox, 1)[0] ?? "") ?? {});
  expect(found[1]?.comment).toMatch(/\/security\/tracker\/-\/issues\/2#note_\d+$/);
  expect(check.faults).toEqual([]);
});

test("a person's issue that we closed is found when the declaration names it no more", async () => {
  writeFileSync(
    join(folder, "Pulumi.other.yaml"),
    `config:
  pat-rotation:fleet: ${inventory.fleet}
  pat-rotation:accounts:
    - name: scanner
      account: { group: security, username: gl-security-scanner }
      token: { name: Scanner, scopes: [api] }
      rotation: { startsOn: "2026-11-30" }
      issue: { project: security/tracker }
`,
  );
  expect(await records("--stack", "other")).toHaveLength(2);
});

test("what somebody else wrote is no record, and what somebody edited says so", async () => {
  const [genuine = ""] = commentsOf(bench().sandbox, 1);
  const record = recordIn(genuine);
  if (record === undefined) throw new Error("there is no record");
  forge(bench().sandbox, 1, recordBlock({ ...record, tokenId: 9999 }));
  const note = issuesOf(bench().sandbox)[1]?.notes[0];
  if (note !== undefined) note.updatedAt = "2027-01-01T00:00:00.000Z";
  expect((await records()).map(({ tokenId, edited }) => [tokenId, edited])).toEqual([
    [1203, false],
    [1204, true],
  ]);
  expect((await records("--author", "build.developer")).map(({ tokenId }) => tokenId)).toEqual([9999]);
});

test("only an account, only from a day on, only of the declared fleets", async () => {
  const unknown = await run("--account", "nobody");
  expect([unknown.code, unknown.stdout]).toEqual([2, ""]);
  expect(unknown.stderr).toContain('Looking for account "nobody" in stack prod: not declared; there is inventory.');
  expect((await records("--since", "2026-12-01")).map(({ generation }) => generation)).toEqual(["2026-12-14"]);
  writeFileSync(
    join(folder, "Pulumi.prod.yaml"),
    `config:
  pat-rotation:fleet: another
  pat-rotation:accounts:
    - name: inventory
      account: { group: security, username: gl-security-inventory }
      token: { name: Inventory, scopes: [api] }
      rotation: { startsOn: "2026-11-23" }
      issue: { project: security/tracker }
`,
  );
  expect(await records()).toEqual([]);
});

test("accounts of which no record is kept are told, and where was looked", async () => {
  const account = (name: string, issue: string) =>
    `{ name: ${name}, account: { group: security, username: gl-${name} }, token: { name: ${name}, scopes: [api] }, rotation: { startsOn: "2026-11-23" }${issue} }`;
  const declare = (...accounts: readonly string[]) =>
    writeFileSync(
      join(folder, "Pulumi.prod.yaml"),
      `config:\n  pat-rotation:fleet: fresh\n  pat-rotation:accounts: [${accounts.join(", ")}]\n`,
    );
  declare(account("a", ""), account("b", ""));
  expect(await run()).toEqual({
    code: 0,
    stdout: "No record.\n",
    stderr: 'No record is kept of accounts that declare no "issue": a, b.\n',
  });
  declare(account("a", ""), account("b", ""), account("c", ", proof: none"));
  expect((await run()).stderr).toBe(
    'No record is kept of accounts that declare no "issue": a, b.\nAccounts of stack "prod" whose settings cannot be used are left out: npm run plan tells each fault.\n',
  );
  declare(account("a", ""), account("b", ", issue: { project: security/tracker }"));
  expect((await run("--author", "on.call")).stderr).toBe(
    '0 records by "on.call", in the issues of "security/tracker".\nNo record is kept of accounts that declare no "issue": a.\n',
  );
});

test("issues that are refused, or not told, are no empty list: 3, with what and why", async () => {
  const { traffic } = bench().sandbox;
  traffic.inject({ fault: { kind: "server-error", status: 403 }, path: "/issues", times: 99 });
  const refused = await run("--format", "json");
  expect([refused.code, refused.stdout]).toEqual([3, "[]\n"]);
  expect(refused.stderr).toContain("Refused: the issues of ");
});

test.each([80, 100, 140])("as a table of %i columns, with where each record stands", async (width) => {
  const note = issuesOf(bench().sandbox)[1]?.notes[0];
  if (note !== undefined) note.updatedAt = "2027-01-01T00:00:00.000Z";
  const { stdout } = await audit([], { folder, environment: process.env, width });
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^when \(UTC\) +what +account +generation +token +(dies +)?proof +run by$/);
  expect(lines[1]).toMatch(/^23 Nov 2026.* rotated +inventory +2026-11-23 +1203 +(23 Nov 2027 +)?1 passed +@?\S+/);
  expect(lines[2]).toMatch(/^ {2}http:\S+\/security\/tracker\/-\/issues\/1#note_\d+$/);
  expect(lines.at(-1)).toBe("  ! edited after it was written");
  for (const line of lines) if (!line.includes("http")) expect(line.length, line).toBeLessThanOrEqual(width);
  const [first] = JSON.parse((await run("--format", "json")).stdout);
  const long = text([{ ...first, account: "a".repeat(60), run: { user: "a ".repeat(80) } }], { width }).split("\n");
  expect(long[1]?.length).toBeLessThanOrEqual(width);
});

test("as CSV, where no cell is a formula", async () => {
  const { stdout } = await run("--format", "csv");
  const lines = stdout.split("\r\n");
  expect(lines[0]).toMatch(/^at,event,fleet,account,username,generation,tokenId,/);
  expect(lines).toHaveLength(4);
  expect(lines[1]).toContain(",rotated,security-platform,inventory,gl-security-inventory,2026-11-23,1203,2027-11-23,");
  expect(lines[1]).toContain(",'@security/architecture,");
});

test("what is wrong with the command line, the settings or the credential is told", async () => {
  expect(await run("--format", "xml")).toMatchObject({ code: 2, stdout: "" });
  expect(await run("--since", "2026-02-30")).toMatchObject({ code: 2 });
  expect((await run("--stack", "nowhere")).stderr).toContain("Pulumi.nowhere.yaml");
  expect((await run("--author", "nobody")).stderr).toContain('"nobody"');
  delete process.env.GITLAB_TOKEN;
  expect(await run()).toMatchObject({ code: 1, stderr: expect.stringContaining("GITLAB_TOKEN") });
});
