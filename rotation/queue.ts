import { openings } from "./calendar";
import { addDays, type Day, toNumber, weekdayIndex } from "./day";
import type { AccountDeclaration, Settings } from "./declaration";
import { adopted } from "./generations";

/** A rotation that waits its turn. */
export interface Waiting {
  /** The generation that does not open yet. */
  readonly generation: string;
  /** Why, in a sentence. */
  readonly explanation: string;
}

/** What the queue is made of. */
export type Queued = Pick<Settings, "maxRotationsPerRun" | "freezes" | "accounts">;

interface Due {
  readonly account: string;
  readonly generation: string;
  readonly date: Day;
  /** When the token dies that it replaces; undefined when there is none that is known. */
  readonly dies: Day | undefined;
}

/** How far back the queue is looked at: what has waited longer than that goes at once. */
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
  const from = addDays(today, -REACH);
  const due = settings.accounts.flatMap((account) => openedBetween(account, settings, from, today));
  const days = [...due].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  let queue: Due[] = [];
  for (let day = days[0]?.date ?? today; day <= today; day = addDays(day, 1)) {
    const opening = days.filter(({ date }) => date === day);
    // A later rotation of the same account takes the place of one that still waits.
    queue = [...queue.filter(({ account }) => opening.every((one) => one.account !== account)), ...opening].sort(
      byDeath,
    );
    const rotating = rotatingOn(day, queue, most, settings);
    queue = queue.filter((one) => !rotating.has(one));
  }
  const explanation = `Waits its turn: at most ${most} ${most === 1 ? "account rotates" : "accounts rotate"} in a run (maxRotationsPerRun), those first whose token dies first.`;
  return new Map(queue.map(({ account, generation }) => [account, { generation, explanation }]));
}

/** Those of a queue that rotate on a day. What opens on the very day may, the calendar has seen to that. */
function rotatingOn(day: Day, queue: readonly Due[], most: number, { freezes }: Queued): ReadonlySet<Due> {
  const urgent = queue.filter(({ dies }) => dies !== undefined && dies <= addDays(day, 1));
  const isOff = weekdayIndex(toNumber(day)) >= 5 || freezes.some(({ from, to }) => from <= day && day <= to);
  const ready = isOff ? queue.filter((one) => one.date === day || urgent.includes(one)) : queue;
  return new Set(ready.slice(0, Math.max(urgent.length, most)));
}

function openedBetween(account: AccountDeclaration, { freezes }: Queued, from: Day, today: Day): Due[] {
  const { name, rotation, adopt, compromised } = account;
  const result: Due[] = [];
  let before = adopt?.expiresAt;
  let replaced: string = adopted;
  for (const { name: generation, date } of openings(rotation, freezes, addDays(from, -rotation.lifetimeDays))) {
    if (date > today) break;
    // What replaces a token that leaked never waits, and takes nobody's turn: others may have had theirs today.
    const isLeaked = compromised.some((leak) => leak.on === date || leak.generation === replaced);
    if (date >= from && !isLeaked) result.push({ account: name, generation, date, dies: before });
    before = addDays(date, rotation.lifetimeDays);
    replaced = generation;
  }
  return result;
}

function byDeath(a: Due, b: Due): number {
  const key = ({ dies = "9999-12-31", date, account }: Due) => `${dies} ${date} ${account}`;
  return key(a) < key(b) ? -1 : 1;
}
