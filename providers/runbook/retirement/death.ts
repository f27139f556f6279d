import { isDenied } from "../../../clients/faults";
import { ownToken, type Token } from "../../../clients/gitlab/users/tokens";
import { Unauthorized } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";
import type { Retire, Successor } from "../../../contract/retirement";
import type { Consumer } from "../../../contract/types/places";
import { placeTitle, readPlace } from "../../../places/served";
import { clockFault, isOwnCredential } from "../account/credential";
import { declaredAccounts } from "../account/declaredAccounts";
import { setConsumers } from "../consumers";
import { holdByUse } from "./dates";
import { heldElsewhere, type Sought } from "./holders";

/** A token that somebody wants dead. */
export interface Condemned extends Sought {
  readonly account: string;
  /** As GitLab lists it; undefined where it is dead already, or was not looked up. */
  readonly listed?: Token | undefined;
}

/** Who wants a token dead, and what that asks for. */
export type Cause =
  /** Its successor took over, or is to at once because it leaked. */
  | {
      readonly kind: "succeeded";
      readonly retire: Retire;
      readonly consumers: readonly Consumer[];
      /** All tokens of the account that live. */
      readonly active: readonly Token[];
    }
  /** Its account ends: its own places are left as they are. */
  | { readonly kind: "ended" }
  /** Its resource is removed or replaced, and `onRemoval` says `revoke`. */
  | {
      readonly kind: "removed";
      /** Absent for an access token of a group or project, whose bot is nobody else's. */
      readonly username: string | undefined;
    };

/**
 * Why a token must live on, whoever wants it dead; undefined when it may die. The one place that decides it: retirement,
 * emergency, decommission, deletion and replacement ask here, in the moment before they revoke. The dates of an overlap are
 * looked at before (`holdByDates`).
 */
export async function whyAlive(token: Condemned, cause: Cause, at: Servers): Promise<string | undefined> {
  const clock = clockFault(at);
  if (clock !== undefined) return clock;
  if (await isOurs(token, at)) {
    const other = cause.kind === "succeeded" ? "the new one" : "another one";
    return `this run itself works with it: set "GITLAB_TOKEN" to ${other}`;
  }
  const own = cause.kind === "succeeded" ? await holdBySuccessor(token, cause, at) : holdByDeclaration(token, cause);
  if (own !== undefined) return own;
  // One that is dead already is in no place of use.
  if (cause.kind === "succeeded" && token.listed === undefined) return undefined;
  const elsewhere = await heldElsewhere(token, token.account, at);
  return elsewhere.length === 0 ? undefined : elsewhere.join("; ");
}

async function isOurs({ id, value, listed }: Condemned, at: Servers): Promise<boolean> {
  if (value !== undefined) return at.gitlab().uses(value);
  return listed !== undefined && (await isOwnCredential({ id }, at));
}

async function holdBySuccessor(
  { listed }: Condemned,
  { retire, consumers, active }: Extract<Cause, { kind: "succeeded" }>,
  at: Servers,
): Promise<string | undefined> {
  const { successor } = retire;
  const name = `generation "${successor.generation}" (token ${successor.tokenId})`;
  if (!active.some(({ id }) => id === successor.tokenId)) return `its successor, ${name}, is dead`;
  const quiet = listed === undefined ? undefined : holdByUse(listed, retire);
  if (quiet !== undefined) return quiet;
  if (!(await authenticates(successor, at))) return `its successor, ${name}, does not authenticate`;
  const missing = await lacking(consumers, successor, at);
  return missing.length === 0 ? undefined : missing.join("; ");
}

/** What is still declared is retired by its successor's proof, never by the removal of a resource. */
function holdByDeclaration({ account }: Condemned, cause: Cause): string | undefined {
  if (cause.kind !== "removed") return undefined;
  const user = cause.username?.toLowerCase();
  const heir = declaredAccounts().find(({ name, username }) =>
    user === undefined ? name === account : username.toLowerCase() === user,
  );
  return heir === undefined
    ? undefined
    : `account "${heir.name}" of this stack declares ${user === undefined ? "its tokens" : "the same user"}, and its places may hold it. To rename an account, give its old name in "formerly"; one that was replaced by force (--replace, --target-replace) is revoked by hand in GitLab when nothing uses it any more`;
}

async function authenticates({ token, tokenId }: Successor, at: Servers): Promise<boolean> {
  try {
    return (await ownToken(at.gitlab().withToken(token))).id === tokenId;
  } catch (error) {
    if (error instanceof Unauthorized) return false;
    throw error;
  }
}

/** The account's own places that do not hold the successor, in words. */
async function lacking(consumers: readonly Consumer[], { token }: Successor, at: Servers): Promise<string[]> {
  const hidden: Consumer[] = [];
  const holds = await Promise.all(
    consumers.map(async (consumer) => {
      try {
        const value = await readPlace(consumer, at);
        if (value === undefined) hidden.push(consumer);
        if (value === undefined || value === token) return undefined;
        return `${placeTitle(consumer)} holds another value than the new token; set it again ("pulumi refresh", then "pulumi up")`;
      } catch (error) {
        if (!isDenied(error)) throw error;
        return `${placeTitle(consumer)} is gone, or may not be read`;
      }
    }),
  );
  const elsewhere = holds.filter((hold) => hold !== undefined);
  // A hidden variable shows no value. A failed proof, or a person, may have put the old one back: so it is set once more.
  return elsewhere.length > 0 ? elsewhere : setConsumers(at, hidden, { token });
}
