import { addDays, type Day, daysBetween } from "../../ground/day";
import { eventsUntil } from "../../rotation/calendar/upcoming";
import type { AccountDeclaration, Freeze } from "../../rotation/declaration/declaration";

/** What was measured of one stack, of which the nights are made. */
export interface Measured {
  /** Seconds of a run with nothing due: of one without an account, and more for each. */
  readonly idle: { readonly run: number; readonly account: number };
  /** Seconds of a rotation from its first request to its last, and of a write to the vault, which go one after the other. */
  readonly rotation: { readonly seconds: number; readonly write: number };
  /** Seconds of the look at an account's health. */
  readonly look: number;
  /** Requests to GitLab: of a rotation, of a token that is retired, and of an account's health. */
  readonly requests: { readonly rotation: number; readonly retirement: number; readonly health: number };
  /** Requests that GitLab takes of one user in a minute, and how many users it shows in ten: each rotation looks at one. */
  readonly perMinute: number;
  readonly usersInTen: number;
}

/** One night of a fleet: a run and a look at the health of each stack, side by side. */
export interface Night {
  readonly day: Day;
  /** Accounts that rotate. */
  readonly rotations: number;
  /** Tokens that are retired. */
  readonly retirements: number;
  /** Minutes until the last stack is done. */
  readonly minutes: number;
  /** The most requests of one stack's user in a minute. */
  readonly busiest: number;
  /** Requests of all stacks. */
  readonly requests: number;
  /** Minutes of all jobs together: what CI bills. */
  readonly jobs: number;
}

/** What a stack does in a night, in the order in which it does it. */
interface Work {
  readonly accounts: number;
  readonly rotations: number;
  readonly retirements: number;
}

/**
 * The nights of a year from a day on, by the product's own calendar.
 *
 * @param stacks - the accounts of each, with a user of its own at GitLab.
 * @param runners - how many stacks run side by side.
 */
export function nights(
  stacks: readonly (readonly AccountDeclaration[])[],
  freezes: readonly Freeze[],
  from: Day,
  runners: number,
  measured: Measured,
): Night[] {
  const until = addDays(from, 365);
  const works = stacks.map((accounts) => byDay(accounts, freezes, from, until));
  return Array.from({ length: daysBetween(from, until) }, (_, at) => {
    const day = addDays(from, at + 1);
    return night(
      day,
      works.map((of, stack) => ({ accounts: stacks[stack]?.length ?? 0, ...(of.get(day) ?? none) })),
      runners,
      measured,
    );
  });
}

const none = { rotations: 0, retirements: 0 };

function byDay(
  accounts: readonly AccountDeclaration[],
  freezes: readonly Freeze[],
  from: Day,
  until: Day,
): ReadonlyMap<Day, Omit<Work, "accounts">> {
  const days = new Map<Day, { rotations: number; retirements: number }>();
  for (const account of accounts)
    for (const { date, event } of eventsUntil(account, freezes, from, until)) {
      const day = days.get(date) ?? { ...none };
      days.set(date, day);
      if (event === "mint") day.rotations += 1;
      if (event === "retire") day.retirements += 1;
    }
  return days;
}

/** The night on which every account rotates, as after a leak. */
export function worst(stacks: readonly number[], day: Day, runners: number, measured: Measured): Night {
  const works = stacks.map((accounts) => ({ accounts, rotations: accounts, retirements: 0 }));
  return night(day, works, runners, measured);
}

function night(day: Day, works: readonly Work[], runners: number, measured: Measured): Night {
  const jobs = works.map((work) => job(work, measured));
  // Each runner takes the next stack when it is free.
  const free = Array.from({ length: Math.min(runners, jobs.length) }, () => 0);
  for (const { minutes } of jobs) {
    const first = free.indexOf(Math.min(...free));
    free[first] = (free[first] ?? 0) + minutes;
  }
  const sum = (of: (one: (typeof jobs)[number]) => number) => jobs.reduce((total, one) => total + of(one), 0);
  return {
    day,
    rotations: works.reduce((total, { rotations }) => total + rotations, 0),
    retirements: works.reduce((total, { retirements }) => total + retirements, 0),
    minutes: Math.max(0, ...free),
    busiest: Math.max(0, ...jobs.map(({ busiest }) => busiest)),
    requests: sum(({ requests }) => requests),
    jobs: sum(({ minutes }) => minutes),
  };
}

/** One stack's: the run with what is due, then the look at its health. Beyond the limit of a minute the next one is waited for. */
function job(work: Work, { idle, rotation, look, requests, perMinute, usersInTen }: Measured) {
  const run = idle.run + idle.account * work.accounts;
  const due = work.rotations === 0 ? 0 : rotation.seconds + rotation.write * (work.rotations - 1);
  const changes = work.rotations * requests.rotation + work.retirements * requests.retirement;
  const looks = work.accounts * requests.health;
  const waits = (asked: number, limit: number, seconds: number) => Math.max(0, Math.ceil(asked / limit) - 1) * seconds;
  const held = Math.max(waits(changes, perMinute, 60), waits(work.rotations, usersInTen, 600));
  const seconds = run + Math.max(due, held) + Math.max(look * work.accounts, waits(looks, perMinute, 60));
  return {
    minutes: seconds / 60,
    requests: changes + looks,
    busiest: Math.min(perMinute, Math.max(changes, looks)),
  };
}
