/** A minute past noon UTC, as 1Password's own apps store a date: it stays the same day in most of the world. */
const NOON = 12 * 3600 + 60;

/**
 * What to write into a DATE field for a day. Seconds, not `YYYY-MM-DD`: Connect reads the latter in its machine's own time
 * zone, and the field can then hold the day before.
 */
export function dateFieldOf(day: string): string {
  return String(Date.parse(`${day}T00:00:00Z`) / 1000 + NOON);
}

/** The day that a DATE field holds, written either way; `undefined` when it holds none. */
export function dayOf(value: string | undefined): string | undefined {
  if (value === undefined || value === "") return undefined;
  if (/^\d{4}-\d\d-\d\d/.test(value)) return value.slice(0, 10);
  const date = new Date(Number(value) * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 10);
}

/** Whether this is a day that exists, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
