import { ownToken } from "../gitlab/api/tokens";
import type { Context } from "../host/provider";
import { holdsUnknown } from "../host/values";
import { Unauthorized } from "../http";
import { failed } from "./faults";
import { type GenerationInputs, type GenerationOutputs, generationTitle } from "./generation";
import { servers } from "./servers";

/** Whether somebody looked in this run, and did not find it among the account's tokens that live. */
export function isMissing({ tokenId }: GenerationOutputs, { liveTokenIds }: GenerationInputs): boolean {
  if (liveTokenIds === undefined || holdsUnknown(liveTokenIds) || tokenId === undefined) return false;
  return !liveTokenIds.includes(tokenId);
}

/**
 * Whether a token that a list does not name works all the same: a list may lag behind, or be cut short. A token that works is
 * neither replaced nor forgotten, whatever the list says.
 */
export async function works({ token, tokenId, ...of }: GenerationOutputs, context: Context): Promise<boolean> {
  if (token === undefined) return false;
  try {
    const { id } = await ownToken(servers(context).gitlab().withToken(token));
    context.log.warn(`${generationTitle(of)}: GitLab did not list its token ${id} as alive, yet it works: it is kept.`);
    return true;
  } catch (error) {
    if (error instanceof Unauthorized) return false;
    throw failed(`testing token ${tokenId} of ${generationTitle(of)}, which GitLab does not list as alive`, error);
  }
}
