import { expect, test } from "vitest";
import { rewrites } from "../../../rotation/calendar/history";
import type { Freeze, Rotation } from "../../../rotation/declaration/settings";
import { account, settings } from "../declarations";

const before = settings([account()]);

function edit(rotation: Partial<Rotation>, day: string, freezes: readonly Freeze[] = []) {
  return rewrites(before, settings([account({ rotation })], freezes), day).map(
    ({ generation, kind, becomes }) => [generation, kind, becomes] as const,
  );
}

test("an edit of nothing rewrites nothing", () => {
  expect(edit({}, "2027-10-30")).toEqual([]);
});

test("moving the start re-dates the generation that lives", () => {
  expect(edit({ startsOn: "2026-11-30" }, "2027-01-01")).toEqual([["2026-11-23", "re-dated", "2026-11-30"]]);
});

test("moving the start into the future makes the generation that lives vanish", () => {
  expect(edit({ startsOn: "2027-11-29" }, "2027-01-01")).toEqual([["2026-11-23", "vanished", undefined]]);
});

test("moving the start before anything has opened rewrites nothing", () => {
  expect(edit({ startsOn: "2026-11-30" }, "2026-11-01")).toEqual([]);
});

test("both tokens of an overlap are watched", () => {
  expect(edit({ startsOn: "2026-11-16" }, "2027-10-30")).toEqual([
    ["2026-11-23", "re-dated", "2026-11-16"],
    ["2027-10-25", "re-dated", "2027-10-18"],
  ]);
});

test("another cadence rewrites nothing while the first generation is current", () => {
  expect(edit({ everyDays: 168 }, "2027-01-01")).toEqual([]);
});

test("a calendar may begin anew when its living dates stay among the extra dates", () => {
  const anew = { startsOn: "2028-01-03", extraDates: [{ date: "2026-11-23" }, { date: "2027-10-25" }] };
  expect(edit(anew, "2027-10-30")).toEqual([]);
  expect(edit({ startsOn: "2028-01-03" }, "2027-10-30")).toEqual([
    ["2026-11-23", "vanished", undefined],
    ["2027-10-25", "vanished", undefined],
  ]);
});

test("a freeze laid over the date of a living generation re-dates it", () => {
  const freeze = { from: "2026-11-20", to: "2026-11-24" };
  expect(edit({}, "2027-01-01", [freeze])).toEqual([["2026-11-23", "re-dated", "2026-11-16"]]);
});

test("a shorter lifetime keeps the token before the current one declared", () => {
  expect(edit({ lifetimeDays: 357 }, "2027-11-16")).toEqual([]);
});

test("a date that is only far from the lost one does not take its place", () => {
  expect(edit({ lifetimeDays: 350 }, "2027-11-10")).toEqual([["2026-11-23", "vanished", undefined]]);
});

test("taking the hand-made token out while it lives is recognised", () => {
  const adopting = settings([account({ adopt: { tokenId: 123, expiresAt: "2026-12-20" } })]);
  expect(rewrites(adopting, before, "2026-12-01")).toEqual([
    {
      account: "inventory",
      generation: "adopted",
      lifecycle: "retired",
      kind: "vanished",
      explanation:
        'Generation adopted of "inventory" lives until Sun 20 Dec 2026, and is no longer declared. Keep adopt, with its tokenId and expiresAt, until then.',
    },
  ]);
  expect(rewrites(adopting, before, "2026-12-20")).toEqual([]);
});

test("an account that goes while its token lives is told, unless it says what is to be done", () => {
  const other = settings([account({ name: "other" })]);
  const [rewrite] = rewrites(before, other, "2027-01-01");
  expect([rewrite?.kind, rewrite?.generation]).toEqual(["removed", "2026-11-23"]);
  expect(rewrite?.explanation).toContain("to rename it, say formerly: inventory");
  expect(rewrites(settings([account({ onRemoval: "revoke" })]), other, "2027-01-01")).toEqual([]);
});

test("an account that is renamed keeps its generations", () => {
  const renamed = settings([account({ name: "builder", formerly: "inventory" })]);
  expect(rewrites(before, renamed, "2027-01-01")).toEqual([]);
});
