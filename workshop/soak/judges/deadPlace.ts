import { days } from "../time";
import type { Verdict } from "./violation";

/** A run that ended, with servers that worked, and in which the account could be rotated. */
export interface Chance {
  readonly at: number;
  /** How long before its end a token was to be replaced, as declared then: the overlap and the margin, or where its pipeline was red the margin alone. */
  readonly windowDays: number;
  /** Whether it was red before the first rotation of the place's account, which says of such a place what is to be done. */
  readonly warnedBeforeFirst?: boolean;
}

/** A declared place that holds a dead token. */
export interface DeadPlace {
  readonly place: string;
  readonly tokenId: number;
  readonly diedAt: number;
  readonly now: number;
  /** Since when the place is declared, and holds that token. */
  readonly since: number;
  /** Whether the product wrote it there after its death. */
  readonly wasWrittenDead: boolean;
  /** Whether it is another account's: the place moved to one that has not begun, whose dates give no run a chance. */
  readonly isAnothers?: boolean;
  readonly chances: readonly Chance[];
}

/** Whether a place holds a dead token although a run had the chance to see to it. */
export function judgeDeadPlace(seen: DeadPlace): Verdict {
  const { place, tokenId, diedAt, now, since, wasWrittenDead, isAnothers, chances } = seen;
  const detail = `token ${tokenId} in ${place}, dead since ${new Date(diedAt).toISOString()}`;
  if (wasWrittenDead) return { what: "a dead token was written into a declared place", detail };
  const missed = chances.filter(
    ({ at, windowDays, warnedBeforeFirst }) =>
      at >= since && at >= diedAt - days(windowDays) && !(isAnothers && warnedBeforeFirst),
  );
  if (missed.length === 0) return undefined;
  const runs = missed.map(({ at }) => new Date(at).toISOString()).join(", ");
  const seconds = Math.round((now - Math.max(diedAt, since)) / 1000);
  return {
    what: "a declared place held a dead token although a run had the chance",
    detail: `${detail}, ${seconds} s; the runs of ${runs}`,
  };
}
