const day = 86_400_000;

/** The day of an instant, UTC. */
export const dayOf = (instant: string | number): string => new Date(instant).toISOString().slice(0, 10);

/** The day that many days later; earlier, with a negative number. */
export const daysAfter = (from: string, days: number): string => dayOf(Date.parse(from) + days * day);

/** Days in milliseconds. */
export const days = (count: number): number => count * day;

/** Hours in milliseconds. */
export const hours = (count: number): number => count * 3_600_000;
