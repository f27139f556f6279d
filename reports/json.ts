import { type Plan, type Verdict, verdict } from "../rotation/plan/plan";
import { shown } from "./plain";

/**
 * A plan for programs. `plan.schema.json`, beside this file, describes it. Within one version keys are only ever added; texts
 * are for people, may change, and are not escaped for any markup.
 */
export interface PlanDocument extends Plan {
  /** What this is. */
  readonly format: "pat-rotation/plan";
  /** Raised when a key changes its meaning or goes. */
  readonly version: 1;
  /** What it comes to; as the exit code of the command. */
  readonly verdict: Verdict;
}

/** A plan as JSON. */
export function json(plan: Plan): string {
  const document: PlanDocument = { format: "pat-rotation/plan", version: 1, verdict: verdict(plan.stacks), ...plan };
  return `${JSON.stringify(document, shown, 2)}\n`;
}
