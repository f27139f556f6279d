import { days, hours } from "../time";
import type { Verdict } from "./violation";

/** A token that took another one's place. */
export interface Successor {
  readonly id: number;
  readonly alive: boolean;
  /** When every place of the account held it for the first time. */
  readonly placedAt: number | undefined;
  /** When it was proven as declared: by the pipelines, or where there are none by a use. */
  readonly provenAt: number | undefined;
}

/** A token that the product revoked, and what was known at that moment. */
export interface Revocation {
  readonly id: number;
  readonly now: number;
  /** The declared places, of whatever account, that hold it. */
  readonly heldBy: readonly string[];
  /** Whether a declared place ever held it, or an account adopted it: what a lost answer left behind was nowhere. */
  readonly wasInUse: boolean;
  /** It leaked, its account came to its end, or its removal was asked for: no successor is waited for. */
  readonly isAsked: boolean;
  /** The newer tokens of its account. */
  readonly successors: readonly Successor[];
  readonly overlapDays: number;
  /** By how much the clocks of the runs so far differed. */
  readonly clocksDiffer?: number;
}

/** One proven at night is not over a minute later: the product may count an overlap this much shorter. */
const shorter = hours(12);

/** Whether a token died too early. */
export function judgeRevocation(seen: Revocation): Verdict {
  const { id, now, heldBy, wasInUse, isAsked, successors, overlapDays, clocksDiffer = 0 } = seen;
  if (heldBy.length > 0)
    return { what: "a token was revoked while a declared place held it", detail: `token ${id}, ${heldBy.join(", ")}` };
  if (isAsked || !wasInUse) return undefined;
  const proven = successors.filter(
    ({ alive, placedAt, provenAt }) => alive && placedAt !== undefined && provenAt !== undefined,
  );
  if (proven.length === 0)
    return { what: "a token was revoked before its successor was proven", detail: `token ${id}` };
  const since = proven.map(({ placedAt = now, provenAt = now }) => Math.max(placedAt, provenAt));
  const first = Math.min(...since);
  if (now >= first + days(overlapDays) - shorter - clocksDiffer) return undefined;
  return {
    what: "a token was revoked inside the overlap",
    detail: `token ${id}, ${Math.round((now - first) / 1000)} s of ${overlapDays} days after its successor was proven and in place`,
  };
}
