import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { doctor, type Report } from "../../../commands/doctor";
import { parseSettings } from "../../../rotation/declaration/settings";
import { leastPermissions } from "../../../rotation/permissions/least";
import type { World } from "../../../workshop/sandbox/world";
import { incident } from "../../../workshop/sandbox/worlds/incident";
import { benches, inventory } from "../../providers/runbook/bench";

const account = {
  name: "inventory",
  account: { group: "security", username: inventory.username },
  token: { name: "inventory", scopes: ["read_api"] },
  rotation: { startsOn: "2026-11-30" },
  variables: [{ project: inventory.project, key: "GITLAB_API_TOKEN" }],
  proof: [{ project: inventory.project, schedule: inventory.schedule }],
};
const [parsed] = parseSettings({ fleet: "f", accounts: [account] }).accounts;

/** The incident, with two more tokens of the owner's: one that may do just what the account takes, and one less. */
function world(): World {
  const whole = incident();
  const allowed = (parsed === undefined ? [] : leastPermissions(parsed)).map(({ group, project, user, allow }) => ({
    ...(group === undefined ? {} : { group }),
    ...(project === undefined ? {} : { project }),
    ...(group === undefined && project === undefined
      ? { access: user === true ? ("user" as const) : ("instance" as const) }
      : {}),
    allow: [...allow],
  }));
  const fewer = allowed.map((one) => ({
    ...one,
    allow: one.allow.filter((name) => name !== "update_pipeline_schedule" && name !== "update_variable"),
  }));
  const token = (id: number, handle: string, permissions: typeof allowed) => ({
    id,
    handle,
    name: handle,
    user: "security-rotation",
    scopes: ["granular"],
    createdAt: "2026-11-01T00:00:00Z",
    expiresAt: "2027-10-01",
    permissions,
  });
  return { ...whole, tokens: [...whole.tokens, token(1900, "enough", allowed), token(1901, "less", fewer)] };
}

const bench = benches({ world: world(), limits: { version: "19.6" } });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "doctor-"));
  const config = { "pat-rotation:fleet": "f", "pat-rotation:accounts": [account] };
  writeFileSync(join(folder, "Pulumi.prod.yaml"), JSON.stringify({ config }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function reportOf(handle: string): Promise<Report & { readonly code: number }> {
  process.env.GITLAB_TOKEN = bench().sandbox.gitlab.tokenValue(handle);
  const { code, stdout, stderr } = await doctor(["--format", "json"], { folder, environment: { ...process.env } });
  expect(stderr).toBe("");
  return { ...JSON.parse(stdout), code };
}

test("a fine-grained credential with the least permissions: what it may do, and nothing is missing", async () => {
  const { code, credentials, findings } = await reportOf("enough");
  expect([code, findings.filter(({ verdict }) => verdict === "missing")]).toEqual([0, []]);
  expect(credentials[0]?.may).toContain("read_personal_access_token, read_user in the account itself");
});

test("one that lacks some: which, where, and for which account", async () => {
  const { accounts, code, findings } = await reportOf("less");
  expect(code).toBe(9);
  expect(accounts[0]?.mint).toBe("missing");
  const said = findings
    .filter(({ verdict }) => verdict === "missing")
    .map(({ about, message }) => `${about}: ${message}`);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(
    /^inventory: the token in "GITLAB_TOKEN" is fine-grained and lacks .* in project security\/inventory-builder\.$/,
  );
  expect(said[0]?.match(/\b[a-z]+_[a-z_]+\b/g)).toEqual(["update_pipeline_schedule", "update_variable"]);
});

test("the page tells every permission that some account takes", () => {
  const page = readFileSync(join(__dirname, "../../../docs/permissions.md"), "utf8");
  const kinds = [
    account,
    { ...account, name: "a", account: { project: "g/p", username: "a" }, proof: [{ project: "g/p", ref: "main" }] },
    { ...account, name: "b", account: { instance: true, username: "b" }, proof: [{ project: "g/p", job: "x" }] },
    {
      ...account,
      name: "c",
      account: {
        group: "g",
        username: "c",
        own: { name: "C", memberships: [{ project: "g/p", accessLevel: "guest" }] },
      },
      variables: [{ group: "g", key: "A" }],
      issue: { project: "g/p" },
    },
  ];
  const names = kinds.flatMap((one) =>
    parseSettings({ fleet: "f", accounts: [one] })
      .accounts.flatMap(leastPermissions)
      .flatMap(({ allow }) => allow),
  );
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
