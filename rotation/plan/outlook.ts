import { addDays, type Day } from "../../ground/day";
import { generations } from "../calendar/generations";
import { type Event, nextEvents, upcoming } from "../calendar/upcoming";
import type { Settings } from "../declaration/declaration";
import { currentOf } from "./effects";
import { type Entry, entries } from "./plan";
import type { AccountRun } from "./steps";

/** The dates that matter now, as many as can be read. */
export interface Outlook {
  /** Overdue ones first, then those of the next days; filled up with later ones where there are few. */
  readonly entries: readonly Entry[];
  /** How many of the next days, or overdue, are not among them. */
  readonly more: number;
  /** How many come later, up to and with each account's next rotation, and are not among them. */
  readonly later: number;
  /** How many days it looks ahead. */
  readonly days: number;
}

/** How far ahead every date is told, in days. */
const DAYS = 30;

/** The most dates that are told. */
const MOST = 40;

/** Where there are fewer, later ones are told as well. */
const FEW = 8;

/**
 * The calendar as a run sees it.
 *
 * @param runs - what is not done yet of what the dates asked for, of each account of which that is known.
 */
export function outlook(
  settings: Settings,
  runs: readonly Pick<AccountRun, "account" | "pending">[],
  today: Day,
): Outlook {
  const tomorrow = addDays(today, 1);
  const pending = runs.flatMap((run) => run.pending);
  const behind = new Map(runs.map((run) => [run.account, run.pending.some(({ event }) => event !== "retire")]));
  const current = (name: string) => {
    const account = settings.accounts.find((one) => one.name === name);
    return account === undefined ? undefined : currentOf(generations(account, settings.freezes, today))?.name;
  };
  // One whose successor has taken its place is missed by nobody.
  const dying = upcoming(settings, today, 1).filter(
    ({ event, account, generation }) =>
      event === "expire" && (behind.get(account) !== false || generation === current(account)),
  );
  const soon = [...inOrder([...pending, ...dying]), ...upcoming(settings, tomorrow, DAYS)];
  const end = addDays(tomorrow, DAYS);
  const later = nextEvents(settings, today).filter(({ date }) => date >= end);
  const shown = soon.slice(0, MOST);
  const filling = later.slice(0, Math.max(0, FEW - shown.length));
  return {
    entries: entries(settings, [...shown, ...filling], today),
    more: soon.length - shown.length,
    later: later.length - filling.length,
    days: DAYS,
  };
}

/** What comes next for each account, fit for a stack output: nothing in it changes from day to day by itself. */
export function nextDates(settings: Settings, today: Day) {
  return entries(settings, nextEvents(settings, today), today).map(
    ({ date, account, event, generation, consumers, proofs }) => ({
      date,
      account,
      event,
      generation,
      consumers,
      proofs,
    }),
  );
}

function inOrder(events: readonly Event[]): readonly Event[] {
  return [...events].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}
