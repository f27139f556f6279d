import { type Day, days, daysBetween, show } from "../../ground/day";
import { granularScope } from "../permissions/permissions";

/** Days before its expiry from which our own credential is told as ending. */
export const credentialEndsSoon = 30;

/** Our own credential for GitLab, as GitLab tells of it. */
export interface OwnCredential {
  readonly tokenId?: number;
  /** What the token is called. */
  readonly name?: string;
  /** Whose it is; absent where only its user's id was asked for. */
  readonly username?: string;
  readonly userId?: number;
  readonly scopes?: readonly string[];
  /** The day at whose beginning it dies; absent when it never does. */
  readonly expiresAt?: Day;
  /** Why nothing is known of it. */
  readonly fault?: string;
}

/** What is to be said of our own credential on a day, and whether that needs somebody's eye. */
export function credentialLine(
  credential: OwnCredential,
  today: Day,
): { readonly isUrgent: boolean; readonly text: string } {
  const { tokenId, name, username, userId, scopes = [], expiresAt, fault } = credential;
  if (fault !== undefined) return { isUrgent: true, text: `Our own credential, "GITLAB_TOKEN": ${fault}.` };
  const isEnough = scopes.includes("api") || scopes.includes(granularScope);
  const whose = username ?? `user ${userId}`;
  const what = `Our own credential, token ${tokenId} "${name}" of ${whose} (${scopes.join(", ")}),`;
  if (expiresAt === undefined) return { isUrgent: !isEnough, text: `${what} never expires.` };
  const left = daysBetween(today, expiresAt);
  const dies = `${what} dies on ${show(expiresAt)}, in ${days(left)}.`;
  if (left > credentialEndsSoon) return { isUrgent: !isEnough, text: dies };
  return { isUrgent: true, text: `${dies} Replace it in time: docs/credential.md tells how.` };
}
