import { ownToken } from "../gitlab/api/tokens";
import { now } from "../host/clock";
import { Unauthorized } from "../http";
import { type Consumer, consumerTitle, setConsumers } from "./consumers";
import { messageOf } from "./faults";
import type { Servers } from "./servers";

/** A value that worked before. */
export interface EarlierToken {
  readonly generation: string;
  readonly token: string;
}

/** What putting back came to, in words for people. */
export interface PutBack {
  /** Some place may hold the earlier value again. */
  readonly done: boolean;
  readonly told: string;
  /** The value that they hold again. */
  readonly earlier?: EarlierToken;
}

/** How long an earlier token must still live to be put back, in milliseconds: until somebody has mended the cause. */
const LEAST_LIFE = 48 * 3_600_000;

/** Whether a token works, and will for a while; true when that cannot be known now. */
export async function livesOn(token: string, at: Servers): Promise<boolean> {
  try {
    return !isAboutToDie((await ownToken(at.gitlab().withToken(token))).expiresAt);
  } catch (error) {
    return !(error instanceof Unauthorized);
  }
}

function isAboutToDie(expiresAt: string | undefined): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) - now().getTime() < LEAST_LIFE;
}

/**
 * Has all places hold the first of these values again that still works, and will for a while: then a failed proof breaks
 * nobody.
 */
export async function putBack(
  earlier: readonly EarlierToken[],
  consumers: readonly Consumer[],
  at: Servers,
): Promise<PutBack> {
  const notes: string[] = [];
  for (const { generation, token } of earlier) {
    const name = `the token of generation "${generation}"`;
    try {
      const found = await ownToken(at.gitlab().withToken(token));
      if (isAboutToDie(found.expiresAt)) {
        notes.push(`${name} cannot be put back: it dies on ${found.expiresAt}`);
        continue;
      }
      const { expiresAt } = found;
      const failures = await setConsumers(at, consumers, { token, ...(expiresAt === undefined ? {} : { expiresAt }) });
      const until = found.expiresAt === undefined ? "and does not expire" : `and works until ${found.expiresAt}`;
      const places = consumers.map(consumerTitle).join(", ");
      if (failures.length === 0)
        return {
          done: true,
          earlier: { generation, token },
          told: `Put back: ${name} is again in ${places}, ${until}; nothing was revoked.`,
        };
      return {
        // Also when nothing seems to be set: an answer that was lost may have been a yes.
        done: true,
        earlier: { generation, token },
        told: `Put back in part: ${name} lives ${until}, but ${failures.join("; ")}. Set these by hand, or run again.`,
      };
    } catch (error) {
      const reason = error instanceof Unauthorized ? "it is dead" : messageOf(error);
      notes.push(`${name} cannot be put back: ${reason}`);
    }
  }
  const why = notes.length === 0 ? "no earlier token is known" : notes.join("; ");
  return {
    done: false,
    told: `Not put back: ${why}. The places hold the new token, which lives; nothing was revoked.`,
  };
}
