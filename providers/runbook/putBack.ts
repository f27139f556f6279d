import { ownToken } from "../gitlab/api/tokens";
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
  /** The places hold the earlier value again. */
  readonly done: boolean;
  readonly told: string;
}

/** Has all places hold the first of these values again that still works: then a failed proof breaks nobody. */
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
      const failures = await setConsumers(at, consumers, token);
      const until = found.expiresAt === undefined ? "and does not expire" : `and works until ${found.expiresAt}`;
      const places = consumers.map(consumerTitle).join(", ");
      if (failures.length === 0)
        return { done: true, told: `Put back: ${name} is again in ${places}, ${until}; nothing was revoked.` };
      return {
        done: failures.length < consumers.length,
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
