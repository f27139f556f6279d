import { expect, test } from "vitest";
import type { AccountDeclaration } from "../../../rotation/declaration/settings";
import { accountHealth, gravest } from "../../../rotation/health/health";
import type { LastRun } from "../../../rotation/health/lastRun";
import type { Alarm, HeldPlace, ListedToken } from "../../../rotation/health/seen";
import { account } from "../declarations";

const stack = { fleet: "platform", freezes: [] };
const builder = account({ rotation: { startsOn: "2026-11-23", extraDates: [{ date: "2026-12-14" }] } });

function token(parts: Partial<ListedToken> = {}): ListedToken {
  return {
    id: 7,
    name: "Inventory",
    scopes: ["api"],
    mark: { fleet: "platform", account: "inventory", generation: "2026-11-23" },
    expiresAt: "2027-11-23",
    lastUsedAt: "2026-12-01T05:00:00Z",
    ...parts,
  };
}

function marked(generation: string, expiresAt: string, id: number): ListedToken {
  return token({ id, expiresAt, mark: { fleet: "platform", account: "inventory", generation } });
}

function alarms(
  declared: AccountDeclaration,
  live: readonly ListedToken[],
  today: string,
  known: Parameters<typeof accountHealth>[4] = {},
): string[] {
  return accountHealth(declared, stack, live, today, known).alarms.map(({ level, message }) => `${level}: ${message}`);
}

test("a token that lives as declared is told with its expiry and last use, and alarms nobody", () => {
  expect(accountHealth(builder, stack, [token()], "2026-12-01")).toEqual({
    account: "inventory",
    tokens: [
      {
        generation: "2026-11-23",
        lifecycle: "current",
        tokenId: 7,
        state: "alive",
        expiresAt: "2027-11-23",
        lastUsedAt: "2026-12-01T05:00:00Z",
      },
    ],
    alarms: [],
    places: [],
  });
});

test("what was revoked by hand is dead where the state, or the mark of a dead token, tells of it", () => {
  const dead =
    'risk: the token in use is dead: generation 2026-11-23 (token 7). The next "npm run up" mints another one.';
  expect(alarms(builder, [], "2026-12-01", { tokenIds: new Map([["2026-11-23", 7]]) })).toEqual([dead]);
  expect(alarms(builder, [], "2026-12-01", { dead: new Set(["2026-11-23"]) })).toEqual([
    dead.replace(" (token 7)", ""),
  ]);
});

test("a rotation that no run has done is late from the day after its date, while the older token works", () => {
  expect(alarms(builder, [token()], "2026-12-14")).toEqual([]);
  expect(alarms(builder, [token()], "2026-12-15")).toEqual([
    'due: overdue since Mon 14 Dec 2026: generation 2026-12-14 is not minted. Has "npm run up" run since?',
  ]);
  expect(alarms(builder, [token()], "2026-12-15", { waiting: ["2026-12-14"] })).toEqual([]);
});

test("without any token that lives, the consumers are at risk", () => {
  expect(alarms(builder, [], "2026-11-23")).toEqual([
    "risk: no declared token lives: generation 2026-11-23, due today, is not minted.",
  ]);
});

test("the token in use is a risk three days before it dies, and due before that when nothing replaces it", () => {
  const adopt = { tokenId: 7, expiresAt: "2026-12-20" };
  const late = account({ rotation: { startsOn: "2027-01-04" }, adopt });
  const hand = { id: 7, name: "hand-made", scopes: ["api"], expiresAt: "2026-12-20" };
  const dies = "the token in use, generation adopted (token 7), dies on Sun 20 Dec 2026";
  expect(alarms(late, [hand], "2026-11-19")).toEqual([]);
  expect(alarms(late, [hand], "2026-11-20")).toEqual([`due: ${dies}, and no rotation comes before that.`]);
  expect(alarms(late, [hand], "2026-12-17")).toEqual([`risk: ${dies}; no rotation comes before that.`]);
  const replaced = account({
    rotation: { startsOn: "2026-12-19", weekday: "any" },
    adopt,
  });
  expect(alarms(replaced, [hand], "2026-12-16")).toEqual([]);
  expect(alarms(replaced, [hand], "2026-12-17")).toEqual([`risk: ${dies}; the next rotation is on Sat 19 Dec 2026.`]);
});

test("on the day of its rotation, and after, nobody says that none comes before the token in use dies", () => {
  const due = account({ rotation: { startsOn: "2026-11-30" }, adopt: { tokenId: 1202, expiresAt: "2026-12-14" } });
  const hand = { id: 1202, name: "hand-made", scopes: ["api"], expiresAt: "2026-12-14" };
  expect(alarms(due, [hand], "2026-11-30")).toEqual([]);
  expect(alarms(due, [hand], "2026-12-01")).toEqual([
    'due: overdue since Mon 30 Nov 2026: generation 2026-11-30 is not minted. Has "npm run up" run since?',
  ]);
  const soon = { ...hand, expiresAt: "2026-12-02" };
  const dies =
    "risk: the token in use, generation adopted (token 1202), dies on Wed 2 Dec 2026; the next rotation is due.";
  expect(alarms(due, [soon], "2026-11-30")).toContain(dies);
  expect(alarms(due, [soon], "2026-12-01")).toContain(dies);
});

test("what nobody declared is told: without a mark, with another's, and a leftover with the account's own", () => {
  const of = (fleet: string, name: string) => ({ fleet, account: name, generation: "2026-11-23" });
  const live = [
    token({ id: 9 }),
    token(),
    { id: 10, name: "debugging", scopes: ["read_api", "api"] },
    token({ id: 11, mark: of("other", "inventory") }),
  ];
  const found = alarms(builder, live, "2026-12-01");
  expect(found).toEqual([
    expect.stringMatching(
      /^due: token 7 "Inventory" .* is not declared; it bears the mark of generation 2026-11-23, and/,
    ),
    'note: token 10 "debugging" (scopes read_api, api; never expires; never used) is not declared; it bears no mark: somebody made it by hand.',
    expect.stringMatching(/^note: token 11 .* it bears the mark of fleet "other", account "inventory"\.$/),
  ]);
  // The state knows which of two is the account's own.
  const [first] = alarms(builder, live, "2026-12-01", { tokenIds: new Map([["2026-11-23", 7]]) });
  expect(first).toMatch(/^due: token 9 /);
});

test("a token of ours that is in use and in nobody's care is an alarm, with what to do; a lost answer's is a note", () => {
  const [stolen] = alarms(builder, [token(), token({ id: 6 })], "2026-12-01");
  expect(stolen).toContain("somebody has its value");
  expect(stolen).toContain("npm run emergency -- --token-id 6");
  const { lastUsedAt: _, ...lost } = token({ id: 6 });
  const [left] = alarms(builder, [token(), lost], "2026-12-01");
  expect(left).toMatch(
    /^note: token 6 .* never used\) is not declared; .*: a lost answer, or another stack of this fleet\.$/,
  );
});

test("an account that was renamed knows its tokens by the mark of its former name", () => {
  const renamed = { ...builder, name: "builder", formerly: "inventory" };
  expect(alarms(renamed, [token()], "2026-12-01")).toEqual([]);
});

test("an account that was renamed twice, or lost its formerly, knows its tokens by a name that nobody else has", () => {
  const renamed = { ...builder, name: "builder", formerly: "maker" };
  const told = (...others: AccountDeclaration[]) =>
    accountHealth(renamed, { ...stack, accounts: [renamed, ...others] }, [token()], "2026-12-01").alarms;
  expect(told()).toEqual([]);
  expect(told(builder).map(({ level }) => level)).toEqual(["risk", "note"]);
  expect(told({ ...builder, name: "other", formerly: "inventory" })).toHaveLength(2);
});

test("another name, other scopes or another expiry are told, and are no alarm: they hold for the next token", () => {
  expect(
    alarms(builder, [token({ name: "Old", scopes: ["read_api"], expiresAt: "2027-06-01" })], "2026-12-01"),
  ).toEqual([
    'note: generation 2026-11-23 (token 7) is called "Old", not "Inventory"; it has the scopes read_api, not api. What is declared now holds for the next token.',
    "note: generation 2026-11-23 (token 7) dies on Tue 1 Jun 2027, and Tue 23 Nov 2027 is declared.",
  ]);
});

test("a token that lives on well after it was to be revoked is late", () => {
  const live = [token(), marked("2026-12-14", "2027-12-14", 8)];
  expect(alarms(builder, live, "2026-12-24")).toEqual([]);
  expect(alarms(builder, live, "2026-12-25")).toEqual([
    'due: generation 2026-11-23 (token 7) was to be revoked from Mon 21 Dec 2026 on, and lives: the output "rotations" tells what holds it.',
  ]);
});

test.each<readonly [what: string, place: Omit<HeldPlace, "place">, alarm: string | undefined]>([
  ["the token in use", { tokenId: 8 }, undefined],
  ["the one before it", { tokenId: 7 }, "due: V is stale: it holds token 7, not 8 (generation 2026-12-14)."],
  ["a token about to die", { tokenId: 6 }, "risk: V holds token 6, which dies on Thu 17 Dec 2026."],
  ["a dead token", { unknown: "dead" }, "risk: V holds a value that GitLab does not accept: a dead token."],
  [
    "the token in use, and more",
    { tokenId: 8, isPadded: true },
    "due: V holds token 8 with blanks or line breaks around it: who sends the value as it is may be refused. Store the token alone there.",
  ],
  [
    "what no token can be",
    { unknown: "malformed" },
    "risk: V holds what no token can be: blanks, line breaks or other characters are in it. Store the token alone there.",
  ],
  ["nothing", { unknown: "empty" }, "risk: V holds nothing."],
  ["a hidden value", { unknown: "hidden" }, "note: V does not show its value (hidden): what it holds was not checked."],
  ["what may not be read", { unknown: { because: "403" } }, "note: V was not checked: 403."],
])("a place that holds %s", (_, held, alarm) => {
  const live = [token(), marked("2026-12-14", "2027-12-14", 8), marked("2026-01-05", "2026-12-17", 6)];
  const found = accountHealth(builder, stack, live, "2026-12-15", { places: [{ place: "V", ...held }] }).alarms;
  expect(
    found.filter(({ message }) => message.startsWith("V")).map(({ level, message }) => `${level}: ${message}`),
  ).toEqual(alarm === undefined ? [] : [alarm]);
});

test("the gravest alarm counts, and comes first", () => {
  const levels = (list: readonly Alarm[]) => list.map(({ level }) => level);
  const live = [{ id: 10, name: "debugging", scopes: ["api"] }];
  const found = accountHealth(builder, stack, live, "2026-12-15").alarms;
  expect(levels(found)).toEqual(["risk", "note"]);
  expect(gravest(found)).toBe("risk");
  expect(gravest(found.slice(1))).toBe("note");
  expect(gravest([])).toBeUndefined();
});

test("a decommissioned account declares no token: every one that lives is told, and its places are let be", () => {
  const ended = account({ decommission: { reason: "gone" }, adopt: { tokenId: 3, expiresAt: "2026-12-14" } });
  const byHand = (id: number) => ({ id, name: "by hand", scopes: ["api"], lastUsedAt: "2026-11-23T07:00:00Z" });
  const places = [
    { place: "V1", unknown: "dead" as const },
    { place: "V2", unknown: "empty" as const },
    { place: "V3", tokenId: 7 },
  ];
  const live = [token(), byHand(3), byHand(4)];
  const { tokens, alarms, places: shown } = accountHealth(ended, stack, live, "2026-12-01", { places });
  expect(tokens).toEqual([]);
  expect(shown).toEqual(places);
  expect(alarms.map(({ level, message }) => `${level}: ${message.replace(/ "by hand".*;/, ";")}`)).toEqual([
    'note: token 7 (generation 2026-11-23) lives, and the account ends: the next "npm run up" revokes it.',
    'note: token 3 (generation adopted) lives, and the account ends: the next "npm run up" revokes it.',
    "note: token 4; it bears no mark: somebody made it by hand.",
  ]);
});

test("a declaration that is older than a generation which has opened is said to be, and nothing by its dates", () => {
  const fresh = marked("2026-12-01", "2027-12-01", 9);
  const places: HeldPlace[] = [
    { place: "variable A", tokenId: 9 },
    { place: "variable B", unknown: "dead" },
  ];
  const [state, none] = [{ opened: [{ name: "2026-12-01", expiresAt: "2027-12-01" }], places }, { places }];
  for (const known of [state, none]) {
    const found = accountHealth(builder, stack, [fresh], "2026-12-02", {
      ...known,
      tokenIds: new Map([["2026-11-23", 7]]),
    });
    expect(found).toEqual({
      account: "inventory",
      tokens: [],
      alarms: [
        {
          level: "risk",
          account: "inventory",
          message: "variable B holds a value that GitLab does not accept: a dead token.",
        },
      ],
      places,
      behind: "2026-12-01",
    });
  }
  const over = { opened: [{ name: "2026-12-01", expiresAt: "2026-12-02" }] };
  expect(accountHealth(builder, stack, [token()], "2026-12-02", over).behind).toBeUndefined();
});

test("nobody is told to revoke a token that a place holds", () => {
  const used = { lastUsedAt: "2026-12-01T05:00:00Z" };
  const [older, newer] = [marked("2026-11-23", "2027-11-23", 7), marked("2026-11-23", "2027-11-23", 8)].map((one) => ({
    ...one,
    ...used,
  }));
  const live = [older, newer].flatMap((one) => one ?? []);
  const stolen = alarms(builder, live, "2026-12-02");
  expect(stolen.join()).toContain("npm run emergency -- --token-id 7");
  const held = alarms(builder, live, "2026-12-02", { places: [{ place: "variable A", tokenId: 7 }] });
  expect(held.join()).not.toContain("emergency");
  expect(held.at(-1)).toContain("Do not revoke it before a run has set another: variable A holds it.");
});

test("a proof that failed is told once, with the whole of what the last run said of it", () => {
  const proof = {
    generation: "2026-11-23",
    tokenId: 7,
    status: "failed",
    attempts: 1,
    maxAttempts: 3,
    putBack: true,
  } as const;
  const places = `storing it: ${"a project ".repeat(200)}`;
  const told = (left: LastRun) => alarms(builder, [token()], "2026-12-01", { left });
  expect(told({ faults: ["a step", "a step"], proof: { ...proof, fault: `${places}\nWhat to do: mend it` } })).toEqual([
    "due: the last run failed: a step.",
    `due: generation 2026-11-23 (token 7) is not proven, 1 of 3 attempts failed. The last run failed: ${places}\nWhat to do: mend it.`,
  ]);
  expect(told({ faults: [], proof: { ...proof, status: "running", fault: "No answer." } })).toEqual([
    "due: generation 2026-11-23 (token 7) is not proven yet. The last run failed: No answer.",
  ]);
  expect(told({ faults: [], proof: { ...proof, status: "running", fault: "" } })).toEqual([
    "note: generation 2026-11-23 (token 7) is not proven yet: the next run looks again.",
  ]);
  expect(told({ faults: [], proof: { ...proof, fault: "" } })).toEqual([
    'due: generation 2026-11-23 (token 7) is not proven: 1 of 3 attempts failed, and the places hold the earlier token again; no token is revoked. The next "npm run up" sets the new token again, and tries again.',
  ]);
  expect(told({ faults: [], proof: { ...proof, status: "passed", fault: "" } })).toEqual([]);
});
