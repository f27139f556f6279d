import { expect, test } from "vitest";
import { generations } from "../../../rotation/calendar/generations";
import type { AccountDeclaration } from "../../../rotation/declaration/settings";
import { accountHealth } from "../../../rotation/health/health";
import type { ListedToken } from "../../../rotation/health/seen";
import { planStack } from "../../../rotation/plan/plan";
import { accountRun, type FoundToken } from "../../../rotation/plan/steps";
import { account, settings } from "../declarations";

// What is declared of days that have passed is told in one way, by each command.

const handMade = { adopt: { tokenId: 5, expiresAt: "2027-01-10" } };
const starts = (startsOn: string) => account({ ...handMade, rotation: { startsOn } });
const byHand: ListedToken = { id: 5, name: "By hand", scopes: ["api"], expiresAt: "2027-01-10" };

function plan(before: AccountDeclaration, after: AccountDeclaration, today: string) {
  const input = { stack: "prod", files: [], settings: settings([after]), before: settings([before]) };
  return planStack(input, today, 400);
}

function details(before: AccountDeclaration, after: AccountDeclaration, today: string): readonly string[] {
  return (plan(before, after, today).changes ?? []).flatMap((change) => change.details);
}

function explained(declared: AccountDeclaration, today: string, waiting?: string): string | undefined {
  return generations(declared, [], today, waiting === undefined ? [] : [waiting]).find(
    ({ lifecycle }) => lifecycle === "current",
  )?.explanation;
}

function alarms(declared: AccountDeclaration, live: readonly ListedToken[], today: string): readonly string[] {
  const found = accountHealth(declared, { fleet: "platform", freezes: [] }, live, today).alarms;
  return found.map(({ level, message }) => `${level}: ${message}`);
}

test("a startsOn that is moved to the past is due in the next run, and retires nothing in it", () => {
  const edited = plan(starts("2027-01-04"), starts("2026-12-07"), "2026-12-20");
  expect(edited.summary).toContain("Merging mints a new token of inventory (due since Mon 7 Dec). Next: ");
  expect(edited.calendar.filter(({ due }) => due === "overdue").map(({ event }) => event)).toEqual(["mint"]);
  expect(details(starts("2027-01-04"), starts("2026-12-07"), "2026-12-20")).toContain(
    "The next rotation moves from Mon 4 Jan 2027 to the next run, being due since Mon 7 Dec 2026: First rotation: startsOn is Mon 7 Dec 2026. The one after it is on Mon 8 Nov 2027.",
  );
  expect(details(starts("2027-01-04"), starts("2026-12-21"), "2026-12-21")).toContain(
    "The next rotation moves from Mon 4 Jan 2027 to today: First rotation: startsOn is Mon 21 Dec 2026. The one after it is on Mon 22 Nov 2027.",
  );
});

test("an older token is not late while the one that takes its place is not minted", () => {
  expect(alarms(starts("2026-11-23"), [byHand], "2026-12-20")).toEqual([
    'due: overdue since Mon 23 Nov 2026: generation 2026-11-23 is not minted. Has "npm run up" run since?',
  ]);
  const declared = starts("2026-11-23");
  const old: FoundToken = { generation: "adopted", isNew: true, tokenId: 5 };
  const next: FoundToken = { generation: "2026-11-23", isNew: true };
  const all = generations(declared, [], "2026-12-20");
  const run = accountRun(declared, all, { tokens: [old, next], newPlaces: [], proves: true }, "2026-12-20");
  expect(run.pending.map(({ event }) => event)).toEqual(["mint"]);
});

test("that nothing lives, and what is overdue, is one alarm", () => {
  expect(alarms(account(), [], "2026-12-20")).toEqual([
    'risk: no declared token lives: generation 2026-11-23, due since Mon 23 Nov 2026, is not minted. Has "npm run up" run since?',
  ]);
});

test("a dead token that was made by hand has no other minted in its place before the first rotation", () => {
  expect(alarms(account({ ...handMade, rotation: { startsOn: "2027-03-01" } }), [], "2026-12-20")).toEqual([
    "risk: the token in use is dead: generation adopted (token 5). It was made by hand, and the next is minted on Mon 1 Mar 2027: for one today, add the day to rotation.extraDates.",
  ]);
});

test("a hold that is over, or that the dates do not need, is no reason", () => {
  const held = { holdAt: "adopted", rotation: { startsOn: "2027-03-01" } };
  const over = account({ ...held, adopt: { tokenId: 5, expiresAt: "2026-12-25" } });
  expect(explained(over, "2026-12-20")).toBe(
    "The token made by hand, GitLab id 5. Current until Mon 1 Mar 2027; it expires on Fri 25 Dec 2026.",
  );
  const short = account({ ...held, adopt: { tokenId: 5, expiresAt: "2027-03-08" } });
  expect(explained(short, "2026-12-20")).toContain("Current until Mon 1 Mar 2027; ");
});

test("what has expired is told as past", () => {
  const dead = account({ adopt: { tokenId: 5, expiresAt: "2026-12-14" }, rotation: { startsOn: "2027-03-01" } });
  expect(explained(dead, "2026-12-20")).toContain("it expired on Mon 14 Dec 2026.");
});

test("a token whose successor waits its turn is not current until a day that has passed", () => {
  expect(explained(starts("2026-12-14"), "2026-12-20", "2026-12-14")).toBe(
    "The token made by hand, GitLab id 5. Current until its successor, due since Mon 14 Dec 2026, has its turn; it expires on Sun 10 Jan 2027.",
  );
});

test("the end of a hold is told as that, and so is a hold without effect", () => {
  const held = (holdAt: string) => account({ holdAt, rotation: { startsOn: "2026-01-05" } });
  const free = account({ rotation: { startsOn: "2026-01-05" } });
  expect(details(free, held("2026-01-05"), "2026-12-20")).toContain(
    "The next rotation moves from Mon 8 Nov 2027 to Tue 22 Dec 2026: the hold of 2026-01-05 ends, and 2026-12-07 takes over.",
  );
  expect(details(free, held("2026-01-05"), "2026-12-23")).toEqual([
    'holdAt: "2026-01-05" instead of nothing.',
    "The hold of 2026-01-05 has been over since Tue 22 Dec 2026: it has no effect.",
    "The next rotation stays on Mon 8 Nov 2027.",
  ]);
});
