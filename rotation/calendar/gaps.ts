import { addDays, type Day, days, daysBetween, show } from "../../ground/day";
import type { AccountDeclaration, Freeze, Settings } from "../declaration/declaration";
import { currentOf } from "../plan/effects";
import { generations } from "./generations";
import { eventsUntil } from "./upcoming";

/** A stretch of time in which an account has no token that lives, as its dates are declared. */
export interface Gap {
  /** Name of the account. */
  readonly account: string;
  /** The generation whose token is dead. */
  readonly generation: string;
  /** The day from which it is dead, at 00:00 UTC. */
  readonly from: Day;
  /** The day on which another takes over; absent when none does in the days looked at. */
  readonly until?: Day;
  /** What is wrong, and what to do, in sentences. */
  readonly explanation: string;
}

/**
 * The gaps that can still be planned away: those that end after a day, or begin within so many days from it. A token that
 * dies on the very day of its successor is dead before a run comes.
 */
export function gaps(settings: Settings, today: Day, ahead: number): readonly Gap[] {
  return settings.accounts
    .flatMap((account) => gapsOf(account, settings.freezes, today, addDays(today, ahead)))
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}

function gapsOf(account: AccountDeclaration, freezes: readonly Freeze[], today: Day, end: Day): readonly Gap[] {
  if (account.decommission !== undefined) return [];
  const result: Gap[] = [];
  let current = currentOf(generations(account, freezes, today));
  const close = (until: Day | undefined) => {
    const isOver = until !== undefined && until <= today;
    if (current === undefined || isOver || current.expiresAt > (until ?? end)) return;
    if (until === undefined && current.expiresAt >= end) return;
    result.push(gapOf(account, current.name, current.expiresAt, until, today));
  };
  for (const { date, event } of eventsUntil(account, freezes, addDays(today, 1), end)) {
    if (event !== "mint" && event !== "switch") continue;
    close(date);
    current = currentOf(generations(account, freezes, date));
  }
  close(undefined);
  return result;
}

function gapOf(account: AccountDeclaration, generation: string, from: Day, until: Day | undefined, today: Day): Gap {
  const is = from <= today ? "has been" : "is";
  const dead = `The token ${generation} ${is} dead from ${show(from)}, 00:00 UTC`;
  const last = addDays(from, -1);
  const earlier =
    last >= today
      ? `Have a rotation on ${show(last)} or before: an earlier rotation.startsOn, or a day more in rotation.extraDates.`
      : "Have a rotation today: an earlier rotation.startsOn, or today among rotation.extraDates.";
  const next =
    until === undefined
      ? "and nothing takes its place in the days looked at"
      : from === until
        ? "and the next is minted in a run of that day: until then nothing works"
        : `and the next is minted on ${show(until)}: ${days(daysBetween(from > today ? from : today, until))} without a token`;
  const explanation = `${dead}, ${next}. ${earlier}`;
  return { account: account.name, generation, from, ...(until === undefined ? {} : { until }), explanation };
}
