import { failed } from "../../../clients/faults";
import { ownerOf } from "../../../clients/gitlab/owner";
import { type AccessLevel, accessLevels } from "../../../clients/gitlab/users/access";
import { type MintedToken, mintToken } from "../../../clients/gitlab/users/tokens";
import { mayHaveHappened } from "../../../clients/http";
import { servers } from "../../../clients/servers";
import type { PersonalAccessTokenInputs, PersonalAccessTokenOutputs } from "../../../contract/personalAccessToken";
import { today } from "../../../ground/now";
import { isOfGeneration, marked, markText } from "../../../rotation/mark";
import type { Context } from "../../host/provider";
import { tokensOf } from "../account/keptIn";
import { isOpenedNow } from "../account/openedNow";
import { mintFineGrained } from "./fineGrained";
import { generationTitle, kept } from "./generation";

/**
 * Makes a generation's token beside those that exist; nothing is revoked. An answer that was lost cannot be had again, so
 * another token is made then; the lost one bears the mark, is remembered by its id, and is revoked when the one before it is
 * retired, or after this one's overlap where there is none before. So is what an earlier run made that was killed before it
 * could say so.
 *
 * @param before - the generation's token until now, which is about to die or is dead.
 */
export async function mint(
  inputs: PersonalAccessTokenInputs,
  context: Context,
  before: { readonly tokenId?: number } = {},
): Promise<PersonalAccessTokenOutputs> {
  const doing = `minting ${generationTitle(inputs)}`;
  if (inputs.expiresAt <= today())
    throw new Error(
      `${doing}: it would be dead at once, since it expires on "${inputs.expiresAt}". Open a new generation with an entry in "extraDates".`,
    );
  let strays = await leftBefore(inputs, before, context).catch((cause: unknown) => {
    throw failed(`${doing}: looking for what an earlier run made failed`, cause);
  });
  const minted = await send(inputs, context).catch(async (error: unknown) => {
    if (!mayHaveHappened(error) || context.signal.aborted) throw failed(doing, error);
    const known = strays;
    strays = await lostNow(inputs, known, context).catch((cause: unknown) => {
      throw failed(`${doing}: the answer was lost, and looking for what it did failed`, cause);
    });
    return send(inputs, context).catch((cause: unknown) => {
      throw failed(doing, cause);
    });
  });
  context.log.info(`minted token ${minted.id} for ${generationTitle(inputs)}; it expires on ${inputs.expiresAt}`);
  return {
    ...kept(inputs),
    tokenId: minted.id,
    token: minted.value,
    mintedAt: minted.createdAt,
    ...(strays.length === 0 ? {} : { strayTokenIds: strays }),
    status: "live",
  };
}

function send(inputs: PersonalAccessTokenInputs, context: Context): Promise<MintedToken> {
  const { permissions } = inputs;
  if (permissions !== undefined) return mintFineGrained({ ...inputs, permissions }, context);
  const { name, scopes, expiresAt, accessToken } = inputs;
  const description = marked(inputs.description, inputs);
  return mintToken(servers(context).gitlab(), ownerOf(inputs), inputs.userId, {
    name,
    description,
    scopes,
    expiresAt,
    ...(accessToken === undefined ? {} : { accessLevel: accessLevels[accessToken as AccessLevel] }),
  });
}

/**
 * The generation's tokens that live before another is made. Whoever watches is told of those that nobody knows. Where the
 * generation was opened in this very run there can be none.
 */
async function leftBefore(
  inputs: PersonalAccessTokenInputs,
  { tokenId }: { readonly tokenId?: number },
  context: Context,
): Promise<number[]> {
  if (isOpenedNow(inputs, servers(context).gitlab().baseUrl)) return [];
  const found = await ofGeneration(inputs, context);
  const strays = found.filter((id) => id !== tokenId);
  if (strays.length > 0)
    context.log.warn(
      `minting ${generationTitle(inputs)}: an earlier run that did not end made token ${strays.join(", ")}, which nobody knows the value of. ${nextOf(inputs)}`,
    );
  return found;
}

/** The same after an answer was lost. */
async function lostNow(
  inputs: PersonalAccessTokenInputs,
  known: readonly number[],
  context: Context,
): Promise<number[]> {
  const found = await ofGeneration(inputs, context);
  const lost = found.filter((id) => !known.includes(id));
  const made = lost.length === 0 ? "it made none" : `it made token ${lost.join(", ")}, which nobody knows the value of`;
  context.log.warn(`minting ${generationTitle(inputs)}: GitLab's answer was lost; ${made}. ${nextOf(inputs)}`);
  return found;
}

async function ofGeneration(inputs: PersonalAccessTokenInputs, context: Context): Promise<number[]> {
  const tokens = await tokensOf(inputs, servers(context), { state: "active" });
  return tokens.filter((token) => isOfGeneration(token, inputs)).map(({ id }) => id);
}

function nextOf(inputs: PersonalAccessTokenInputs): string {
  return `Another one is minted. What bears the mark ${markText(inputs)} and is not in use is revoked when the token before it is retired; where there is none, when the new one is proven and the overlap is over.`;
}
