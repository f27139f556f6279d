import { expect, test } from "vitest";
import type { AccountDeclaration, Policies } from "../../../rotation/declaration/settings";
import { findings, violations } from "../../../rotation/plan/policies";
import { account, policies, settings } from "../declarations";

const sound: Partial<AccountDeclaration> = {
  token: { name: "Inventory", description: "", scopes: ["read_api"] },
  onePassword: [{ vault: "Security", item: "Inventory", field: "credential" }],
  variables: [{ project: "security/builder", key: "TOKEN", environmentScope: "*", masked: true }],
  proof: [{ project: "security/builder", schedule: "Weekly", jobs: [], waitMinutes: 30 }],
};

function found(parts: Parameters<typeof account>[0] = {}, rules: Partial<Policies> = {}, today = "2026-11-23") {
  return findings({ ...settings([account({ ...sound, ...parts })]), policies: policies(rules) }, today);
}

const names = (...given: Parameters<typeof found>) =>
  found(...given).map(({ policy, severity }) => `${policy} ${severity}`);

test("an account that keeps to every rule is not objected to", () => {
  expect(found()).toEqual([]);
});

test("a lifetime above the longest is an error, one at it is none", () => {
  expect(names({ rotation: { lifetimeDays: 91, everyDays: 60 } }, { longestLifetimeDays: 90 })).toEqual([
    "longest-lifetime error",
  ]);
  expect(names({ rotation: { lifetimeDays: 90, everyDays: 60 } }, { longestLifetimeDays: 90 })).toEqual([]);
});

test("an overlap below the least is an error, one at it is none", () => {
  expect(names({ rotation: { overlapDays: 6 } })).toEqual(["least-overlap error"]);
  expect(names({ rotation: { overlapDays: 6 } }, { leastOverlapDays: 6 })).toEqual([]);
});

test("each variable needs a proof in its own project, or in one of its group", () => {
  const variable = { key: "TOKEN", environmentScope: "*", masked: true };
  const variables = [
    { ...variable, project: "security/builder" },
    { ...variable, project: "security/builder-two" },
    { ...variable, group: "security" },
  ];
  expect(found({ variables }).map(({ message }) => message)).toEqual([
    'Nothing proves that "security/builder-two" works with the new value of TOKEN. Add a pipeline of that project to proof.',
  ]);
});

test("a wide scope needs a reason", () => {
  const token = { name: "Inventory", description: "", scopes: ["api", "read_user"] };
  expect(found({ token })).toEqual([
    {
      account: "inventory",
      policy: "scope-reason",
      severity: "error",
      message: "Its tokens have the scope api. Take a narrower one, or say in token.scopeReason why not.",
    },
  ]);
  expect(found({ token: { ...token, scopeReason: "starts pipelines" } })).toEqual([]);
  expect(found({ token }, { wideScopes: [] })).toEqual([]);
});

test("a variable must be declared masked or hidden: what is left as it is may be unmasked", () => {
  const variable = { project: "security/builder", key: "TOKEN", environmentScope: "*" };
  expect(names({ variables: [variable] })).toEqual(["masked-variables error"]);
  expect(names({ variables: [{ ...variable, masked: false }] })).toEqual(["masked-variables error"]);
  expect(names({ variables: [{ ...variable, hidden: true }] })).toEqual([]);
});

test("a field of which 1Password shows the value is objected to, by its declaration", () => {
  const place = { vault: "Security", item: "Inventory", field: "note" };
  expect(names({ onePassword: [{ ...place, shown: true }] })).toEqual(["concealed-fields error"]);
  expect(found({ onePassword: [{ ...place, shown: true }] })[0]?.message).toBe(
    'The field "note" of 1Password item "Inventory" in vault "Security" is declared shown: 1Password would show the token to all who open the item. Make it a password field, and leave shown out.',
  );
  expect(names({ onePassword: [place] })).toEqual([]);
});

test("a token in no vault is objected to", () => {
  expect(names({ onePassword: [] })).toEqual(["vault-for-every-token error"]);
});

function targets(project: string, rules: Policies["allowedTargets"], user: object = { group: "security" }) {
  const parts = {
    account: { username: "bot", ...user },
    variables: [{ project, key: "TOKEN", environmentScope: "*", masked: true }],
    proof: [{ project, ref: "main", jobs: [], waitMinutes: 30 }],
  };
  return found(parts, { allowedTargets: rules }).map(({ policy, message }) => [policy, message.split(". ")[0]]);
}

test("a token may go to its owner's group and all below it without being asked", () => {
  expect(targets("security/deep/er", [])).toEqual([]);
  expect(targets("Security/Builder", [])).toEqual([]);
});

test("a token goes nowhere else, neither its value nor a pipeline of ours, unless that is allowed", () => {
  const refused = [
    ["allowed-targets", 'Its token would go to CI/CD variable "TOKEN" of project "payments/api"'],
    ["allowed-targets", 'Its proof would run a pipeline of "payments/api"'],
  ];
  expect(targets("payments/api", [])).toEqual(refused);
  expect(targets("payments/api", [{ group: "security", targets: ["payments"] }])).toEqual([]);
  expect(targets("payments/api", [{ group: "security", targets: ["payments/api-two"] }])).toEqual(refused);
  expect(targets("payments/api", [{ group: "platform", targets: ["payments"] }])).toEqual(refused);
});

test("a name that only begins alike is another group", () => {
  expect(targets("security-tools/api", [])).toHaveLength(2);
  expect(targets("payments/api", [{ group: "sec", targets: ["payments"] }])).toHaveLength(2);
});

test("rules reach the accounts of groups below, of one project, or of the instance", () => {
  const below = { group: "security/scanners" };
  expect(targets("payments/api", [{ group: "security", targets: ["payments"] }], below)).toEqual([]);
  const project = { project: "security/builder" };
  expect(targets("security/other", [], project)).toHaveLength(2);
  expect(targets("security/other", [{ project: "security/builder", targets: ["security"] }], project)).toEqual([]);
  const instance = { instance: true };
  expect(targets("security/other", [{ group: "security", targets: ["security"] }], instance)).toHaveLength(2);
  expect(targets("security/other", [{ instance: true, targets: ["security"] }], instance)).toEqual([]);
});

test("where vaults are listed for an owner, no other may hold its tokens", () => {
  const allowedTargets = [{ group: "security", targets: [], vaults: ["Platform"] }];
  expect(found({}, { allowedTargets }).map(({ message }) => message)).toEqual([
    'Its token would go to vault "Security", which is not among the vaults for accounts of "security".',
  ]);
  expect(found({}, { allowedTargets: [{ group: "security", targets: [], vaults: ["Security"] }] })).toEqual([]);
});

const exception = {
  account: "inventory",
  policy: "vault-for-every-token",
  reason: "moves soon",
  until: "2026-12-31",
} as const;

test("an exception makes an error a warning, with its reason, up to and with its last day", () => {
  const until = (today: string) => found({ onePassword: [] }, { exceptions: [exception] }, today);
  const message =
    "Its tokens are kept in no vault, so a lost variable could not be restored. Add a place to onePassword.";
  const excepted = { reason: "moves soon", until: "2026-12-31" };
  const base = { account: "inventory", policy: "vault-for-every-token" };
  expect(until("2026-11-23")).toEqual([{ ...base, severity: "warning", message, excepted }]);
  expect(until("2026-12-31")).toEqual([
    { ...base, severity: "warning", message: `${message} The exception ends in 0 days.`, excepted },
  ]);
  expect(until("2027-01-01")).toEqual([
    { ...base, severity: "error", message: `${message} Its exception (moves soon) ended on Thu 31 Dec 2026.` },
  ]);
  expect(violations(until("2026-12-31"))).toEqual([]);
  expect(violations(until("2027-01-01"))).toHaveLength(1);
});

test("an exception holds for its account and its rule alone", () => {
  const other = account({ ...sound, name: "other", onePassword: [], rotation: { overlapDays: 1 } });
  const all = findings(
    { ...settings([account({ ...sound, onePassword: [] }), other]), policies: policies({ exceptions: [exception] }) },
    "2026-11-23",
  );
  expect(all.map(({ account: name, policy, severity }) => [name, policy, severity])).toEqual([
    ["other", "least-overlap", "error"],
    ["other", "vault-for-every-token", "error"],
    ["inventory", "vault-for-every-token", "warning"],
  ]);
});

test("an exception that nothing needs is told", () => {
  const exceptions = [exception, { ...exception, account: "gone" }];
  expect(found({}, { exceptions }).map(({ account: name, message }) => [name, message])).toEqual([
    [
      "inventory",
      "The exception from vault-for-every-token (moves soon) is needless: the rule has no objection to it. Take it out of policies.exceptions.",
    ],
    [
      "gone",
      "The exception from vault-for-every-token (moves soon) is needless: no account has that name. Take it out of policies.exceptions.",
    ],
  ]);
});

test("a cadence that is longer than a token serves is warned of, for it becomes more rotations than were asked for", () => {
  expect(found({ rotation: { everyDays: 344 } })).toEqual([]);
  const [finding, ...others] = found({ rotation: { everyDays: 400 } });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ policy: "calendar", severity: "warning" });
  expect(finding?.message).toBe(
    "A token of 365 days, less 7 days of overlap and 14 days of margin, serves 344 days: with everyDays: 400 further rotations are put in between, at uneven distances. Write everyDays: 344 or less.",
  );
  expect(names({ rotation: { everyMonths: 11 } })).toEqual([]);
  expect(names({ rotation: { everyMonths: 12 } })).toEqual(["calendar warning"]);
});

test("an extra date without a reason is warned of", () => {
  const [finding] = found({
    rotation: { extraDates: [{ date: "2026-12-14" }, { date: "2027-02-01", reason: "left" }] },
  });
  expect(finding).toMatchObject({ policy: "calendar", severity: "warning" });
  expect(finding?.message).toMatch(/^Mon 14 Dec 2026 in rotation\.extraDates has no reason/);
});
