import fc from "fast-check";
import { expect, test } from "vitest";
import { dateFieldOf, dayOf, isDay } from "../../../clients/onepassword/dateField";

const days = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

test("a day survives being stored, and stays the same day up to eleven hours either side of UTC", () => {
  fc.assert(
    fc.property(days, fc.integer({ min: -11, max: 11 }), (day, hours) => {
      const stored = dateFieldOf(day);
      expect(dayOf(stored)).toBe(day);
      expect(dayOf(String(Number(stored) + hours * 3600))).toBe(day);
      expect(isDay(day)).toBe(true);
    }),
  );
});

test("a date is read however it is written, and nothing is read as no date", () => {
  expect(dayOf("2026-11-23")).toBe("2026-11-23");
  expect(dayOf("1656590460")).toBe("2022-06-30");
  expect(dayOf("")).toBeUndefined();
  expect(dayOf(undefined)).toBeUndefined();
  expect(dayOf("soon")).toBeUndefined();
});

test.each(["2027-02-30", "2027-2-3", "23.11.2027", ""])("%j is no day", (text) => {
  expect(isDay(text)).toBe(false);
});
