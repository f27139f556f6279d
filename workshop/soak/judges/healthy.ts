import { days, hours } from "../time";
import type { Verdict } from "./violation";

/** An account without a fault of its own, at the end of a run that was to see to it, with servers that worked. */
export interface Healthy {
  readonly now: number;
  /** What its places hold: the same living token, or not. */
  readonly standing: { readonly id: number; readonly createdAt: number } | undefined;
  /** The day of the generation that the calendar wants in use; none before the first rotation. */
  readonly wantedSince: number | undefined;
  /** Its older living tokens that no place holds. */
  readonly older: readonly {
    readonly id: number;
    readonly hasLeaked: boolean;
    readonly lastUsedAt: number | undefined;
    /** Since when its successor is proven and in place. */
    readonly successorSince: number | undefined;
  }[];
  readonly overlapDays: number;
}

/** Whether all that was due was done. */
export function judgeHealthy({ now, standing, wantedSince, older, overlapDays }: Healthy): Verdict {
  const leaked = older.filter(({ hasLeaked }) => hasLeaked);
  if (leaked.length > 0) return { what: "a leaked token lives on", detail: `token ${ids(leaked)}` };
  if (standing === undefined) return { what: "its places do not hold one living token", detail: "" };
  if (wantedSince !== undefined && standing.createdAt < wantedSince - hours(12))
    return {
      what: "a rotation that was due was not done",
      detail: `token ${standing.id}, due ${new Date(wantedSince).toISOString()}`,
    };
  // A day more than the overlap, for the hours that days do not tell.
  const due = days(overlapDays + 1);
  const overdue = older.filter(
    ({ successorSince, lastUsedAt }) =>
      successorSince !== undefined && now >= successorSince + due && now >= (lastUsedAt ?? 0) + due,
  );
  if (overdue.length === 0) return undefined;
  return { what: "a retirement that was due was not done", detail: `token ${ids(overdue)}` };
}

function ids(tokens: readonly { readonly id: number }[]): string {
  return tokens.map(({ id }) => id).join(", ");
}
