import { messageOf } from "../../clients/faults";
import { ownToken, type Token } from "../../clients/gitlab/users/tokens";
import { Unauthorized } from "../../clients/http";
import { NoneFound } from "../../clients/onepassword/vaults";
import type { Servers } from "../../clients/servers";
import { tokenText } from "../../ground/tokenText";
import { placesOf } from "../../places/declared";
import { lookAt } from "../../places/served";
import type { AccountDeclaration } from "../../rotation/declaration/declaration";
import type { HeldPlace } from "../../rotation/health/seen";
import { each } from "../command";

/** What places hold, and the tokens that were met there. */
export interface Held {
  readonly places: readonly HeldPlace[];
  readonly met: readonly Token[];
}

/**
 * What the declared places of an account hold. Whose a value is, only GitLab can tell: it is asked once for each value, as
 * the token itself, which counts as its use.
 *
 * @param firstOn - the day of the first rotation, while that is to come: it makes the items of their own.
 */
export async function heldPlaces(
  declaration: AccountDeclaration,
  at: Servers,
  firstOn: string | undefined,
): Promise<Held> {
  const asked = new Map<string, Promise<Token | undefined>>();
  const held = await each(
    placesOf(declaration),
    async ({ title: place, place: where, isMade, isShown }): Promise<HeldPlace> => {
      try {
        const { value, shown } = await lookAt(where, at, isShown);
        if (value === undefined) return { place, unknown: "hidden" };
        if (value === "") return { place, unknown: "empty" };
        const text = tokenText(value);
        if (text === undefined) return { place, unknown: value.trim() === "" ? "empty" : "malformed" };
        const found = asked.get(text.token) ?? whose(text.token, at);
        asked.set(text.token, found);
        const token = await found;
        if (token === undefined) return { place, unknown: "dead" };
        return {
          place,
          tokenId: token.id,
          ...(text.isPadded ? { isPadded: true } : {}),
          ...(shown === undefined ? {} : { shown }),
        };
      } catch (error) {
        const madeOn = isMissing(error) ? firstOn : undefined;
        if (isMade && madeOn !== undefined) return { place, unknown: { madeOn } };
        return { place, unknown: { because: messageOf(error) } };
      }
    },
  );
  const met = await Promise.all([...asked.values()].map((found) => found.catch(() => undefined)));
  return { places: held, met: met.filter((token) => token !== undefined) };
}

function isMissing(error: unknown): boolean {
  return error instanceof NoneFound && error.sought === "item";
}

/** The token of a value; nothing when it does not work. */
async function whose(value: string, at: Servers): Promise<Token | undefined> {
  try {
    return await ownToken(at.gitlab().withToken(value));
  } catch (error) {
    if (error instanceof Unauthorized) return undefined;
    throw error;
  }
}
