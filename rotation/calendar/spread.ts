import { addDays, type Day, toDay, toNumber } from "../../ground/day";
import type { Freeze } from "../declaration/declaration";
import { AllowedDays } from "./allowed";

/** A token whose first rotation wants a day. */
export interface Expiring {
  /** Names it in the answer. */
  readonly key: string;
  /** The day at whose beginning it dies. */
  readonly expiresAt: Day;
}

/** What the days are chosen by. */
export interface SpreadOptions {
  readonly today: Day;
  readonly freezes: readonly Freeze[];
  /** Days on which others rotate already, once for each of them. */
  readonly taken: readonly Day[];
}

/** Days before its expiry at which a token is replaced at the latest, best first: with time to spare; with the usual overlap and margin; with the overlap alone; while it lives. */
const distances = [35, 21, 8, 1] as const;

/**
 * A day for the first rotation of each token: a Monday outside the freezes, from next week on and well before the token
 * dies, as late as the spreading allows, so that few accounts rotate on one day. Where a token dies too early for that, the
 * first day that will do; today, where it is dead or there is no such day.
 */
export function spread(tokens: readonly Expiring[], options: SpreadOptions): ReadonlyMap<string, Day> {
  const load = new Map<Day, number>();
  const add = (day: Day) => load.set(day, (load.get(day) ?? 0) + 1);
  for (const day of options.taken) add(day);
  const result = new Map<string, Day>();
  const order = (one: Expiring) => `${one.expiresAt} ${one.key}`;
  for (const token of [...tokens].sort((a, b) => (order(a) < order(b) ? -1 : 1))) {
    const day = choose(token.expiresAt, load, options);
    add(day);
    result.set(token.key, day);
  }
  return result;
}

function choose(expiresAt: Day, load: ReadonlyMap<Day, number>, { today, freezes }: SpreadOptions): Day {
  const [spare, ...tight] = distances;
  const roomy = mondays(today, addDays(expiresAt, -spare), freezes);
  const least = Math.min(...roomy.map((day) => load.get(day) ?? 0));
  const chosen = roomy.filter((day) => (load.get(day) ?? 0) === least).at(-1);
  if (chosen !== undefined) return chosen;
  const firsts = tight.map((distance) => mondays(today, addDays(expiresAt, -distance), freezes)[0]);
  return firsts.find((day) => day !== undefined) ?? today;
}

/** The allowed days after one day, up to and with another; no more than a year of them. */
function mondays(after: Day, until: Day, freezes: readonly Freeze[]): readonly Day[] {
  const allowed = new AllowedDays({ weekday: "monday" }, freezes);
  const last = Math.min(toNumber(until), toNumber(after) + 365);
  const result: Day[] = [];
  for (let day = allowed.after(toNumber(after)); day <= last; day = allowed.after(day)) result.push(toDay(day));
  return result;
}
