import { ownToken, type Token } from "../../../clients/gitlab/users/tokens";
import type { Servers } from "../../../clients/servers";
import type { AccountInputs } from "../../../contract/account";
import type { Consumer } from "../../../contract/types/places";
import { tokenText } from "../../../ground/tokenText";
import { targetPlaces } from "../../../places/declared";
import { placeTitle, readPlace } from "../../../places/served";

/**
 * What is wrong with the places of an account that has not begun: one holds another's token, such as that of the account
 * which declared it before, and that dies before the first rotation. Nobody would store a living one in time.
 */
export async function dyingFaults(inputs: AccountInputs, at: Servers): Promise<string[]> {
  const { beginsOn } = inputs;
  if (beginsOn === undefined) return [];
  const faults = await Promise.all(
    targetPlaces(inputs)
      .filter(({ isMade }) => !isMade)
      .map(({ place }) => dyingFault(place, beginsOn, inputs, at)),
  );
  return faults.filter((fault) => fault !== undefined);
}

async function dyingFault(
  place: Consumer,
  beginsOn: string,
  { adopt }: AccountInputs,
  at: Servers,
): Promise<string | undefined> {
  const token = await tokenIn(place, at);
  const dies = token?.expiresAt;
  if (token === undefined || token.id === adopt?.tokenId || dies === undefined || dies >= beginsOn) return undefined;
  return `${placeTitle(place)} holds token ${token.id}, which dies on ${dies}, and the account's first rotation is on ${beginsOn}: the place would be dead in between. Let "rotation.startsOn" be before ${dies}, or leave the place with the account that rotates it now`;
}

/** The token that a place shows, where it shows a living one. What cannot be read is other checks' to tell. */
async function tokenIn(place: Consumer, at: Servers): Promise<Token | undefined> {
  try {
    const text = tokenText((await readPlace(place, at)) ?? "");
    return text === undefined ? undefined : await ownToken(at.gitlab().withToken(text.token));
  } catch {
    return undefined;
  }
}
