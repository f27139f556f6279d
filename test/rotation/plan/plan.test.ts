import { expect, test } from "vitest";
import type { AccountDeclaration, Settings } from "../../../rotation/declaration/settings";
import { planStack, verdict } from "../../../rotation/plan/plan";
import { account, settings } from "../declarations";

const today = "2026-12-01";

const sound: Partial<AccountDeclaration> = {
  token: { name: "Inventory", description: "", scopes: ["read_api"] },
  onePassword: [{ vault: "Security", item: "Inventory", field: "credential" }],
  variables: [{ project: "security/builder", key: "TOKEN", environmentScope: "*", masked: true }],
  proof: [{ project: "security/builder", schedule: "Weekly", jobs: ["build"], waitMinutes: 30 }],
};
const inventory = (parts: Parameters<typeof account>[0] = {}) => account({ ...sound, ...parts });

function plan(after: Settings, before?: Settings | "none", day = today, days = 400) {
  return planStack(
    { stack: "prod", files: ["Pulumi.prod.yaml"], settings: after, ...(before === undefined ? {} : { before }) },
    day,
    days,
  );
}

const base = settings([inventory()]);

test("an edit that moves only what is to come rotates nothing today", () => {
  const edited = plan(
    settings([inventory({ rotation: { extraDates: [{ date: "2026-12-14", reason: "left" }] } })]),
    base,
  );
  expect(edited.summary).toBe("Merging rotates nothing today. Next: inventory, Mon 14 Dec.");
  expect(edited.changes).toEqual([
    {
      account: "inventory",
      kind: "changed",
      details: [
        'rotation.extraDates: (date "2026-12-14", reason "left") instead of an empty list.',
        "The next rotation moves from Mon 25 Oct 2027 to Mon 14 Dec 2026: Extra date: left.",
      ],
    },
  ]);
});

test("without an edit, and without anything to compare with, the summary says so", () => {
  expect(plan(base, base).summary).toBe("The declaration does not change. Next: inventory, Mon 25 Oct 2027.");
  expect(plan(base).summary).toBe("Nothing rotates today. Next: inventory, Mon 25 Oct 2027.");
  expect(plan(base).changes).toBeUndefined();
});

test("a consumer that cannot be written stands among the places, with how long it is waited for", () => {
  const laptop = { name: "laptop of the on-call", owner: "@security/architecture" };
  const waited = settings([inventory({ external: [{ ...laptop, usedEvery: "30d" }] })]);
  const text = "laptop of the on-call, updated by @security/architecture";
  expect(plan(waited).accounts[0]?.consumers).toEqual([
    'field "credential" of 1Password item "Inventory" in vault "Security"',
    'CI/CD variable "TOKEN" of project "security/builder"',
    `${text}, waited for: used every 30d`,
  ]);
  const [change] = plan(settings([inventory({ external: [laptop] })]), waited).changes ?? [];
  expect(change?.details.join(" ")).toContain(`${text}, waited for: used every 30d`);
});

test("an extra date that has passed mints at once, and is overdue", () => {
  const edited = plan(settings([inventory({ rotation: { extraDates: [{ date: "2026-11-30" }] } })]), base);
  expect(edited.summary).toBe(
    "Merging mints a new token of inventory (due since Mon 30 Nov). Next: inventory, Mon 25 Oct 2027.",
  );
  expect(edited.calendar[0]).toMatchObject({ date: "2026-11-30", event: "mint", due: "overdue", inDays: -1 });
});

test("a date on the day itself is due, whatever is merged", () => {
  const onDay = settings([inventory({ rotation: { startsOn: "2026-11-30" } })]);
  expect(plan(onDay, onDay, "2026-11-30").summary).toBe(
    "The declaration does not change. Due today: inventory. Next: inventory, Mon 1 Nov 2027.",
  );
  const noted = settings([inventory({ rotation: { startsOn: "2026-11-30" }, onRemoval: "release" })]);
  expect(plan(noted, onDay, "2026-11-30").summary).toBe(
    "Merging adds no rotation. Due today: inventory. Next: inventory, Mon 1 Nov 2027.",
  );
});

test("the first plan of a stack says what it begins with", () => {
  const adopting = settings([
    inventory({ adopt: { tokenId: 7, expiresAt: "2026-12-20" }, rotation: { startsOn: "2026-12-14" } }),
  ]);
  const first = plan(adopting, "none");
  expect(first.summary).toBe(
    "Merging rotates nothing today; it takes over the hand-made token of inventory. Next: inventory, Mon 14 Dec.",
  );
  expect(first.changes?.map(({ kind, details }) => [kind, details[1]])).toEqual([
    ["added", "The token made by hand, id 7, is taken over; it expires on Sun 20 Dec 2026."],
  ]);
});

test("an edit that takes a living token out of the calendar stops its account", () => {
  const edited = plan(settings([inventory({ rotation: { startsOn: "2026-11-16" } })]), base);
  expect(edited.summary).toContain("Merging would stop inventory: it takes tokens that live out of the calendar.");
  expect(edited.rewrites.map(({ generation, kind }) => [generation, kind])).toEqual([["2026-11-23", "re-dated"]]);
  expect(verdict([edited])).toBe("rewrite");
});

test("accounts beside one that is stopped go on, and are told", () => {
  const stopped = inventory({ rotation: { startsOn: "2026-11-16" } });
  const other = inventory({ name: "other" });
  expect(plan(settings([stopped, other]), base).summary).toBe(
    "Merging would stop inventory: it takes tokens that live out of the calendar. " +
      "Merging mints a new token of other (due since Mon 23 Nov). Next: inventory, Mon 18 Oct 2027.",
  );
});

test("a hold moves the next rotation to the day on which it ends by itself", () => {
  const extra = inventory({ rotation: { extraDates: [{ date: "2026-12-14" }] } });
  const held = plan(settings([{ ...extra, holdAt: "2026-11-23" }]), settings([extra]));
  expect(held.summary).toBe("Merging rotates nothing today. Next: inventory, Tue 9 Nov 2027.");
  expect(held.accounts[0]?.next).toBe("2027-11-09");
  expect(held.changes?.[0]?.details.at(-1)).toContain(
    "The next rotation moves from Mon 14 Dec 2026 to Tue 9 Nov 2027: ",
  );
});

test("an account that comes to its end has no next rotation", () => {
  const ended = inventory({ decommission: { reason: "no longer used" } });
  const other = inventory({ name: "other" });
  expect(plan(settings([ended, other]), settings([inventory(), other])).summary).toContain("Next: other, ");
  expect(plan(settings([ended]), settings([inventory()])).summary).toBe(
    "Merging revokes the tokens of inventory. No account rotates any more.",
  );
  expect(plan(settings([ended])).accounts.map((one) => one.next)).toEqual([undefined]);
});

test("a new place is filled by the next run; a place that goes keeps what it holds", () => {
  const other = { project: "security/other", key: "TOKEN", environmentScope: "*", masked: true };
  const moved = plan(settings([inventory({ variables: [other] })]), base);
  expect(moved.summary).toContain("Merging rotates nothing today; it puts the token of inventory in further places.");
  expect(moved.changes?.[0]?.details).toEqual([
    'New place CI/CD variable "TOKEN" of project "security/other": the next run puts the current token there.',
    'No longer CI/CD variable "TOKEN" of project "security/builder": it keeps the token it holds, and is not updated any more. What still reads it there fails when that token is revoked.',
  ]);
});

test("scopes change with the next token", () => {
  const token = { name: "Inventory", description: "", scopes: ["read_user"] };
  expect(plan(settings([inventory({ token })]), base).changes?.[0]?.details).toEqual([
    'token.scopes: "read_user" instead of "read_api": with the next token, on Mon 25 Oct 2027.',
  ]);
});

test("a raised lifetime leaves the token in use to die on its day: it is replaced before that", () => {
  const before = settings([inventory({ rotation: { lifetimeDays: 90, everyDays: 60 } })]);
  const after = settings([inventory({ rotation: { lifetimeDays: 365, everyDays: 60 } })]);
  expect(plan(after, before).changes?.[0]?.details.slice(0, 2)).toEqual([
    "rotation.lifetimeDays: 365 instead of 90.",
    "The token in use keeps the expiry that GitLab has: it dies on Sun 21 Feb 2027, and is replaced within its generation by the first run from Sun 31 Jan 2027 on, unless a rotation comes before that.",
  ]);
});

test("a place that moves to another section is told", () => {
  const of = (section?: string) =>
    settings([
      inventory({
        onePassword: [
          { vault: "Security", item: "Inventory", field: "credential", ...(section === undefined ? {} : { section }) },
        ],
      }),
    ]);
  expect(plan(of("Production"), of()).changes?.[0]?.details).toEqual([
    'New place field "credential" in section "Production" of 1Password item "Inventory" in vault "Security": the next run puts the current token there.',
    'No longer field "credential" of 1Password item "Inventory" in vault "Security": it keeps the token it holds, and is not updated any more. What still reads it there fails when that token is revoked.',
  ]);
});

test("a renamed account keeps its tokens", () => {
  const renamed = plan(settings([inventory({ name: "builder", formerly: "inventory" })]), base);
  expect(renamed.changes).toEqual([
    {
      account: "builder",
      kind: "renamed",
      details: ["It was called inventory; its tokens and their history stay with it."],
    },
  ]);
  expect(renamed.rewrites).toEqual([]);
});

test("an account that goes says what becomes of its tokens", () => {
  const other = inventory({ name: "other" });
  const gone = (onRemoval: AccountDeclaration["onRemoval"]) =>
    plan(settings([other]), settings([other, inventory({ onRemoval })]));
  expect(gone("revoke").summary).toContain("Merging revokes the tokens of inventory.");
  expect(gone("release").summary).toContain("it leaves the tokens of inventory alive and forgets them.");
  expect(gone("refuse").summary).toContain("Merging would stop inventory");
  expect(gone("refuse").changes).toEqual([
    {
      account: "inventory",
      kind: "removed",
      details: ["Its tokens (2026-11-23) live: runs will refuse to delete them."],
    },
  ]);
});

test("an account that was decommissioned may go: no plan says that its tokens hold that up", () => {
  const other = inventory({ name: "other" });
  const ended = inventory({ decommission: { reason: "the service is gone" } });
  const { changes, rewrites } = plan(settings([other]), settings([other, ended]));
  expect(rewrites).toEqual([]);
  expect(changes).toEqual([
    {
      account: "inventory",
      kind: "removed",
      details: [
        "It was decommissioned (the service is gone): nothing is left to do once a run has revoked its tokens.",
      ],
    },
  ]);
});

test("a stack that goes is one whose accounts all go", () => {
  const gone = planStack({ stack: "prod", files: [], before: base }, today, 400);
  expect(gone.summary).toContain("No account is declared any more.");
  expect(verdict([gone])).toBe("rewrite");
});

test("freezes and rules that change are told for the stack", () => {
  const policies = { ...base.policies, longestLifetimeDays: 400 };
  const edited = plan({ ...base, policies, freezes: [{ from: "2026-12-19", to: "2027-01-04" }] }, base);
  expect(edited.changes).toEqual([
    {
      kind: "changed",
      details: [
        "New freeze Sat 19 Dec 2026 to Mon 4 Jan 2027: rotations that would fall into it come earlier.",
        "Policy longestLifetimeDays: 400 instead of 365.",
      ],
    },
  ]);
});

test("a hand-made token that dies before its successor's date is at risk, and on that very day too", () => {
  const dying = (expiresAt: string) =>
    plan(settings([inventory({ adopt: { tokenId: 7, expiresAt }, rotation: { startsOn: "2026-12-14" } })])).calendar;
  for (const expiresAt of ["2026-12-10", "2026-12-14"]) {
    expect(dying(expiresAt).filter(({ atRisk }) => atRisk)).toMatchObject([
      { date: expiresAt, event: "expire", generation: "adopted", due: "soon" },
    ]);
  }
  expect(dying("2026-12-15").filter(({ atRisk }) => atRisk)).toEqual([]);
  expect(dying("2026-11-20")[0]).toMatchObject({ date: "2026-11-20", event: "expire", due: "overdue" });
});

test("an entry names the places and proofs, and is soon within the account's notice", () => {
  const issue = { project: "security/tracker", noticeDays: 10, confidential: true, labels: [], notify: [] };
  const due = (noticeDays: number) =>
    plan(settings([inventory({ issue: { ...issue, noticeDays }, rotation: { startsOn: "2026-12-14" } })])).calendar[0];
  expect(due(13)).toEqual({
    date: "2026-12-14",
    account: "inventory",
    event: "mint",
    generation: "2026-12-14",
    explanation:
      "First rotation: startsOn is Mon 14 Dec 2026. Current until Mon 15 Nov 2027; it expires on Tue 14 Dec 2027.",
    due: "soon",
    inDays: 13,
    atRisk: false,
    consumers: [
      'field "credential" of 1Password item "Inventory" in vault "Security"',
      'CI/CD variable "TOKEN" of project "security/builder"',
    ],
    proofs: ['security/builder: schedule "Weekly" (job build)'],
  });
  expect(due(12)?.due).toBe("later");
});

test("a timeline holds each token with the stretches of its life", () => {
  const { accounts } = plan(settings([inventory()]), undefined, "2027-10-20", 120);
  expect(accounts[0]?.timeline).toEqual([
    {
      generation: "2026-11-23",
      opens: "2026-11-23",
      retireOn: "2027-11-01",
      expiresAt: "2027-11-23",
      held: false,
      spans: [
        { lifecycle: "current", from: "2027-09-30", to: "2027-10-25" },
        { lifecycle: "previous", from: "2027-10-25", to: "2027-11-01" },
        { lifecycle: "retired", from: "2027-11-01", to: "2027-11-23" },
      ],
    },
    {
      generation: "2027-10-25",
      opens: "2027-10-25",
      retireOn: "2028-10-02",
      expiresAt: "2028-10-24",
      held: false,
      spans: [{ lifecycle: "current", from: "2027-10-25", to: "2028-02-17" }],
    },
  ]);
});

test("what opens while another is held waits on the timeline", () => {
  const held = inventory({ holdAt: "2026-06-01", rotation: { startsOn: "2026-06-01", everyDays: 168 } });
  const spans = plan(settings([held])).accounts[0]?.timeline.map((bar) => [
    bar.generation,
    bar.held,
    ...bar.spans.map(({ lifecycle, from, to }) => `${lifecycle} ${from} ${to}`),
  ]);
  expect(spans?.slice(0, 3)).toEqual([
    [
      "2026-06-01",
      true,
      "current 2026-10-02 2027-05-18",
      "previous 2027-05-18 2027-05-25",
      "retired 2027-05-25 2027-06-01",
    ],
    ["2026-11-16", false, "waiting 2026-11-16 2027-05-18", "retired 2027-05-18 2027-11-16"],
    [
      "2027-05-03",
      false,
      "waiting 2027-05-03 2027-05-18",
      "current 2027-05-18 2027-10-18",
      "previous 2027-10-18 2027-10-25",
      "retired 2027-10-25 2028-01-05",
    ],
  ]);
});

test("violated policies are counted in the summary", () => {
  const edited = plan(settings([inventory({ onePassword: [] })]));
  expect(edited.summary).toBe(
    "Nothing rotates today. Next: inventory, Mon 25 Oct 2027. A policy is violated: vault-for-every-token (inventory).",
  );
  expect(verdict([edited])).toBe("policy");
});

test("settings that cannot be used plan nothing", () => {
  const fault = { file: "Pulumi.prod.yaml", line: 3, path: "fleet", found: "nothing", expected: "a name" };
  const broken = planStack({ stack: "prod", files: ["Pulumi.prod.yaml"], faults: [fault] }, today, 400);
  expect([broken.summary, broken.faults, broken.calendar, broken.accounts]).toEqual([
    "The settings cannot be used: a fault. Until then no run does anything.",
    [fault],
    [],
    [],
  ]);
  expect(verdict([broken])).toBe("settings");
});
