/** A calendar day in UTC, as `YYYY-MM-DD`. Days compare as strings. */
export type Day = string;

/**
 * A day as the count of days since 1970-01-01. The calendar reckons in these: a call for a thousand accounts makes
 * hundreds of thousands of steps, which date objects are too slow for.
 */
export type DayNumber = number;

const shape = /^\d{4}-\d{2}-\d{2}$/;

/** The days of the week as settings name them, Monday first. */
export const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** A day of the week, in lower case. */
export type Weekday = (typeof weekdays)[number];

const shortWeekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const shortMonths = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** Whether a text is a day that exists: `2028-02-29` is one, `2027-02-29` is not. */
export function isDay(text: string): boolean {
  if (!shape.test(text)) return false;
  const [year, month, date] = parts(text);
  return month >= 1 && month <= 12 && date >= 1 && date <= monthLength(year, month);
}

/**
 * The day that a text names: it is one, or an instant in UTC, such as `2026-12-14T08:30Z`. Nothing for any other text: what else
 * `Date` reads depends on the machine, or is another day than it says.
 */
export function dayNamedBy(text: string): Day | undefined {
  const day = text.replace(/T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?Z$/, "");
  return isDay(day) ? day : undefined;
}

/** Those reckoned so far, both ways: a calendar of a thousand accounts asks for the same few thousand days again and again. */
const numbers = new Map<Day, DayNumber>();
const texts = new Map<DayNumber, Day>();

/** The number of a day. Throws a `RangeError` for a text that is no day. */
export function toNumber(day: Day): DayNumber {
  const known = numbers.get(day);
  if (known !== undefined) return known;
  if (!isDay(day)) throw new RangeError(`"${day}" is no day; write one such as "2026-11-23"`);
  const number = count(...parts(day));
  numbers.set(day, number);
  return number;
}

/** The day of a number. */
export function toDay(number: DayNumber): Day {
  const known = texts.get(number);
  if (known !== undefined) return known;
  const { year, month, date } = civil(number);
  const day = `${String(year).padStart(4, "0")}-${month < 10 ? "0" : ""}${month}-${date < 10 ? "0" : ""}${date}`;
  texts.set(number, day);
  return day;
}

function parts(day: Day): [year: number, month: number, date: number] {
  return [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10))];
}

function monthLength(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

// The Gregorian calendar repeats every 400 years, of 146,097 days. Years are reckoned from March, so that the leap day
// comes last; 719,468 days lie from 0000-03-01 to 1970-01-01.

function count(year: number, month: number, date: number): DayNumber {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + date - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

function civil(number: DayNumber): { readonly year: number; readonly month: number; readonly date: number } {
  const day = number + 719_468;
  const era = Math.floor(day / 146_097);
  const dayOfEra = day - era * 146_097;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, date: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1 };
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
export function addMonths(number: DayNumber, months: number): DayNumber {
  const start = civil(number);
  const total = start.year * 12 + start.month - 1 + months;
  const year = Math.floor(total / 12);
  const month = total - year * 12 + 1;
  return count(year, month, Math.min(start.date, monthLength(year, month)));
}

/** How many times the month changes from one day to another. */
export function monthsBetween(from: DayNumber, to: DayNumber): number {
  const a = civil(from);
  const b = civil(to);
  return (b.year - a.year) * 12 + b.month - a.month;
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
  const { year, month, date } = civil(number);
  return `${shortWeekdays[weekdayIndex(number)]} ${date} ${shortMonths[month - 1]} ${year}`;
}

/** A count with its noun: `1 day`, `7 days`. */
export function days(count: number): string {
  return `${count} ${count === 1 ? "day" : "days"}`;
}
