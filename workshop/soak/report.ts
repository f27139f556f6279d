import { type History, tell } from "./fleet/steps";
import type { Violation } from "./judges/violation";
import type { Tally } from "./stage";

/** A violation with the history that shows it. */
export interface Finding {
  readonly seed: number;
  readonly violation: Violation;
  readonly history: History;
  /** Minutes of the soak until it was seen. */
  readonly minutes: number;
}

/** A finding for people: what was seen, and the few steps that lead to it. */
export function findingText({ seed, violation, history, minutes }: Finding): string {
  const { judge, account, at, what, detail } = violation;
  const members = history.members.map(
    (one) =>
      `  a${String(one.at).padStart(2, "0")}: every ${one.everyDays} days, lives ${one.lifetimeDays}, overlap ${one.overlapDays}, first in ${one.startsIn}, proof ${one.proof}${one.spare ? ", two variables" : ""}`,
  );
  return [
    `VIOLATION (${judge}) ${account} at ${at}: ${what}; ${detail}`,
    `  seed ${seed}, seen after ${minutes.toFixed(1)} min; runs are ${history.wrapped ? "npm run up" : "plain pulumi up"}; health ${history.health ? "on" : "off"}`,
    ...members,
    ...history.steps.map((step) => `    ${tell(step)}`),
  ].join("\n");
}

/** Adds one tally to another. */
export function add(one: Tally, other: Tally): Tally {
  const sum = (name: keyof Tally) => one[name] + other[name];
  return {
    runs: sum("runs"),
    requests: sum("requests"),
    rotations: sum("rotations"),
    revocations: sum("revocations"),
    virtualDays: sum("virtualDays"),
    inRuns: sum("inRuns"),
  };
}

/** The figures, in the last lines of a soak. */
export function figures(level: string, tally: Tally, minutes: number, counts: ReadonlyMap<string, number>): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [
    ...[...counts].map(([what, count]) => `${String(count).padStart(5)} × ${what}`),
    `${level} level: ${tally.rotations} rotations, ${tally.revocations} revocations, ${tally.runs} runs, ${tally.requests} requests,`,
    `${Math.round(tally.virtualDays)} simulated days in ${minutes.toFixed(1)} min, of which ${(tally.inRuns / 60_000).toFixed(1)} in runs.`,
    `${total} violations.`,
  ].join("\n");
}
