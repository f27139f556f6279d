import { expect, test } from "vitest";
import { calendar } from "../../../rotation/calendar/calendar";
import type { Freeze, Rotation } from "../../../rotation/declaration/settings";
import { rotation } from "../declarations";

const christmas: Freeze = { from: "2026-12-19", to: "2027-01-04" };

function names(parts: Partial<Rotation>, freezes: readonly Freeze[], until: string): readonly string[] {
  return calendar(rotation(parts), freezes, until).map(({ name }) => name);
}

test("every 336 days is every 48th Monday", () => {
  expect(names({}, [], "2030-01-01")).toEqual(["2026-11-23", "2027-10-25", "2028-09-25", "2029-08-27"]);
});

test("a rotation due in a freeze moves to the last Monday before it, and says so", () => {
  const [, second] = calendar(rotation({ everyDays: 28 }), [christmas], "2026-12-31");
  expect(second).toEqual({
    name: "2026-12-14",
    date: "2026-12-14",
    kind: "regular",
    reason: [
      "Due on Mon 21 Dec 2026: 28 days after Mon 23 Nov 2026.",
      "Moved 7 days earlier, to Mon 14 Dec 2026: Mon 21 Dec 2026 fell in the freeze Sat 19 Dec 2026 to Mon 4 Jan 2027; Fri 18 Dec 2026 is no Monday.",
    ],
  });
});

test("both ends of a freeze are frozen", () => {
  const week = { everyDays: 7, startsOn: "2026-11-30" };
  expect(names(week, [{ from: "2026-12-14", to: "2026-12-21" }], "2027-01-01")).toEqual([
    "2026-11-30",
    "2026-12-07",
    "2026-12-28",
  ]);
});

test("rotations that a freeze leaves no day of their own are served by the one before", () => {
  const [, second] = calendar(rotation({ everyDays: 7, startsOn: "2026-12-07" }), [christmas], "2026-12-31");
  expect(second?.name).toBe("2026-12-14");
  expect(second?.reason.at(-1)).toBe(
    "Serves the 3 rotations due from Mon 21 Dec 2026 to Mon 4 Jan 2027 as well: they have no allowed day of their own.",
  );
});

test("a date in a freeze within a freeze moves before both", () => {
  const freezes = [christmas, { from: "2026-12-07", to: "2026-12-20" }];
  expect(names({ everyDays: 28 }, freezes, "2026-12-31")).toEqual(["2026-11-23", "2026-11-30"]);
});

test("a first day that is no Monday moves to the Monday before", () => {
  const [first] = calendar(rotation({ startsOn: "2026-11-25" }), [], "2026-11-30");
  expect(first?.reason).toEqual([
    "First rotation: startsOn is Wed 25 Nov 2026.",
    "Moved 2 days earlier, to Mon 23 Nov 2026: Wed 25 Nov 2026 is no Monday.",
  ]);
});

test("a first day in a freeze of years stays, as no day before it could serve", () => {
  const freeze = { from: "2025-01-01", to: "2028-01-01" };
  const [first] = calendar(rotation({ startsOn: "2026-11-25", weekday: "any" }), [freeze], "2026-11-30");
  expect(first?.name).toBe("2026-11-25");
  expect(first?.reason.at(-1)).toContain("safety wins over the freeze");
});

test("where a move leaves a gap that a token does not last, a rotation is inserted", () => {
  const freeze = { from: "2027-10-04", to: "2027-11-01" };
  const all = calendar(rotation(), [freeze], "2028-12-31");
  expect(all.map(({ name, kind }) => [name, kind])).toEqual([
    ["2026-11-23", "regular"],
    ["2027-09-27", "regular"],
    ["2028-09-04", "inserted"],
    ["2028-09-25", "regular"],
  ]);
  expect(all[2]?.reason).toEqual([
    "Inserted: from Mon 27 Sep 2027 to the next due rotation on Mon 25 Sep 2028 are 364 days; a token of 365 days, less 7 days of overlap and 14 days of margin, serves 344, until Tue 5 Sep 2028.",
    "Moved 1 day earlier, to Mon 4 Sep 2028: Tue 5 Sep 2028 is no Monday.",
  ]);
});

test("a cadence longer than a token lasts is filled, not refused", () => {
  expect(names({ everyDays: 700 }, [], "2028-12-31")).toEqual(["2026-11-23", "2027-11-01", "2028-10-09", "2028-10-23"]);
});

test("a freeze longer than a token lasts gives way, and the Monday stays", () => {
  const freeze = { from: "2026-11-24", to: "2029-01-01" };
  const all = calendar(rotation(), [freeze], "2028-12-31");
  expect(all.map(({ name, kind }) => [name, kind])).toEqual([
    ["2026-11-23", "regular"],
    ["2027-11-01", "inserted"],
    ["2028-10-09", "inserted"],
  ]);
  expect(all[1]?.reason.at(-1)).toBe(
    "Mon 1 Nov 2027 lies in the freeze Tue 24 Nov 2026 to Mon 1 Jan 2029, but no day that could serve is free: safety wins over the freeze.",
  );
});

test("a token of less than a week gives up the weekday", () => {
  const short = { lifetimeDays: 5, overlapDays: 1, marginDays: 1, everyDays: 7 };
  expect(names(short, [], "2026-12-01")).toEqual(["2026-11-23", "2026-11-26", "2026-11-29", "2026-11-30"]);
});

test("every month from the 31st keeps to the months' last days", () => {
  const monthly = { startsOn: "2027-10-31", everyMonths: 1, weekday: "any" } as const;
  expect(names(monthly, [], "2028-05-01")).toEqual([
    "2027-10-31",
    "2027-11-30",
    "2027-12-31",
    "2028-01-31",
    "2028-02-29",
    "2028-03-31",
    "2028-04-30",
  ]);
});

test("every twelve months from a leap day keeps to the end of February", () => {
  const yearly = { startsOn: "2028-02-29", everyMonths: 12, weekday: "any", lifetimeDays: 400 } as const;
  expect(names(yearly, [], "2032-12-31")).toEqual([
    "2028-02-29",
    "2029-02-28",
    "2030-02-28",
    "2031-02-28",
    "2032-02-29",
  ]);
});

test("an extra date opens on its day, whatever the weekday and freeze", () => {
  const extraDates = [{ date: "2026-12-25", reason: "left the team" }];
  const all = calendar(rotation({ extraDates }), [christmas], "2026-12-31");
  expect(all[1]).toEqual({
    name: "2026-12-25",
    date: "2026-12-25",
    kind: "extra",
    reason: ["Extra date: left the team."],
  });
});

test("a second and a third generation on one day are numbered, the regular one first", () => {
  const extraDates = [
    { date: "2027-10-25", reason: "one" },
    { date: "2027-10-25", reason: "two" },
  ];
  const all = calendar(rotation({ extraDates }), [], "2027-12-31");
  expect(all.map(({ name, kind }) => [name, kind])).toEqual([
    ["2026-11-23", "regular"],
    ["2027-10-25", "regular"],
    ["2027-10-25.2", "extra"],
    ["2027-10-25.3", "extra"],
  ]);
});

test("extra dates before the start open too, and the gaps after them are filled", () => {
  const parts = { startsOn: "2028-01-03", extraDates: [{ date: "2026-11-23" }] };
  expect(names(parts, [], "2028-01-03")).toEqual(["2026-11-23", "2027-11-01", "2028-01-03"]);
});
