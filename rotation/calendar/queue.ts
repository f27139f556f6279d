import { addDays, type Day, show, toNumber, weekdayIndex } from "../../ground/day";
import type { AccountDeclaration, Settings } from "../declaration/declaration";
import { openings } from "./calendar";
import { adopted, holdEnds } from "./generations";

/** A rotation that waits its turn. */
export interface Waiting {
  /** The generations that do not open yet, oldest first: the last of them has the turn, those before it never open in its place. */
  readonly generations: readonly string[];
  /** Why, in a sentence. */
  readonly explanation: string;
}

/** What the queue is made of. */
export type Queued = Pick<Settings, "maxRotationsPerRun" | "freezes" | "accounts">;

interface Due {
  readonly account: string;
  /** Oldest first: the last one opens, and those before it with it. */
  readonly generations: readonly string[];
  readonly date: Day;
  /** When the token dies that it replaces; undefined when there is none that is known. */
  readonly dies: Day | undefined;
}

/** How far back and ahead the queue is looked at, in days: what has waited longer than that goes at once. */
const REACH = 120;

/**
 * The rotations that are due on a day and wait, by account, because the stack rotates at most so many accounts in a run.
 *
 * There is no memory in it: the days since the queue was last empty are played through. Those go first whose token dies
 * first; one whose token is dead, or dies before the next day, goes at once, and nothing but that happens at weekends and in
 * freezes. One whose token leaked is in no queue.
 */
export function waiting(settings: Queued, today: Day): ReadonlyMap<string, Waiting> {
  const most = settings.maxRotationsPerRun;
  if (most === undefined) return new Map();
  let waits: readonly Due[] | undefined;
  const turns = new Map<string, Day>();
  for (const { day, queue, rotating } of played(settings, most, today)) {
    if (day < today) continue;
    waits ??= queue;
    for (const { account } of rotating) if (!turns.has(account)) turns.set(account, day);
    if (waits.every(({ account }) => turns.has(account))) break;
  }
  return new Map(
    (waits ?? []).map(({ account, generations }) => [
      account,
      { generations, explanation: whyOf(most, turns.get(account)) },
    ]),
  );
}

function whyOf(most: number, turn: Day | undefined): string {
  const accounts = most === 1 ? "account rotates" : "accounts rotate";
  const on = turn === undefined ? "" : ` Counted by days, whoever runs how often: its turn is on ${show(turn)}.`;
  return `Waits its turn: at most ${most} ${accounts} in a run (maxRotationsPerRun), those first whose token dies first.${on}`;
}

/** The days around one: who rotates, and who waits after that. */
function* played(settings: Queued, most: number, today: Day) {
  const { accounts } = settings;
  const [from, to] = [addDays(today, -REACH), addDays(today, REACH)];
  const due = accounts.flatMap((account) => openedBetween(account, settings, from, to));
  const days = [...due].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  const [{ date: first } = { date: today }] = days;
  let queue: readonly Due[] = [];
  for (let day = first < today ? first : today; day <= to; day = addDays(day, 1)) {
    const opening = days.filter(({ date }) => date === day);
    const ready = [...opening.reduce(joined, queue)].sort(byDeath);
    const rotating = rotatingOn(day, ready, most, settings);
    queue = ready.filter((one) => !rotating.has(one));
    yield { day, queue, rotating };
  }
}

/** A queue with one more. It takes the place of one of its account that still waits, whose token is still the one in use. */
function joined(queue: readonly Due[], one: Due): readonly Due[] {
  const before = queue.find(({ account }) => account === one.account);
  if (before === undefined) return [...queue, one];
  const generations = [...before.generations, ...one.generations];
  return queue.map((other) => (other === before ? { ...one, generations, dies: before.dies } : other));
}

/** Those of a queue that rotate on a day. What opens on the very day may, the calendar has seen to that. */
function rotatingOn(day: Day, queue: readonly Due[], most: number, { freezes }: Queued): ReadonlySet<Due> {
  const urgent = queue.filter(({ dies }) => dies !== undefined && dies <= addDays(day, 1));
  const isOff = weekdayIndex(toNumber(day)) >= 5 || freezes.some(({ from, to }) => from <= day && day <= to);
  const ready = isOff ? queue.filter((one) => one.date === day || urgent.includes(one)) : queue;
  return new Set(ready.slice(0, Math.max(urgent.length, most)));
}

function openedBetween(account: AccountDeclaration, { freezes }: Queued, from: Day, to: Day): Due[] {
  const { name, rotation, adopt, compromised } = account;
  const result: Due[] = [];
  const hold = holdOf(account);
  let heldBack: readonly string[] = [];
  let before = adopt?.expiresAt;
  let replaced: string = adopted;
  for (const { name: generation, date } of openings(rotation, freezes, addDays(from, -rotation.lifetimeDays))) {
    if (date > to) break;
    // What replaces a token that leaked never waits, and takes nobody's turn: others may have had theirs today.
    const isLeaked = compromised.some((leak) => leak.on === date || leak.generation === replaced);
    if (hold !== undefined && hold.from < date && date < hold.ends) heldBack = [...heldBack, generation];
    else if (date >= from && !isLeaked) result.push({ account: name, generations: [generation], date, dies: before });
    before = addDays(date, rotation.lifetimeDays);
    replaced = generation;
  }
  // Of several that a hold kept back the newest takes over, when it ends: that day it is due like others.
  if (hold === undefined || heldBack.length === 0 || hold.ends < from || hold.ends > to) return result;
  return [{ account: name, generations: heldBack, date: hold.ends, dies: hold.dies }, ...result];
}

/** What a hold keeps back: the rotations after the one that is held, until it ends by itself. */
function holdOf(account: AccountDeclaration): { from: Day; ends: Day; dies: Day } | undefined {
  const { adopt, holdAt, rotation } = account;
  if (holdAt === undefined) return undefined;
  const from = holdAt === adopted ? "" : holdAt.slice(0, "2026-11-23".length);
  const dies = holdAt === adopted ? adopt?.expiresAt : addDays(from, rotation.lifetimeDays);
  return dies === undefined ? undefined : { from, ends: holdEnds(account, dies), dies };
}

function byDeath(a: Due, b: Due): number {
  const key = ({ dies = "9999-12-31", date, account }: Due) => `${dies} ${date} ${account}`;
  return key(a) < key(b) ? -1 : 1;
}
