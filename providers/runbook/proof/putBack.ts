import { isTrouble, messageOf } from "../../../clients/faults";
import { ownToken } from "../../../clients/gitlab/users/tokens";
import { Unauthorized } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";
import type { EarlierToken } from "../../../contract/pipelineProof";
import type { Consumer } from "../../../contract/types/places";
import { addDays, today } from "../../../ground/now";
import { placeTitle } from "../../../places/served";
import { placesWithout, setConsumers } from "../consumers";

/** What putting back came to, in words for people. */
export interface PutBack {
  /** Some place may hold the earlier value again. */
  readonly done: boolean;
  /** GitLab could not say whether an earlier one works: the places are left as they are. */
  readonly isUnsure?: boolean;
  readonly told: string;
  /** The value that they hold again. */
  readonly earlier?: EarlierToken;
}

/** One that missed runs would let die in the places is not put back. */
function isAboutToDie(expiresAt: string | undefined, marginDays: number): boolean {
  return expiresAt !== undefined && expiresAt <= addDays(today(), marginDays);
}

/**
 * Has all places hold the first of these values again that still works, and outlives the margin: then a failed proof breaks
 * nobody. Places that show it already are left alone.
 */
export async function putBack(
  earlier: readonly EarlierToken[],
  consumers: readonly Consumer[],
  marginDays: number,
  at: Servers,
): Promise<PutBack> {
  const notes: string[] = [];
  let isUnsure = false;
  for (const { generation, token } of earlier) {
    const name = `the token of generation "${generation}"`;
    try {
      const found = await ownToken(at.gitlab().withToken(token));
      if (isAboutToDie(found.expiresAt, marginDays)) {
        notes.push(
          `${name} cannot be put back: it dies on ${found.expiresAt}, within the margin of ${marginDays} days`,
        );
        continue;
      }
      const { expiresAt } = found;
      const value = { token, ...(expiresAt === undefined ? {} : { expiresAt }) };
      const failures = await setConsumers(at, await placesWithout(at, consumers, token), value);
      const until = found.expiresAt === undefined ? "and does not expire" : `and works until ${found.expiresAt}`;
      const places = consumers.map(placeTitle).join(", ");
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
      isUnsure ||= isTrouble(error);
      const reason = error instanceof Unauthorized ? "it is dead" : messageOf(error);
      notes.push(`${name} cannot be put back: ${reason}`);
    }
  }
  const why = notes.length === 0 ? "no earlier token is known" : notes.join("; ");
  if (isUnsure)
    return {
      done: false,
      isUnsure,
      told: `Not put back: ${why}. The places are left as they are: the next run looks again. Nothing was revoked.`,
    };
  return {
    done: false,
    told: `Not put back: ${why}.`,
  };
}
