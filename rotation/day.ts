/** A calendar day in UTC, as `YYYY-MM-DD`. Days compare as strings. */
export type Day = string;

/**
 * A day as the count of days since 1970-01-01. The calendar reckons in these: a call for a thousand accounts makes
 * hundreds of thousands of steps, which date objects are too slow for.
 */
export type DayNumber = number;

const millisecondsPerDay = 86_400_000;
const shape = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The days of the week as settings name them, Monday first. */
export const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** A day of the week, in lower case. */
export type Weekday = (typeof weekdays)[number];

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** Whether a text is a day that exists: `2028-02-29` is one, `2027-02-29` is not. */
export function isDay(text: string): boolean {
  const number = shape.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(number) && new Date(number).toISOString().startsWith(text);
}

/** The number of a day. Throws a `RangeError` for a text that is no day. */
export function toNumber(day: Day): DayNumber {
  if (!isDay(day)) throw new RangeError(`"${day}" is no day; write one such as "2026-11-23"`);
  return Date.parse(`${day}T00:00:00Z`) / millisecondsPerDay;
}

/** The day of a number. */
export function toDay(number: DayNumber): Day {
  return new Date(number * millisecondsPerDay).toISOString().slice(0, 10);
}

/** A day so many days later; earlier when negative. */
export function addDays(day: Day, days: number): Day {
  return toDay(toNumber(day) + days);
}

/** How many days lie from one day to another; negative when the other comes first. */
export function daysBetween(from: Day, to: Day): number {
  return toNumber(to) - toNumber(from);
}

/** A day so many months later. A day that the month lacks becomes the month's last: 31 January + 1 is 28 or 29 February. */
export function addMonths(number: DayNumber, count: number): DayNumber {
  const start = new Date(number * millisecondsPerDay);
  const year = start.getUTCFullYear();
  const month = start.getUTCMonth() + count;
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(start.getUTCDate(), last)) / millisecondsPerDay;
}

/** How many times the month changes from one day to another. */
export function monthsBetween(from: DayNumber, to: DayNumber): number {
  const a = new Date(from * millisecondsPerDay);
  const b = new Date(to * millisecondsPerDay);
  return (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
}

/** Position in {@link weekdays}: 0 is Monday. */
export function weekdayIndex(number: DayNumber): number {
  // 1970-01-01 was a Thursday; the second remainder keeps days before it positive.
  return (((number + 3) % 7) + 7) % 7;
}

/** A weekday's name as people write it: `Monday`. */
export function weekdayName(weekday: Weekday): string {
  return weekday.charAt(0).toUpperCase() + weekday.slice(1);
}

/** A day as people read it: `Mon 14 Dec 2026`. */
export function show(day: Day | DayNumber): string {
  const number = typeof day === "number" ? day : toNumber(day);
  const date = new Date(number * millisecondsPerDay);
  const weekday = weekdayName(weekdays[weekdayIndex(number)] ?? "monday").slice(0, 3);
  return `${weekday} ${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** A count with its noun: `1 day`, `7 days`. */
export function days(count: number): string {
  return `${count} ${count === 1 ? "day" : "days"}`;
}
