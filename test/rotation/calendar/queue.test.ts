import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, type Day } from "../../../ground/day";
import { generations } from "../../../rotation/calendar/generations";
import { waiting } from "../../../rotation/calendar/queue";
import { parseSettings, type Settings } from "../../../rotation/declaration/settings";

/** A stack of accounts whose hand-made tokens die on those days. */
function stack(deaths: readonly Day[], most?: number, startsOn: Day = "2026-11-23"): Settings {
  return parseSettings({
    fleet: "f",
    ...(most === undefined ? {} : { maxRotationsPerRun: most }),
    freezes: [{ from: "2026-12-19", to: "2027-01-04" }],
    accounts: deaths.map((expiresAt, at) => ({
      name: `a${at}`,
      account: { group: "g", username: `u${at}` },
      token: { name: "t", scopes: ["api"] },
      rotation: { startsOn },
      adopt: { tokenId: at + 1, expiresAt },
    })),
  });
}

const late = ["2027-02-03", "2027-02-01", "2027-02-05", "2027-02-02", "2027-02-04"];
const names = (settings: Settings, today: Day) => [...waiting(settings, today).keys()];

test("without a limit nobody waits", () => {
  expect(waiting(stack(late), "2026-11-23")).toEqual(new Map());
});

test("those go first whose token dies first; the others wait for the next day, and say so", () => {
  const settings = stack(late, 2);
  expect(names(settings, "2026-11-22")).toEqual([]);
  expect(names(settings, "2026-11-23")).toEqual(["a0", "a4", "a2"]);
  expect(names(settings, "2026-11-24")).toEqual(["a2"]);
  expect(names(settings, "2026-11-25")).toEqual([]);
  expect(waiting(settings, "2026-11-23").get("a4")).toEqual({
    generations: ["2026-11-23"],
    explanation:
      "Waits its turn: at most 2 accounts rotate in a run (maxRotationsPerRun), those first whose token dies first. Counted by days, whoever runs how often: its turn is on Tue 24 Nov 2026.",
  });
  expect(waiting(settings, "2026-11-23").get("a2")?.explanation).toContain("its turn is on Wed 25 Nov 2026.");
  expect(waiting(settings, "2026-11-24").get("a2")?.explanation).toContain("its turn is on Wed 25 Nov 2026.");
});

test("an account that is held is in no queue, and takes nobody's turn, until its hold ends", () => {
  const settings = stack(["2027-02-01", "2027-02-02", "2027-02-03"], 1);
  const [first, ...others] = settings.accounts;
  if (first === undefined) throw new Error("there is no account");
  const held = { ...settings, accounts: [{ ...first, holdAt: "adopted" }, ...others] };
  expect(names(settings, "2026-11-23")).toEqual(["a1", "a2"]);
  expect(names(held, "2026-11-23")).toEqual(["a2"]);
  expect(names(held, "2026-11-24")).toEqual([]);
  // Two weeks before the held one dies another takes over; that day it is due like others.
  const busy = { ...held, accounts: [...held.accounts, ...stack(["2027-01-20"], 1, "2027-01-18").accounts] };
  const rival = { ...busy, accounts: busy.accounts.map((one, at) => ({ ...one, name: `a${at}` })) };
  expect(names(rival, "2027-01-18")).toEqual(["a0"]);
  expect(waiting(rival, "2027-01-18").get("a0")?.explanation).toContain("its turn is on Tue 19 Jan 2027.");
});

/** A member of a stack whose rotations come on more days. */
function withDates(settings: Settings, at: number, more: object, dates: readonly Day[]): Settings {
  const accounts = settings.accounts.map((one, position) =>
    position === at
      ? { ...one, ...more, rotation: { ...one.rotation, extraDates: dates.map((date) => ({ date, reason: "r" })) } }
      : one,
  );
  return { ...settings, accounts };
}

const opened = (settings: Settings, at: number, today: Day) => {
  const account = settings.accounts[at];
  if (account === undefined) throw new Error("there is no such account");
  const waits = waiting(settings, today).get(account.name)?.generations;
  const all = generations(account, settings.freezes, today, waits);
  return all.map(({ name, lifecycle }) => `${name} ${lifecycle}`);
};

test("a hold over several openings ends in the queue as one over one does, and none of them is in use before its turn", () => {
  const held = stack(["2027-02-01", "2027-01-20", "2027-01-20"], 1, "2027-01-18");
  const [first, ...others] = held.accounts;
  if (first === undefined) throw new Error("there is no account");
  const early = { ...first, rotation: { ...first.rotation, startsOn: "2026-11-23" as Day } };
  // Its hold ends by itself on 18 January, the day on which the tokens of both others are about to die.
  const settings = withDates({ ...held, accounts: [early, ...others] }, 0, { holdAt: "adopted" }, ["2026-12-07"]);
  expect(names(settings, "2027-01-17")).toEqual([]);
  expect(names(settings, "2027-01-18")).toEqual(["a2", "a0"]);
  expect(waiting(settings, "2027-01-18").get("a0")?.generations).toEqual(["2026-11-23", "2026-12-07"]);
  expect(waiting(settings, "2027-01-18").get("a0")?.explanation).toContain("its turn is on Wed 20 Jan 2027.");
  // They were there during the hold, and one may live that was opened before it: none is forgotten.
  const asHeld = ["adopted current", "2026-11-23 previous", "2026-12-07 previous"];
  expect(opened(settings, 0, "2027-01-17")).toEqual(asHeld);
  expect(opened(settings, 0, "2027-01-18")).toEqual(asHeld);
  expect(names(settings, "2027-01-19")).toEqual(["a0"]);
  expect(names(settings, "2027-01-20")).toEqual([]);
  expect(opened(settings, 0, "2027-01-20").at(-1)).toBe("2026-12-07 current");
});

test("a rotation that comes while the one before it waits takes over its turn, and neither opens before", () => {
  const settings = withDates(stack(["2027-02-05", "2027-02-01", "2027-02-02", "2027-02-03"], 1), 0, {}, ["2026-11-24"]);
  expect(names(settings, "2026-11-23")).toEqual(["a2", "a3", "a0"]);
  expect(waiting(settings, "2026-11-24").get("a0")?.generations).toEqual(["2026-11-23", "2026-11-24"]);
  expect(waiting(settings, "2026-11-24").get("a0")?.explanation).toContain("its turn is on Thu 26 Nov 2026.");
  expect(opened(settings, 0, "2026-11-24")).toEqual(["adopted current"]);
  expect(opened(settings, 0, "2026-11-26").at(-1)).toBe("2026-11-24 current");
});

test("what waits has not opened: the token before it stays current", () => {
  const [account] = stack(late, 2).accounts;
  if (account === undefined) throw new Error("there is no account");
  const asked = (waits?: string) =>
    generations(account, [], "2026-11-23", waits === undefined ? [] : [waits]).map(
      ({ name, lifecycle }) => `${name} ${lifecycle}`,
    );
  expect(asked("2026-11-23")).toEqual(["adopted current"]);
  expect(asked()).toEqual(["adopted previous", "2026-11-23 current"]);
});

test("a token that is dead, or dies before the next day, is never made to wait", () => {
  const settings = stack(["2026-11-23", "2026-11-24", "2026-11-24", "2026-11-25", "2027-02-01"], 1);
  expect(names(settings, "2026-11-23")).toEqual(["a3", "a4"]);
  expect(names(settings, "2026-11-24")).toEqual(["a4"]);
});

test("the turn that is told is kept", () => {
  const days = fc.integer({ min: 0, max: 90 }).map((days) => addDays("2026-11-20", days));
  fc.assert(
    fc.property(fc.array(days, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 3 }), (deaths, most) => {
      const settings = stack(deaths, most);
      for (const [name, { explanation }] of waiting(settings, "2026-11-23")) {
        const told = /its turn is on \w+ (.*)\.$/.exec(explanation)?.[1] ?? "";
        const turn = new Date(`${told} UTC`).toISOString().slice(0, 10);
        expect(names(settings, addDays(turn, -1))).toContain(name);
        expect(names(settings, turn)).not.toContain(name);
      }
    }),
    { numRuns: 100 },
  );
});

test("nobody's turn comes on a weekend or in a freeze", () => {
  const settings = stack(late, 1);
  const friday = names(settings, "2026-11-27");
  expect(friday).toEqual([]);
  const many = stack(late, 1, "2026-12-14");
  expect(names(many, "2026-12-18")).toEqual([]);
  const more = stack([...late, "2027-02-06"], 1, "2026-12-14");
  expect(names(more, "2026-12-18")).toEqual(["a5"]);
  expect(names(more, "2026-12-21")).toEqual(["a5"]);
  expect(names(more, "2027-01-04")).toEqual(["a5"]);
  expect(names(more, "2027-01-05")).toEqual([]);
});

test("whoever has had a turn keeps it, and no day sees more than the limit but for dying tokens", () => {
  const start = "2026-11-23";
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      (lives, most) => {
        const settings = stack(
          lives.map((days) => addDays(start, days)),
          most,
        );
        let before = new Set(settings.accounts.map(({ name }) => name));
        for (let day = start; day < addDays(start, 60); day = addDays(day, 1)) {
          const now = new Set(names(settings, day));
          for (const name of now) expect(before.has(name)).toBe(true);
          const gone = [...before].filter((name) => !now.has(name));
          const dying = lives.filter((days) => addDays(start, days) <= addDays(day, 1)).length;
          expect(gone.length).toBeLessThanOrEqual(Math.max(most, dying));
          before = now;
        }
        expect(before.size).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});

test("what replaces a token that leaked never waits", () => {
  const settings = stack(late, 1);
  const [first, ...others] = settings.accounts;
  const leaked = { generation: "adopted", reason: "pasted into a chat" };
  const waits = (compromised: readonly object[]) =>
    names({ ...settings, accounts: [{ ...first, compromised }, ...others] as typeof settings.accounts }, "2026-11-23");
  const before = waits([]);
  expect(before).toContain("a0");
  // Nor does it take the turn of anybody who had it.
  expect(waits([leaked])).toEqual(before.filter((name) => name !== "a0"));
});

test("a run on a day that had one opens nothing more; one after days without a run takes the turns of those days too", () => {
  const settings = stack(late, 2);
  const turns = (today: Day) => 5 - names(settings, today).length;
  expect([turns("2026-11-23"), turns("2026-11-23")]).toEqual([2, 2]);
  // Nothing ran on the 23rd and 24th: all that is due comes at once on the 25th.
  expect(turns("2026-11-25")).toBe(5);
});
