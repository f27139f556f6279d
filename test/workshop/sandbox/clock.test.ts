import { describe, expect, test } from "vitest";
import { Clock } from "../../../workshop/sandbox/clock";
import { nextRun } from "../../../workshop/sandbox/gitlab/running/cron";

describe("the sandbox's clock", () => {
  test("ticks from where it was set, and jumps", () => {
    const clock = new Clock("2026-11-23T07:10:00Z");
    const first = clock.now().getTime();
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(first);
    clock.freeze();
    clock.set("2027-02-28");
    expect(clock.now().toISOString()).toBe("2027-02-28T00:00:00.000Z");
    clock.advance({ days: 1, hours: 1, minutes: -1 });
    expect(clock.now().toISOString()).toBe("2027-03-01T00:59:00.000Z");
    expect(clock.today()).toBe("2027-03-01");
  });

  test("says what it cannot read", () => {
    expect(() => new Clock("soon")).toThrow(
      `Setting the sandbox's clock: "soon" is neither a day (2026-11-23) nor an instant (2026-11-23T07:10:00Z)`,
    );
  });
});

describe("cron lines", () => {
  test.each([
    ["0 6 * * 1", "2026-11-23T06:00:00Z", "2026-11-30T06:00:00.000Z"],
    ["0 6 * * 1", "2026-11-23T05:59:59Z", "2026-11-23T06:00:00.000Z"],
    ["*/15 * * * *", "2026-11-23T07:10:00Z", "2026-11-23T07:15:00.000Z"],
    ["30 4 29 2 *", "2026-11-23T07:10:00Z", "2028-02-29T04:30:00.000Z"],
    ["0 0 1 * 7", "2026-11-23T07:10:00Z", "2026-11-29T00:00:00.000Z"],
    ["0 9-17 * * 1-5", "2026-11-27T17:30:00Z", "2026-11-30T09:00:00.000Z"],
  ])("%s after %s", (cron, after, next) => {
    expect(nextRun(cron, new Date(after)).toISOString()).toBe(next);
  });

  test("a line that is none is refused", () => {
    expect(() => nextRun("weekly", new Date("2026-11-23"))).toThrow(
      `The cron line "weekly" has 1 fields; five are needed`,
    );
    expect(() => nextRun("x 0 * * *", new Date("2026-11-23"))).toThrow('The cron field "x" is not understood');
  });
});
