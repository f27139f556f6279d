import { instantNamedBy, isSandbox, mayPretend, pretence } from "./clock";

export { isLoopback, isSandbox } from "./clock";

/** The run that this process serves, as its program told. */
let run: { readonly day: string; readonly preview: boolean } | undefined;

/** How far the day of a run that pretends nothing may be from this machine's, in milliseconds: midnight may pass meanwhile. */
const NEAR = 2 * 86_400_000;

/**
 * Takes the day that the program works for, so that a run has one: `diff` and every step go by it, and in a preview by the
 * time that is pretended.
 *
 * @throws when an update of anything but the sandbox would work for another day than it is.
 */
export function workFor(day: string, preview: boolean, env: NodeJS.ProcessEnv = process.env): void {
  if (!mayPretend(env, preview) && Math.abs(Date.now() - Date.parse(day)) > NEAR)
    throw new Error(
      `Beginning an update for ${day}: it works for the real date only, or a token could be revoked early.`,
    );
  run = { day, preview };
}

/** Forgets it: another run begins. */
export function forgetRun(): void {
  run = undefined;
}

/**
 * The time that providers go by, in UTC: the one place that reads the clock.
 *
 * `PAT_ROTATION_AS_OF` stands in for it where it may: see {@link mayPretend}. Whether a run is a preview its program tells; where
 * none has told, as in a destroy, it is none. Elsewhere the pretended time is passed over.
 */
export function now(env: NodeJS.ProcessEnv = process.env): Date {
  const asOf = pretence(env);
  if (asOf === undefined || !mayPretend(env, run?.preview === true)) {
    return new Date();
  }
  const instant = instantNamedBy(asOf);
  if (instant === undefined) {
    throw new Error(
      `Reading PAT_ROTATION_AS_OF: "${asOf}" is no date. Write a day such as "2026-11-23", or an instant such as "2026-11-23T08:30:00Z".`,
    );
  }
  return instant;
}

/** The day it is, as `YYYY-MM-DD` in UTC: that of the run, where its program told; else that of {@link now}. */
export function today(env: NodeJS.ProcessEnv = process.env): string {
  return run?.day ?? now(env).toISOString().slice(0, 10);
}

/** The day that comes so many days after another. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/**
 * How far this machine's clock is ahead of a server's, given the `Date` of an answer that just came, in milliseconds. None
 * against the sandbox with a pretended time, which its answers bear as well.
 */
export function ahead(date: string | null, env: NodeJS.ProcessEnv = process.env): number {
  const difference = Date.now() - Date.parse(date ?? "");
  const isPretended = pretence(env) !== undefined && isSandbox(env);
  return isPretended || Number.isNaN(difference) ? 0 : difference;
}
