import type { OwnerInputs } from "./tokenOwner";

/** A CI/CD variable that is to hold the token. */
export interface VariableTarget {
  readonly project?: string;
  readonly group?: string;
  readonly instance?: boolean;
  readonly key: string;
  readonly environmentScope?: string;
  readonly protected?: boolean;
}

/** A place in 1Password that is to hold the token: a field of an item that exists, or an item of its own. */
export interface ItemTarget {
  readonly vault: string;
  readonly item?: string;
  readonly field?: string;
  readonly section?: string;
  readonly newItem?: string;
}

/**
 * A pipeline whose success proves a token. One of `schedule`, `ref` and `job` says which; without them the jobs that are
 * named are observed, on the default branch.
 */
export interface PipelineTarget {
  readonly project: string;
  readonly schedule?: string;
  readonly ref?: string;
  readonly job?: string;
  readonly observed?: boolean;
  readonly jobs?: readonly string[];
  /** @default 30 */
  readonly waitMinutes?: number;
}

/** An account as declared for the day of the run. */
export interface AccountInputs extends OwnerInputs {
  readonly account: string;
  readonly fleet: string;
  readonly username: string;
  readonly scopes: readonly string[];
  readonly generations: readonly {
    readonly name: string;
    readonly lifecycle: "current" | "previous" | "retired";
    readonly expiresAt: string;
  }[];
  readonly variables: readonly VariableTarget[];
  readonly items: readonly ItemTarget[];
  readonly pipelines: readonly PipelineTarget[];
  readonly adopt?: { readonly tokenId: number; readonly expiresAt: string };
  /** The day of the first rotation, while that is to come. */
  readonly beginsOn?: string;
  /** What is wrong with the declaration; then all else of it is not to be relied on. */
  readonly faults?: readonly string[];
  readonly compromised?: readonly Compromise[];
  /** The account's number where the stack owns it: one that is not made yet is not looked for in a preview. */
  readonly serviceAccountId?: string;
  /** GitLab's name of the token; for a plain user's, which keeps it when it rotates itself. */
  readonly tokenName?: string;
}

/** A generation whose token leaked. */
export interface Compromise {
  readonly generation: string;
  readonly reason: string;
  /** The day on which another opens to replace it. */
  readonly on?: string;
}

/** A generation that was opened and has not expired. */
export interface Opened {
  readonly name: string;
  readonly expiresAt: string;
}

/** An account as it was found. */
export interface AccountOutputs extends AccountInputs {
  readonly userId: number;
  readonly opened: readonly Opened[];
}

/** What a pipeline target means, in words. */
export function targetTitle({ schedule, ref, job, jobs = [] }: PipelineTarget): string {
  if (schedule !== undefined) return `schedule "${schedule}"`;
  if (ref !== undefined) return `ref "${ref}"`;
  return job !== undefined ? `job "${job}"` : `job ${jobs.map((name) => `"${name}"`).join(", ")}`;
}
