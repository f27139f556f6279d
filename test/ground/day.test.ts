import { expect, test } from "vitest";
import { addDays, addMonths, daysBetween, isDay, show, toDay, toNumber, weekdayIndex } from "../../ground/day";

test("days agree with the platform's own calendar for four centuries", () => {
  for (let number = toNumber("1900-01-01"); number <= toNumber("2300-12-31"); number += 1) {
    const date = new Date(number * 86_400_000);
    const day = date.toISOString().slice(0, 10);
    if (toDay(number) !== day || toNumber(day) !== number || weekdayIndex(number) !== (date.getUTCDay() + 6) % 7) {
      expect.fail(`${day} is reckoned as ${toDay(number)}, number ${toNumber(day)}, weekday ${weekdayIndex(number)}`);
    }
  }
});

test("29 February exists in leap years only", () => {
  expect(["2028-02-29", "2027-02-29", "2000-02-29", "2100-02-29"].map(isDay)).toEqual([true, false, true, false]);
});

test("what is no day is refused", () => {
  expect(["2026-13-01", "2026-00-01", "2026-01-00", "2026-04-31", "26-11-23", "2026-11-23T00:00"].map(isDay)).toEqual(
    Array(6).fill(false),
  );
  expect(() => toNumber("2027-02-29")).toThrow('"2027-02-29" is no day');
});

test("a month later keeps to the month's last day", () => {
  const later = (day: string, months: number) => toDay(addMonths(toNumber(day), months));
  expect(later("2027-01-31", 1)).toBe("2027-02-28");
  expect(later("2028-01-31", 1)).toBe("2028-02-29");
  expect(later("2028-02-29", 12)).toBe("2029-02-28");
  expect(later("2028-02-29", 48)).toBe("2032-02-29");
  expect(later("2026-11-30", 15)).toBe("2028-02-29");
});

test("a day is shown with its weekday", () => {
  expect(show("2026-12-14")).toBe("Mon 14 Dec 2026");
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(daysBetween("2026-11-23", "2027-10-25")).toBe(336);
});
