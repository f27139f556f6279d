import { addDays, type Day, daysBetween, show } from "../../ground/day";
import type { AccountDeclaration, Freeze } from "../declaration/declaration";
import { rotatesItself } from "../declaration/self";
import { type Opening, openings } from "./calendar";
import { remembered } from "./remembered";

/** What the dates ask for: minted and in use; alive beside its successor; or to be revoked as soon as that is safe. */
export type Lifecycle = "current" | "previous" | "retired";

/** One token of an account over its whole life. */
export interface Generation {
  /** Its date, such as `2026-11-23` or `2026-11-23.2`; `adopted` for the hand-made token. */
  readonly name: string;
  /** The day it opens; absent for `adopted`. */
  readonly date?: Day;
  /** The day its token dies, at 00:00 UTC. */
  readonly expiresAt: Day;
  /** What the dates ask for. */
  readonly lifecycle: Lifecycle;
  /** The day from which its token is to be revoked. */
  readonly retireOn: Day;
  /** Days that its successor's proof must be old before it is revoked: 0 for a compromised one. */
  readonly overlapDays: number;
  /** Why it is what it is, in sentences. */
  readonly explanation: string;
}

/** The name of the hand-made token's generation. */
export const adopted = "adopted";

/** A generation with the day on which the dates alone would have the next one take over. */
interface Dated {
  readonly name: string;
  readonly date?: Day;
  readonly expiresAt: Day;
  readonly until: Day;
  readonly reason: readonly string[];
}

/**
 * The generations that exist on a day, oldest first: those that have opened and not expired, and in any case the current
 * one and the one before it. None before the first rotation, unless a token was adopted.
 *
 * The one before the current is listed even when it has expired (`adopted` among them): its retirement is the step that
 * sweeps leftovers of lost answers, however late it comes; an adopted value is captured, or known to be lost, in the same
 * way however late the first run; and a token whose declared expiry is wrong is met before it is forgotten.
 *
 * @param waiting - generations that have not opened although their days have come: they wait their turn.
 */
export const generations = remembered(reckoned);

function reckoned(
  account: AccountDeclaration,
  freezes: readonly Freeze[],
  today: Day,
  waiting: readonly string[] = [],
): readonly Generation[] {
  const all = dated(account, freezes, today);
  const held = heldOf(account, all, today, waiting);
  // What a hold kept back is there already, and may live: while it waits its turn, all stays as the hold had it.
  const opened = held === undefined ? all.filter(({ name }) => !waiting.includes(name)) : all;
  const latest = opened.at(-1);
  if (latest === undefined) return [];
  const current = held ?? latest;
  const result: Generation[] = [];
  for (const [position, one] of opened.entries()) {
    const { name, date, expiresAt, reason } = one;
    // A token that rotates itself lives alone: the one before it died when this one was made, and later ones do not exist.
    if (rotatesItself(account.account) && one !== current) continue;
    const judged = judge(account, one, current, position > opened.indexOf(current), today);
    const pinned = one === current || position === opened.indexOf(current) - 1;
    if (expiresAt <= today && !pinned) continue;
    const { explanation, ...asked } = judged;
    const day = date === undefined ? {} : { date };
    result.push({ name, ...day, expiresAt, ...asked, explanation: [...reason, explanation].join(" ") });
  }
  return result;
}

/** The generation that a hold keeps in use, also beyond its end while what comes after it waits its turn. */
function heldOf(
  account: AccountDeclaration,
  all: readonly Dated[],
  today: Day,
  waiting: readonly string[],
): Dated | undefined {
  const one = all.find(({ name }) => name === account.holdAt);
  if (one === undefined || today < holdEnds(account, one.expiresAt)) return one;
  const next = all[all.indexOf(one) + 1];
  return next !== undefined && waiting.includes(next.name) ? one : undefined;
}

/** What the dates ask of one generation, and why. */
function judge(
  account: AccountDeclaration,
  one: Dated,
  current: Dated,
  waits: boolean,
  today: Day,
): Pick<Generation, "lifecycle" | "retireOn" | "overlapDays" | "explanation"> {
  const { overlapDays } = account.rotation;
  const retireOn = retirement(account, one);
  if (account.decommission !== undefined) {
    const explanation = `To be revoked: the account is decommissioned (${account.decommission.reason}).`;
    return { lifecycle: "retired", retireOn: one.until, overlapDays: 0, explanation };
  }
  if (one === current) {
    return { lifecycle: "current", retireOn, overlapDays, explanation: currentText(account, one, today) };
  }
  const leak = account.compromised.find(({ generation }) => generation === one.name);
  if (leak !== undefined) {
    const explanation = `Compromised (${leak.reason}): to be retired without overlap, as ${current.name} is current.`;
    return { lifecycle: "retired", retireOn: one.until, overlapDays: 0, explanation };
  }
  if (waits) {
    return { lifecycle: "previous", retireOn, overlapDays, explanation: waitText(account, current, today) };
  }
  if (today < retireOn) {
    const explanation = `Kept beside its successor until ${show(retireOn)}.`;
    return { lifecycle: "previous", retireOn, overlapDays, explanation };
  }
  const explanation = `To be retired since ${show(retireOn)}; ${expiry(one, today)}.`;
  return { lifecycle: "retired", retireOn, overlapDays, explanation };
}

/** The next generation to open after a day. */
export const nextOpening = remembered(openingAfter);

function openingAfter(account: AccountDeclaration, freezes: readonly Freeze[], today: Day): Opening {
  for (const opening of openings(account.rotation, freezes, addDays(today, 1))) return opening;
  throw new Error(`Looking for the rotation of "${account.name}" after ${today}: a calendar without end ended`);
}

/** The day of an account's first rotation, whose token is not minted yet: the day that has come, or the next one. */
export function firstRotation(
  account: AccountDeclaration,
  freezes: readonly Freeze[],
  today: Day,
  waiting?: readonly string[],
): Day {
  const opened = generations(account, freezes, today, waiting).find(({ date }) => date !== undefined);
  return opened?.date ?? nextOpening(account, freezes, today).date;
}

/** The day on which a hold ends by itself, so that the token that takes over has time to be proved. */
export function holdEnds(account: AccountDeclaration, expiresAt: Day): Day {
  return addDays(expiresAt, -account.rotation.marginDays);
}

/** What has opened and may still live; the last one in any case. */
function dated(account: AccountDeclaration, freezes: readonly Freeze[], today: Day): readonly Dated[] {
  const { lifetimeDays } = account.rotation;
  const result: Dated[] = [];
  // A gap is shorter than a lifetime: so the current one, all that can live, and the one before them are among these.
  const oldest = addDays(today, -2 * lifetimeDays);
  let pending: Opening | undefined;
  const close = (until: Day) => {
    if (pending === undefined) return;
    const { name, date, reason } = pending;
    result.push({ name, date, expiresAt: addDays(date, lifetimeDays), until, reason });
  };
  for (const opening of openings(account.rotation, freezes, oldest)) {
    close(opening.date);
    pending = opening;
    if (opening.date > today) break;
  }
  return withAdopted(account, freezes, today, result);
}

/** The hand-made token, before all others, for as long as it may be wanted. */
function withAdopted(
  account: AccountDeclaration,
  freezes: readonly Freeze[],
  today: Day,
  opened: readonly Dated[],
): readonly Dated[] {
  const { adopt, rotation } = account;
  if (adopt === undefined) return opened;
  for (const { date } of openings(rotation, freezes)) {
    const isBeforeCurrent = opened.length === 0 || (opened.length === 1 && opened[0]?.date === date);
    if (today >= adopt.expiresAt && !isBeforeCurrent) return opened;
    const reason = [`The token made by hand, GitLab id ${adopt.tokenId}.`];
    return [{ name: adopted, expiresAt: adopt.expiresAt, until: date, reason }, ...opened];
  }
  return opened;
}

/** The day from which a token is retired. After a hold that ran out, the overlap counts from its end. */
function retirement(account: AccountDeclaration, one: Dated): Day {
  const ends = one.name === account.holdAt ? holdEnds(account, one.expiresAt) : one.until;
  return addDays(one.until, Math.max(0, daysBetween(one.until, ends)) + account.rotation.overlapDays);
}

function currentText(account: AccountDeclaration, one: Dated, today: Day): string {
  const expires = `${expiry(one, today)}.`;
  const rotated =
    rotatesItself(account.account) && one.date !== undefined
      ? " The token before it rotates itself into this one, and dies in that moment."
      : "";
  return `Current ${currency(account, one, today)}; ${expires}${rotated}`;
}

function waitText(account: AccountDeclaration, { name, expiresAt }: Dated, today: Day): string {
  return today < holdEnds(account, expiresAt)
    ? `Waits while ${name} is held.`
    : `Waits its turn: ${name} is still in use.`;
}

/** Until when one is current, and by what: a hold counts only while it lasts, and beyond the dates. */
function currency(account: AccountDeclaration, one: Dated, today: Day): string {
  const ends = holdEnds(account, one.expiresAt);
  if (one.name === account.holdAt && today < ends && one.until < ends)
    return `because holdAt says so, until ${show(ends)} at the latest`;
  return today < one.until
    ? `until ${show(one.until)}`
    : `until its successor, due since ${show(one.until)}, has its turn`;
}

function expiry({ expiresAt }: Dated, today: Day): string {
  return `it ${expiresAt <= today ? "expired" : "expires"} on ${show(expiresAt)}`;
}
