import { days } from "../ground/day";
import type { Entry, Plan, StackPlan } from "../rotation/plan/plan";

/** What happens, for people. */
export const eventWords: Readonly<Record<Entry["event"], string>> = {
  mint: "new token",
  switch: "other token",
  retire: "revoke old",
  expire: "expires",
};

/** What stands before what tokens may do after an edit, and might not before. */
export const widened = "May do more: ";

/** When, seen from the plan's day. */
export function dueWord({ due, inDays, atRisk }: Entry): string {
  if (due === "overdue") return "overdue";
  if (atRisk) return "AT RISK";
  if (due === "today") return "today";
  return due === "soon" ? `in ${days(inDays)}` : "";
}

/** What was read and compared. */
export function sourceText({ of, against, asOf }: Plan): string {
  return `${asOf}, ${of}${against === undefined ? "" : ` against ${against}`}`;
}

/** Where a fault is: `Pulumi.prod.yaml:14`. */
export function faultPlace({ file, line }: StackPlan["faults"][number]): string {
  return line === undefined ? file : `${file}:${line}`;
}
