import type { Plan, StackPlan } from "../rotation/plan/plan";
import { type Case, junit } from "./junit";
import { faultPlace } from "./words";

/**
 * A plan for GitLab's test reports: each account a case, which fails of what the plan objects to. A merge request then shows
 * which accounts fail that do not on its target branch.
 */
export function planTests({ stacks }: Plan): string {
  return junit(
    "pat-rotation plan",
    stacks.map((stack) => ({
      name: `pat-rotation plan of ${stack.stack}`,
      cases: [settingsOf(stack), ...casesOf(stack)],
    })),
  );
}

/** Nothing is planned where settings cannot be used. */
function settingsOf(stack: StackPlan): Case {
  const failures = stack.faults.map(
    (fault) => `${faultPlace(fault)}: ${fault.path}: found ${fault.found}. Write ${fault.expected}.`,
  );
  return { name: "(settings)", failures, notes: failures.length === 0 ? [stack.summary] : [] };
}

/** Those that the edit takes away among them. */
function casesOf({ accounts, rewrites, gaps, findings }: StackPlan): readonly Case[] {
  const names = new Set([...accounts, ...rewrites, ...gaps, ...findings].map(({ account }) => account));
  return [...names].map((name) => {
    const isIts = (one: { readonly account: string }) => one.account === name;
    const told = (severity: string) => findings.filter((one) => isIts(one) && one.severity === severity);
    return {
      name,
      failures: [
        ...rewrites.filter(isIts).map(({ explanation }) => explanation),
        ...gaps.filter(isIts).map(({ explanation }) => explanation),
        ...told("error").map(({ policy, message }) => `${policy}: ${message}`),
      ],
      notes: told("warning").map(({ policy, message }) => `${policy}: ${message}`),
    };
  });
}
