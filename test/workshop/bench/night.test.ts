import { expect, it } from "vitest";
import type { Day } from "../../../ground/day";
import { type Measured, nights, worst } from "../../../workshop/bench/night";
import { account } from "../../rotation/declarations";

const from = "2026-11-23" as Day;
const measured: Measured = {
  idle: { run: 60, account: 6 },
  rotation: { seconds: 12, write: 1 },
  look: 1,
  requests: { rotation: 20, retirement: 5, health: 2 },
  perMinute: 100,
  usersInTen: 8,
};
const robots = (count: number) => Array.from({ length: count }, (_, at) => account({ name: `robot-${at}` }));

it("a night with nothing due is a run and a look at each account's health", () => {
  const [first] = nights([robots(10)], [], "2026-11-24" as Day, 1, measured);
  expect(first).toEqual({
    day: "2026-11-25",
    rotations: 0,
    retirements: 0,
    minutes: (60 + 10 * 6 + 10) / 60,
    busiest: 20,
    requests: 20,
    jobs: (60 + 10 * 6 + 10) / 60,
  });
});

it("what rotates and is retired is what the calendar says, and all of a year is in it", () => {
  const year = nights([robots(3), robots(2)], [], from, 2, measured);
  expect(year).toHaveLength(365);
  const busy = year.filter(({ rotations, retirements }) => rotations + retirements > 0);
  expect(busy.map(({ day, rotations, retirements }) => [day, rotations, retirements])).toEqual([
    ["2027-10-25", 5, 0],
    ["2027-11-01", 0, 5],
  ]);
});

it("stacks wait for a runner, and CI bills all of them", () => {
  const four = [robots(10), robots(10), robots(10), robots(10)];
  const [wide] = nights(four, [], "2026-11-24" as Day, 4, measured);
  const [narrow] = nights(four, [], "2026-11-24" as Day, 2, measured);
  const one = (60 + 10 * 6 + 10) / 60;
  expect([wide?.minutes, narrow?.minutes]).toEqual([one, 2 * one]);
  expect([wide?.jobs, narrow?.jobs]).toEqual([4 * one, 4 * one]);
});

it.each([
  // 60 + 7 accounts of 6 s each, and a look of 1 s each; 140 requests are two minutes' of a user.
  [7, 60 + 42 + 60 + 7, 100],
  // As many users as are shown in ten minutes, and one more.
  [8, 60 + 48 + 60 + 8, 100],
  [9, 60 + 54 + 600 + 9, 100],
  [2, 60 + 12 + 13 + 2, 40],
])("the night on which all %i rotate is held to GitLab's limits: %i s", (count, seconds, busiest) => {
  expect(worst([count], from, 1, measured)).toMatchObject({ minutes: seconds / 60, busiest, rotations: count });
});
