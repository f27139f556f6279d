import { appendFileSync } from "node:fs";

/** A step that failed. */
export interface FailedStep {
  /** Pulumi's name of its resource. */
  readonly urn: string;
  /** What failed, in words; without secrets. */
  readonly message: string;
}

const inThisRun: FailedStep[] = [];

/** The steps that were noted since this process began: it lives for one run. */
export function notedFailures(): readonly FailedStep[] {
  return inThisRun;
}

const toldLimits = new Set<string>();

/** Whether a fault says what this process has not told yet: a limit that is used up stops every step, and is told once. */
export function isNews(message: string): boolean {
  const [limit] = /limit of requests is used up until [\d-]+ [\d:]+ UTC/.exec(message) ?? [];
  if (limit === undefined) return true;
  const isNew = !toldLimits.has(limit);
  toldLimits.add(limit);
  return isNew;
}

/**
 * Notes a step that failed: for the program, which ends in an error when all accounts have come to their end, and in the
 * file that `PAT_ROTATION_FAILURES` names, a line of JSON for each, for whoever started the run to sum them up.
 *
 * @param message - as it leaves for the engine: without secrets.
 */
export function noteFailure(urn: string, message: string, env: NodeJS.ProcessEnv = process.env): void {
  if (urn === "") return;
  inThisRun.push({ urn, message });
  const file = env.PAT_ROTATION_FAILURES;
  if (!file) return;
  try {
    appendFileSync(file, `${JSON.stringify({ urn, message })}\n`, { mode: 0o600 });
  } catch {
    // The engine tells the failure as well; a summary that lacks it must not change what becomes of the step.
  }
}
