import { addDays, type Day } from "../../ground/day";
import type { AccountDeclaration, Freeze, Settings } from "../declaration/declaration";
import { type Generation, generations, holdEnds, nextOpening } from "./generations";

/** Something that the dates will ask for. */
export interface Event {
  /** The day, in UTC. */
  readonly date: Day;
  /** Name of the account. */
  readonly account: string;
  /**
   * A generation opens and is minted; one takes over that had opened before (a hold ends); one is to be retired; or a token
   * expires that was not retired.
   */
  readonly event: "mint" | "switch" | "retire" | "expire";
  /** Name of the generation that it happens to. */
  readonly generation: string;
  /** Why on that day, in sentences. */
  readonly explanation: string;
}

/** What the dates ask for from a day on, for so many days, that day included; soonest first. */
export function upcoming(settings: Settings, today: Day, days: number): readonly Event[] {
  const end = addDays(today, days);
  const all: Event[] = [];
  for (const account of settings.accounts) all.push(...eventsUntil(account, settings.freezes, today, end));
  return soonestFirst(all);
}

/** What the dates ask for of one account, from a day on and before another; in order. */
export function eventsUntil(
  account: AccountDeclaration,
  freezes: readonly Freeze[],
  from: Day,
  end: Day,
): readonly Event[] {
  const result: Event[] = [];
  for (const event of events(account, freezes, addDays(from, -1))) {
    if (event.date >= end) break;
    result.push(event);
  }
  return result;
}

/**
 * For each account, what comes after a day up to and with the next generation; soonest first. Does not change from day to
 * day while nothing happens, so it is fit for a stack output.
 */
export function nextEvents(settings: Settings, today: Day): readonly Event[] {
  const all: Event[] = [];
  for (const account of settings.accounts) {
    let minted: Day | undefined;
    for (const event of events(account, settings.freezes, today)) {
      if (minted !== undefined && event.date > minted) break;
      all.push(event);
      if (event.event === "mint" || event.event === "switch") minted = event.date;
    }
  }
  return soonestFirst(all);
}

/** The next time after a day that an account gets another token, holds included; nothing for one that comes to its end. */
export function nextRotation(account: AccountDeclaration, freezes: readonly Freeze[], after: Day): Event | undefined {
  for (const event of events(account, freezes, after)) {
    if (event.event === "mint" || event.event === "switch") return event;
  }
  return undefined;
}

/** What happens after a day, in order, without end: each step goes to the next day on which anything can change. */
function* events(account: AccountDeclaration, freezes: readonly Freeze[], after: Day): Generator<Event> {
  if (account.decommission !== undefined) return;
  let day = after;
  let before = generations(account, freezes, day);
  for (;;) {
    const [next] = [nextOpening(account, freezes, day).date, ...before.flatMap((one) => turns(account, one))]
      .filter((candidate) => candidate > day)
      .sort();
    if (next === undefined) return;
    day = next;
    const now = generations(account, freezes, day);
    yield* changes(account.name, day, before, now);
    before = now;
  }
}

/** The days on which a generation may change by itself. A retired one is done with. */
function turns(account: AccountDeclaration, { name, lifecycle, retireOn, expiresAt }: Generation): readonly Day[] {
  if (lifecycle === "retired") return [];
  const held = name === account.holdAt ? [holdEnds(account, expiresAt)] : [];
  return lifecycle === "previous" ? [retireOn, expiresAt, ...held] : [expiresAt, ...held];
}

function* changes(
  account: string,
  date: Day,
  before: readonly Generation[],
  now: readonly Generation[],
): Generator<Event> {
  for (const { name, expiresAt, lifecycle, explanation } of before) {
    if (expiresAt === date && lifecycle !== "retired") {
      yield { date, account, event: "expire", generation: name, explanation };
    }
  }
  for (const { name, date: opened, expiresAt, lifecycle, explanation } of now) {
    const was = before.find((one) => one.name === name)?.lifecycle;
    if (lifecycle === was) continue;
    if (lifecycle === "current") {
      yield { date, account, event: opened === date ? "mint" : "switch", generation: name, explanation };
    } else if (lifecycle === "retired" && date < expiresAt) {
      yield { date, account, event: "retire", generation: name, explanation };
    }
  }
}

function soonestFirst(all: readonly Event[]): readonly Event[] {
  const key = ({ date, account }: Event) => `${date} ${account}`;
  return [...all].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
