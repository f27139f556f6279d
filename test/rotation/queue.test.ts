import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, type Day } from "../../rotation/day";
import { generations } from "../../rotation/generations";
import { waiting } from "../../rotation/queue";
import { parseSettings, type Settings } from "../../rotation/settings";

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
    generation: "2026-11-23",
    explanation:
      "Waits its turn: at most 2 accounts rotate in a run (maxRotationsPerRun), those first whose token dies first. Counted by days, whoever runs how often: its turn is on Tue 24 Nov 2026.",
  });
  expect(waiting(settings, "2026-11-23").get("a2")?.explanation).toContain("its turn is on Wed 25 Nov 2026.");
  expect(waiting(settings, "2026-11-24").get("a2")?.explanation).toContain("its turn is on Wed 25 Nov 2026.");
});

test("what waits has not opened: the token before it stays current", () => {
  const [account] = stack(late, 2).accounts;
  if (account === undefined) throw new Error("there is no account");
  const asked = (waits?: string) =>
    generations(account, [], "2026-11-23", waits).map(({ name, lifecycle }) => `${name} ${lifecycle}`);
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
