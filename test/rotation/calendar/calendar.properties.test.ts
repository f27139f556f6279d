import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addDays,
  addMonths,
  type Day,
  daysBetween,
  toDay,
  toNumber,
  weekdayIndex,
  weekdays,
} from "../../../ground/day";
import { calendar, longestGap, type Opening, openings } from "../../../rotation/calendar/calendar";
import type { Freeze, Rotation } from "../../../rotation/declaration/settings";
import { anyDay, anyFreezes, anyRotation, property } from "../declarations";

const end = "2055-01-01";

function frozen(day: Day, freezes: readonly Freeze[]): boolean {
  return freezes.some(({ from, to }) => from <= day && day <= to);
}

function onWeekday(day: Day, { weekday }: Rotation): boolean {
  return weekday === "any" || weekdays[weekdayIndex(toNumber(day))] === weekday;
}

function due(rotation: Rotation, index: number): Day {
  return rotation.everyMonths === undefined
    ? addDays(rotation.startsOn, index * (rotation.everyDays ?? 0))
    : toDay(addMonths(toNumber(rotation.startsOn), index * rotation.everyMonths));
}

/** The calendar as its words say it, reckoned day by day from the beginning. */
function slowly(rotation: Rotation, freezes: readonly Freeze[], until: Day): readonly Day[] {
  const fits = (day: Day) => onWeekday(day, rotation) && !frozen(day, freezes);
  const latest = (day: Day, low: Day, rule: (day: Day) => boolean): Day | undefined => {
    for (let at = day; at > low; at = addDays(at, -1)) if (rule(at)) return at;
    return undefined;
  };
  const best = (low: Day, high: Day): Day =>
    latest(high, low, fits) ??
    latest(high, low, (day) => !frozen(day, freezes)) ??
    latest(high, low, (day) => onWeekday(day, rotation)) ??
    high;
  const gap = longestGap(rotation);
  const first = best(addDays(rotation.startsOn, -gap), rotation.startsOn);
  const fixed = rotation.extraDates.map(({ date }) => date).filter((date) => date < first);
  fixed.push(first);
  for (let index = 1; ; index += 1) {
    const day = latest(due(rotation, index), first, fits);
    if (day !== undefined) fixed.push(day);
    if (day !== undefined && day > until) break;
    if (due(rotation, index) > addDays(until, 1000)) break;
  }
  const points = [...new Set(fixed)].sort();
  const result: Day[] = [];
  for (const [position, point] of points.entries()) {
    if (position > 0) {
      for (let at = points[position - 1] ?? point; daysBetween(at, point) > gap; ) {
        at = best(at, addDays(at, gap));
        result.push(at);
      }
    }
    if (point >= first) result.push(point);
  }
  return [...result, ...rotation.extraDates.map(({ date }) => date)].sort().filter((day) => day <= until);
}

describe("any calendar", () => {
  test("opens on the days that its rules give when reckoned slowly, one by one", () => {
    fc.assert(
      fc.property(anyRotation, anyFreezes, (rotation, freezes) => {
        const dates = calendar(rotation, freezes, "2036-01-01").map(({ date }) => date);
        expect(dates).toEqual(slowly(rotation, freezes, "2036-01-01"));
      }),
      { ...property, numRuns: Math.min(property.numRuns, 60) },
    );
  });

  test("reads the same from any day on", () => {
    fc.assert(
      fc.property(anyRotation, anyFreezes, anyDay, (rotation, freezes, from) => {
        const all = calendar(rotation, freezes, addDays(from, 1500)).filter(({ date }) => date >= from);
        const some: Opening[] = [];
        for (const opening of openings(rotation, freezes, from)) {
          if (opening.date > addDays(from, 1500)) break;
          some.push(opening);
        }
        expect(some).toEqual(all);
      }),
      property,
    );
  });

  test("leaves no gap in which a token could run out, over three decades", () => {
    fc.assert(
      fc.property(anyRotation, anyFreezes, (rotation, freezes) => {
        const all = calendar(rotation, freezes, end);
        for (const [position, { date }] of all.entries()) {
          const next = all[position + 1];
          if (next !== undefined) expect(daysBetween(date, next.date)).toBeLessThanOrEqual(longestGap(rotation));
        }
        expect(daysBetween(all.at(-1)?.date ?? "1970-01-01", end)).toBeLessThanOrEqual(longestGap(rotation));
      }),
      property,
    );
  });

  test("keeps to weekday and freezes, or says that safety won", () => {
    fc.assert(
      fc.property(anyRotation, anyFreezes, (rotation, freezes) => {
        for (const { date, kind, reason } of calendar(rotation, freezes, "2040-01-01")) {
          if (kind === "extra") continue;
          const said = reason.join(" ");
          expect(said.includes("safety wins over the freeze")).toBe(frozen(date, freezes));
          expect(said.includes("safety wins over the weekday")).toBe(!onWeekday(date, rotation));
        }
      }),
      property,
    );
  });

  test("moves rotations earlier only, and serves every due date", () => {
    fc.assert(
      fc.property(anyRotation, anyFreezes, (rotation, freezes) => {
        const dates = calendar(rotation, freezes, end).map(({ date }) => date);
        for (let index = 0; index < 20; index += 1) {
          const day = due(rotation, index);
          if (day > end) break;
          expect(dates.some((date) => date <= day && daysBetween(date, day) < 1500)).toBe(true);
          if (onWeekday(day, rotation) && !frozen(day, freezes)) expect(dates).toContain(day);
        }
      }),
      property,
    );
  });

  test("names each opening once, in order", () => {
    fc.assert(
      fc.property(anyRotation, anyFreezes, (rotation, freezes) => {
        const all = calendar(rotation, freezes, "2040-01-01");
        expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
        expect(all.map(({ date }) => date)).toEqual(all.map(({ date }) => date).sort());
        for (const { name, date } of all) expect(name === date || /^\.[2-9]$/.test(name.slice(10))).toBe(true);
      }),
      property,
    );
  });

  test("keeps every other name when an extra date is added after the start", () => {
    fc.assert(
      fc.property(anyRotation, anyFreezes, fc.integer({ min: 0, max: 2500 }), (rotation, freezes, later) => {
        const before = calendar(rotation, freezes, "2040-01-01").map(({ name }) => name);
        const extra = { date: addDays(rotation.startsOn, later) };
        const after = calendar({ ...rotation, extraDates: [extra, ...rotation.extraDates] }, freezes, "2040-01-01");
        const names = after.map(({ name }) => name);
        expect(before.filter((name) => !names.includes(name))).toEqual([]);
        expect(names.length).toBe(before.length + 1);
      }),
      property,
    );
  });

  test("is the same for the same declaration, however its lists are ordered, and changes nothing it was given", () => {
    fc.assert(
      fc.property(anyRotation, anyFreezes, (rotation, freezes) => {
        const written = JSON.stringify([rotation, freezes]);
        const once = calendar(rotation, freezes, "2040-01-01");
        expect(calendar(rotation, freezes, "2040-01-01")).toEqual(once);
        expect(JSON.stringify([rotation, freezes])).toBe(written);
        const turned = { ...rotation, extraDates: [...rotation.extraDates].reverse() };
        const dates = calendar(turned, [...freezes].reverse(), "2040-01-01").map(({ name, kind }) => [name, kind]);
        expect(dates).toEqual(once.map(({ name, kind }) => [name, kind]));
      }),
      property,
    );
  });
});
