import { expect, test } from "vitest";
import { nextEvents, upcoming } from "../../../rotation/calendar/upcoming";
import { workSince } from "../../work";
import { account, settings } from "../declarations";

const adopt = { tokenId: 123, expiresAt: "2026-12-10" };
const told = ({ date, account, event, generation }: ReturnType<typeof upcoming>[number]) =>
  `${date} ${account} ${event} ${generation}`;

test("a year of one account, in order, today included", () => {
  const declared = settings([account({ adopt: { tokenId: 123, expiresAt: "2027-03-01" } })]);
  expect(upcoming(declared, "2026-11-23", 366).map(told)).toEqual([
    "2026-11-23 inventory mint 2026-11-23",
    "2026-11-30 inventory retire adopted",
    "2027-10-25 inventory mint 2027-10-25",
    "2027-11-01 inventory retire 2026-11-23",
  ]);
});

test("days of which the last is not included", () => {
  expect(upcoming(settings([account()]), "2026-11-16", 7)).toEqual([]);
  expect(upcoming(settings([account()]), "2026-11-16", 8).map(told)).toEqual(["2026-11-23 inventory mint 2026-11-23"]);
});

test("accounts are told together, soonest first", () => {
  const accounts = [account(), account({ name: "backup", rotation: { startsOn: "2026-11-16" } })];
  expect(upcoming(settings(accounts), "2026-11-01", 30).map(told)).toEqual([
    "2026-11-16 backup mint 2026-11-16",
    "2026-11-23 inventory mint 2026-11-23",
  ]);
});

test("a hand-made token that dies before the first rotation is told as expiring", () => {
  const late = settings([account({ adopt, rotation: { startsOn: "2027-01-04" } })]);
  expect(upcoming(late, "2026-11-23", 60).map(told)).toEqual([
    "2026-12-10 inventory expire adopted",
    "2027-01-04 inventory mint 2027-01-04",
  ]);
});

test("the end of a hold is a switch to the one that waited", () => {
  const held = settings([account({ holdAt: "2026-11-23" })]);
  expect(upcoming(held, "2027-10-01", 60).map(told)).toEqual([
    "2027-11-09 inventory switch 2027-10-25",
    "2027-11-16 inventory retire 2026-11-23",
  ]);
});

test("the next events go up to the next generation, and stay the same until one happens", () => {
  const declared = settings([account()]);
  const expected = ["2027-11-01 inventory retire 2026-11-23", "2028-09-25 inventory mint 2028-09-25"];
  expect(nextEvents(declared, "2027-10-25").map(told)).toEqual(expected);
  expect(nextEvents(declared, "2027-10-31")).toEqual(nextEvents(declared, "2027-10-25"));
  expect(nextEvents(declared, "2027-11-01").map(told)).toEqual(expected.slice(1));
  expect(nextEvents(declared, "2020-01-01").map(told)).toEqual(["2026-11-23 inventory mint 2026-11-23"]);
});

test("a thousand accounts are reckoned in well under a second", () => {
  const accounts = Array.from({ length: 1000 }, (_, index) => account({ name: `account-${index}` }));
  const freezes = [{ from: "2026-12-19", to: "2027-01-04" }];
  const work = workSince();
  expect(nextEvents(settings(accounts, freezes), "2056-11-01")).toHaveLength(1000);
  expect(work()).toBeLessThan(1_000);
});
