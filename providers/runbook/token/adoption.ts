import { failed } from "../../../clients/faults";
import { noUser, ownToken, type Token } from "../../../clients/gitlab/users/tokens";
import { type Servers, servers } from "../../../clients/servers";
import type { PersonalAccessTokenInputs, PersonalAccessTokenOutputs } from "../../../contract/personalAccessToken";
import type { Consumer } from "../../../contract/types/places";
import { today } from "../../../ground/now";
import { tokenText } from "../../../ground/tokenText";
import { placeTitle, readPlace } from "../../../places/served";
import { markOf, markText } from "../../../rotation/mark";
import type { Context } from "../../host/provider";
import { tokensOf } from "../account/keptIn";
import { generationTitle, kept } from "./generation";

/** The day on which a token dies that never does: by its declared one it would be forgotten, and live on. */
const NEVER = "9999-12-31";

/**
 * Takes over a hand-made token by its id. Its value is looked for where it is in use, and tested, so that it can be put
 * back if its successor fails.
 */
export async function adopt(
  inputs: PersonalAccessTokenInputs,
  tokenId: number,
  context: Context,
): Promise<PersonalAccessTokenOutputs> {
  const at = servers(context);
  const tokens = await tokensOf(inputs, at).catch((error: unknown) => {
    throw failed(`taking over token ${tokenId} as ${generationTitle(inputs)}`, error);
  });
  const token = tokens.find(({ id }) => id === tokenId);
  // One that is dead by its declared date was not looked up before its successor was minted: it holds nothing up now.
  if (token === undefined && inputs.expiresAt <= today()) return { ...kept(inputs), tokenId, status: "expired" };
  const fault = adoptionFault(token, { ...inputs, tokenId });
  if (token === undefined || fault !== undefined)
    throw new Error(`taking over token ${tokenId} as ${generationTitle(inputs)}: ${fault}`);
  // Its scopes are what they are; those that are declared are its successors'.
  const { scopes } = token;
  const { permissions: _next, ...declared } = kept(inputs);
  const taken = { ...declared, scopes, tokenId, mintedAt: token.createdAt, expiresAt: token.expiresAt ?? NEVER };
  if (!token.active) return { ...taken, status: token.revoked ? "revoked" : "expired" };
  // By now the places hold the successor, whose proof has looked for this one's value before that.
  if (inputs.lifecycle === "retired") return { ...taken, status: "live" };
  const value = await capture(inputs.consumers ?? [], tokenId, context);
  return { ...taken, ...(value === undefined ? {} : { token: value }), status: "live" };
}

/** What speaks against taking over a token; `token` is undefined when the user has none of that id. */
export function adoptionFault(
  token: Token | undefined,
  adopted: { fleet: string; account: string; userId: number; tokenId: number; expiresAt: string },
): string | undefined {
  if (token === undefined)
    return `${adopted.userId === noUser ? "the group or project" : `user ${adopted.userId}`} has no token of the id ${adopted.tokenId}. Look up the id in GitLab (the account's personal access tokens) and correct "adopt.tokenId"`;
  const mark = markOf(token.description);
  if (mark !== undefined && mark.fleet !== adopted.fleet)
    return `it belongs to the fleet "${mark.fleet}", as its mark ${markText(mark)} says, and this one is "${adopted.fleet}". Remove the account from that fleet first (onRemoval: release), and the mark from the token's description`;
  if (mark !== undefined && mark.account !== adopted.account)
    return `it belongs to the account "${mark.account}", as its mark ${markText(mark)} says. Correct "adopt.tokenId"`;
  if (token.expiresAt !== undefined && token.expiresAt !== adopted.expiresAt)
    return `it expires on "${token.expiresAt}", not on "${adopted.expiresAt}". Correct "adopt.expiresAt"`;
  return undefined;
}

/** The value of a hand-made token, where one of the places shows it. */
export async function capture(
  consumers: readonly Consumer[],
  tokenId: number,
  context: Context,
): Promise<string | undefined> {
  const at = servers(context);
  const tried = new Set<string>();
  for (const consumer of consumers) {
    // A place that cannot be read only means one chance less to know the value.
    const value = await readPlace(consumer, at).catch(() => undefined);
    const text = tokenText(value ?? "");
    if (text === undefined || tried.has(text.token)) continue;
    tried.add(text.token);
    const found = await idOf(text.token, at).catch(() => undefined);
    if (found !== tokenId) continue;
    context.log.info(
      `token ${tokenId} was found in ${placeTitle(consumer)}: it can be put back if its successor fails`,
    );
    if (text.isPadded)
      context.log.warn(
        `${placeTitle(consumer)} holds more than token ${tokenId}: there are blanks or line breaks around it there, and who sends the value as it is may be refused. It was taken over without them; store the token alone there, or leave that to the next rotation`,
      );
    return text.token;
  }
  context.log.warn(
    `the value of token ${tokenId} was found in none of the account's places that can be read: it cannot be put back if its successor fails`,
  );
  return undefined;
}

async function idOf(value: string, at: Servers): Promise<number> {
  return (await ownToken(at.gitlab().withToken(value))).id;
}
