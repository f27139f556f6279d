import { createHash } from "node:crypto";
import { isDenied, messageOf } from "../../../clients/faults";
import { ownToken } from "../../../clients/gitlab/users/tokens";
import { Unauthorized } from "../../../clients/http";
import { NoneFound } from "../../../clients/onepassword/vaults";
import type { Servers } from "../../../clients/servers";
import type { DeclaredAccount } from "../../../contract/run";
import type { Consumer } from "../../../contract/types/places";
import { tokenText } from "../../../ground/tokenText";
import { placeTitle, readPlace } from "../../../places/served";
import { declaredAccounts } from "../account/declaredAccounts";

/** A token that is looked for in the places. Its value is not known where it was made by hand and no place showed it. */
export interface Sought {
  readonly id: number;
  readonly value?: string | undefined;
}

/**
 * What speaks against the death of a token in the places that other accounts of the stack declare: one holds it, or belongs
 * to an account that has not begun and cannot be read. What an account that rotates has in a place that cannot be read is
 * its own trouble: it holds up nobody.
 */
export async function heldElsewhere(token: Sought, account: string, at: Servers): Promise<readonly string[]> {
  const others = declaredAccounts().filter(({ name }) => name !== account);
  const found = await Promise.all(
    others.flatMap((other) => other.places.map((place) => heldBy(token, other, place, at))),
  );
  return found.filter((one) => one !== undefined);
}

async function heldBy(
  token: Sought,
  { name, rotates }: DeclaredAccount,
  place: Consumer,
  at: Servers,
): Promise<string | undefined> {
  const title = `${placeTitle(place)}, which account "${name}" declares,`;
  try {
    const shown = await shownIn(place, at);
    if (shown === undefined || !(await isShown(token, shown))) return undefined;
    return `${title} holds it: ${rotates ? `have account "${name}" store its own token there ("pulumi refresh", then "pulumi up")` : `it is needed until account "${name}" rotates for the first time`}`;
  } catch (error) {
    if (rotates || isDenied(error) || error instanceof NoneFound) return undefined;
    return `${title} cannot be read (${messageOf(error)})`;
  }
}

/** What a place shows. */
interface Shown {
  /** Whether it is a token's value, or holds it among other things, such as a line break. */
  readonly holds: (value: string) => boolean;
  /** Whose value it is, as GitLab says; undefined where it is none of a token that lives. */
  readonly tokenId: () => Promise<number | undefined>;
}

/** What a place shows: read once in a run. Undefined when it shows nothing. */
function shownIn(place: Consumer, at: Servers): Promise<Shown | undefined> {
  const { title: _title, ...where } = place;
  return at.remember(`what is shown in ${JSON.stringify(where)}`, async () => {
    const shown = await readPlace(place, at);
    if (shown === undefined || shown === "") return undefined;
    const tokenId = () => at.remember(`token of the value ${digestOf(shown)}`, () => idOf(shown, at));
    return { holds: (value) => shown.includes(value), tokenId };
  });
}

async function isShown({ id, value }: Sought, { holds, tokenId }: Shown): Promise<boolean> {
  return value === undefined ? (await tokenId()) === id : holds(value);
}

async function idOf(shown: string, at: Servers): Promise<number | undefined> {
  const text = tokenText(shown);
  if (text === undefined) return undefined;
  try {
    return (await ownToken(at.gitlab().withToken(text.token))).id;
  } catch (error) {
    if (error instanceof Unauthorized) return undefined;
    throw error;
  }
}

function digestOf(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}
