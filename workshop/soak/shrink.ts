import type { History, Step } from "./fleet/steps";
import type { Violation } from "./judges/violation";

/** Plays a history on new servers, up to its first violations. */
export type Play = (history: History) => Promise<readonly Violation[]>;

/** What makes two violations the same one. */
export const signature = ({ judge, what }: Violation): string => `${judge}: ${what}`;

/** What was done to its account last: two violations that look alike may come from different things. */
export function cause({ account }: Violation, steps: readonly Step[]): string {
  const subject = Number(/^a(\d+)/.exec(account)?.[1] ?? Number.NaN);
  const kinds = steps.flatMap((step) => {
    if (step.do === "edit") {
      const { edit } = step;
      const touches = ("at" in edit && edit.at === subject) || ("to" in edit && edit.to === subject) || !("at" in edit);
      return touches ? [`${edit.kind}`] : [];
    }
    if (step.do === "run") {
      if (step.replace?.at === subject) return ["replace"];
      return step.target?.includes(subject) ? ["target"] : [];
    }
    return "at" in step && step.at === subject ? [step.do] : [];
  });
  return [...new Set(kinds.reverse())].slice(0, 2).join(", ") || "nothing of its own";
}

/**
 * A shorter history with the same violation: first only the accounts that it speaks of, then as few steps as can be found
 * until the time is up.
 */
export async function shrink(history: History, violation: Violation, play: Play, until: () => boolean) {
  let best = history;
  let seen = violation;
  const fails = async (candidate: History): Promise<boolean> => {
    const found = (await play(candidate)).find((one) => signature(one) === signature(violation));
    if (found === undefined) return false;
    best = candidate;
    seen = found;
    return true;
  };
  for (const members of fewer(history, violation)) {
    if (until()) return { history: best, violation: seen };
    if (members.length < best.members.length && (await fails(withMembers(history, members)))) break;
  }
  // A day less here and there is no matter; a step less is. Halves first, then quarters, and so on.
  for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = best.steps.length - size - 1; at >= 0; at -= size) {
      if (until()) return { history: best, violation: seen };
      await fails(without(best, Math.max(0, at), size));
    }
  }
  return { history: best, violation: seen };
}

/** The last step shows the violation. Of what is left out the time still passes. */
function without(history: History, at: number, size: number): History {
  const gone = history.steps.slice(at, at + size);
  const hours = gone.reduce((sum, step) => sum + (step.do === "pass" ? step.hours : 0), 0);
  const rest: Step[] = hours === 0 || hours === sumOf(gone) ? [] : [{ do: "pass", hours }];
  const passes = gone.some((step) => step.do !== "pass") && hours > 0 ? [{ do: "pass", hours } as const] : rest;
  return { ...history, steps: [...history.steps.slice(0, at), ...passes, ...history.steps.slice(at + size)] };
}

function sumOf(steps: readonly Step[]): number {
  return steps.length === 1 && steps[0]?.do === "pass" ? steps[0].hours : -1;
}

/** Smaller sets of accounts: those that the violation and the faults before it speak of, then with more beside. */
function fewer({ members, steps }: History, { account, detail }: Violation): readonly (readonly number[])[] {
  const subject = Number(/^a(\d+)/.exec(account)?.[1] ?? members[0]?.at);
  const named = [...detail.matchAll(/\ba(\d{2})s?\b/gi)].map(([, digits]) => Number(digits));
  const acted = steps.flatMap((step) => [
    ...("at" in step ? [step.at] : []),
    ...(step.do === "edit" && "at" in step.edit ? [step.edit.at] : []),
  ]);
  const latest = acted.slice(-4);
  const sets = [[subject], [subject, ...named], [subject, ...named, ...latest], [subject, ...named, ...acted]];
  const there = new Set(members.map(({ at }) => at));
  return sets.map((set) => [...new Set(set)].filter((at) => there.has(at)));
}

function withMembers(history: History, kept: readonly number[]): History {
  return { ...history, members: history.members.filter(({ at }) => kept.includes(at)) };
}
