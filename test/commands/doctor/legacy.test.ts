import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { doctor, type Report } from "../../../commands/doctor";
import { parseSettings } from "../../../rotation/declaration/settings";
import { accountHealth } from "../../../rotation/health/health";
import { planStack } from "../../../rotation/plan/plan";
import { benches, inventory } from "../../providers/runbook/bench";

const account = {
  name: "inventory",
  account: { group: "security", username: inventory.username },
  token: { name: "inventory", scopes: ["read_api"] },
  rotation: { startsOn: "2026-11-30" },
};
const fine = {
  ...account,
  name: "fine",
  account: { group: "security", username: "gl-security-scanner" },
  token: { name: "fine", permissions: [{ user: true, allow: ["read_personal_access_token"] }] },
};
const person = {
  name: "person",
  account: { self: true, username: "on.call" },
  token: { name: "own", scopes: ["api"] },
  rotation: { startsOn: "2026-11-30" },
  adopt: { tokenId: 77, expiresAt: "2027-02-01" },
  onePassword: [{ vault: "Security", item: inventory.title }],
};

describe("what GitLab says", () => {
  const bench = benches({ limits: { version: "19.6" } });
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "doctor-"));
    const config = { "pat-rotation:fleet": "f", "pat-rotation:accounts": [account, fine] };
    writeFileSync(join(folder, "Pulumi.prod.yaml"), JSON.stringify({ config }));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function said(handle: string): Promise<string> {
    process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue(handle);
    const { stdout } = await doctor(["--format", "json"], { folder, environment: { ...process.env } });
    const report: Report = JSON.parse(stdout);
    return report.findings.map(({ verdict, about, message }) => `${verdict} ${about}: ${message}`).join("\n");
  }

  test("of a group: the day, the account with legacy tokens alone, and our own credential, which is a person's", async () => {
    bench().sandbox.gitlab.state.enforcement = { groups: { security: "2027-03-01" } };
    const all = await said("owner");
    expect(all).toContain(
      'warning GITLAB_TOKEN: from Mon 1 Mar 2027 on group "security" refuses legacy tokens of people, which it is',
    );
    expect(all).toContain("warning inventory: From Mon 1 Mar 2027 on, in 98 days, legacy tokens are refused");
    expect(all).toContain("npm run propose -- migrate inventory");
    expect(all).toContain('pat-rotation:legacyTokensEnd: "2027-03-01" in Pulumi.prod.yaml');
    expect(all).not.toContain("warning fine:");
  });

  test("of the instance, to an administrator", async () => {
    bench().sandbox.gitlab.state.enforcement = { instance: "2027-03-01" };
    expect(await said("admin")).toContain("from Mon 1 Mar 2027 on the instance refuses legacy tokens");
    expect(await said("owner")).not.toContain("refuses legacy tokens");
  });
});

describe("what is declared", () => {
  const settings = parseSettings({ fleet: "f", accounts: [account, fine, person], legacyTokensEnd: "2027-03-01" });
  const plan = (day: string) => planStack({ stack: "prod", files: [], settings }, day, 30).findings;

  test("a plan names the accounts that it ends; a person's is no warning any more when it is near", () => {
    const told = (day: string) =>
      plan(day).flatMap(({ account, policy, severity }) =>
        policy === "legacy-tokens" ? [`${account} ${severity}`] : [],
      );
    expect(told("2026-12-01")).toEqual(["inventory warning", "person warning"]);
    expect(told("2027-02-15")).toEqual(["inventory warning", "person error"]);
  });

  test("so does health, and with it a preview", () => {
    const [legacy, granular, own] = settings.accounts;
    const alarms = (one: typeof legacy, day: string) =>
      one === undefined
        ? []
        : accountHealth(one, settings, [], day).alarms.filter(({ message }) => message.includes("legacy tokens"));
    expect(alarms(legacy, "2026-12-01")[0]?.message).toContain(
      "From Mon 1 Mar 2027 on, in 90 days, legacy tokens are refused",
    );
    expect(alarms(granular, "2026-12-01")).toEqual([]);
    expect(alarms(own, "2027-02-15").map(({ level }) => level)).toEqual(["due"]);
    expect(alarms(own, "2027-03-02")[0]?.message).toContain("Since Mon 1 Mar 2027 legacy tokens are refused");
  });
});
