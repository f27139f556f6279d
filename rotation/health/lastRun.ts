import type { AccountDeclaration } from "../declaration/declaration";
import type { Alarm } from "./seen";

/** How the last run ended for an account. */
export interface LastRun {
  /** What its steps failed of, but the proof; the lines of each end with what to do. */
  readonly faults: readonly string[];
  /** The proof of the token in use by its pipelines. */
  readonly proof?: {
    readonly generation: string;
    readonly tokenId: number;
    readonly status: "passed" | "running" | "failed";
    readonly attempts: number;
    readonly maxAttempts: number;
    /** The places hold the earlier token again. */
    readonly putBack: boolean;
    /** What it failed of in the last run, what became of the places and what to do; empty when nothing did. */
    readonly fault: string;
  };
}

/** What the last run failed of, and a proof that came to no good end, each once: GitLab's lists do not tell it. */
export function lastRunAlarms({ name: account }: AccountDeclaration, left: LastRun | undefined): Alarm[] {
  if (left === undefined) return [];
  const alarm = (level: Alarm["level"], message: string): Alarm => ({ level, account, message });
  const told = [...new Set(left.faults)].map((fault) => alarm("due", `the last run failed: ${sentence(fault)}`));
  return left.proof === undefined ? told : [...told, ...proofAlarm(left.proof, alarm)];
}

function proofAlarm(
  { generation, tokenId, status, attempts, maxAttempts, putBack, fault }: NonNullable<LastRun["proof"]>,
  alarm: (level: Alarm["level"], message: string) => Alarm,
): Alarm[] {
  const title = `generation ${generation} (token ${tokenId}) is not proven`;
  const failed = `${attempts} of ${maxAttempts} attempts failed`;
  if (fault !== "") {
    const open = status === "passed" ? "" : status === "running" ? `${title} yet. ` : `${title}, ${failed}. `;
    return [alarm("due", `${open}${open === "" ? "the" : "The"} last run failed: ${sentence(fault)}`)];
  }
  if (status === "passed") return [];
  if (status === "running") return [alarm("note", `${title} yet: the next run looks again.`)];
  const held = putBack ? "the places hold the earlier token again" : "the places were left with the new token";
  const next =
    attempts < maxAttempts
      ? 'The next "npm run up" sets the new token again, and tries again.'
      : "No run tries again until the pipelines or the generation change: mend the cause, then add an entry to rotation.extraDates.";
  return [alarm("due", `${title}: ${failed}, and ${held}; no token is revoked. ${next}`)];
}

function sentence(fault: string): string {
  return fault.trimEnd().replace(/\.?$/, ".");
}
