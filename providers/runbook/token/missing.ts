import { failed } from "../../../clients/faults";
import { ownToken } from "../../../clients/gitlab/users/tokens";
import { Forbidden, Unauthorized } from "../../../clients/http";
import { servers } from "../../../clients/servers";
import type { PersonalAccessTokenInputs, PersonalAccessTokenOutputs } from "../../../contract/personalAccessToken";
import type { Context } from "../../host/provider";
import { holdsUnknown } from "../../host/values";
import { tokensOf } from "../account/keptIn";
import type { OwnerInputs } from "../account/tokenOwner";
import { generationTitle } from "./generation";

/** A token as it is remembered. */
type Known = OwnerInputs &
  Pick<PersonalAccessTokenOutputs, "account" | "generation" | "userId" | "tokenId" | "token" | "expiresAt">;

/** Whether somebody looked in this run, and did not find it among the account's tokens that live. */
export function isMissing(
  { tokenId }: PersonalAccessTokenOutputs,
  { liveTokenIds }: PersonalAccessTokenInputs,
): boolean {
  if (liveTokenIds === undefined || holdsUnknown(liveTokenIds) || tokenId === undefined) return false;
  return !liveTokenIds.includes(tokenId);
}

/**
 * Whether a token that a list does not name works all the same: a list may lag behind, or be cut short. A token that works is
 * neither replaced nor forgotten, whatever the list says; nor is one whose value is not known, unless GitLab says that it is
 * dead.
 */
export async function works(outputs: Known, context: Context): Promise<boolean> {
  const { token, tokenId, ...of } = outputs;
  if (token === undefined) return tokenId !== undefined && !(await isKnownDead(outputs, context));
  try {
    const { id } = await ownToken(servers(context).gitlab().withToken(token));
    context.log.warn(`${generationTitle(of)}: GitLab did not list its token ${id} as alive, yet it works: it is kept.`);
    return true;
  } catch (error) {
    if (error instanceof Unauthorized) return false;
    // GitLab has looked at what it may do: it lives.
    if (error instanceof Forbidden && error.byPermissions) return true;
    throw failed(`testing token ${tokenId} of ${generationTitle(of)}, which GitLab does not list as alive`, error);
  }
}

/** Whether GitLab lists a token as dead. One made by hand, whose value no place showed, cannot be tried. */
async function isKnownDead(outputs: Known, context: Context): Promise<boolean> {
  const { tokenId } = outputs;
  const doing = `looking for token ${tokenId} of ${generationTitle(outputs)} among those that are dead`;
  const tokens = await tokensOf(outputs, servers(context)).catch((error: unknown) => {
    throw failed(doing, error);
  });
  if (tokens.some(({ id, active }) => id === tokenId && !active)) return true;
  context.log.warn(
    `${generationTitle(outputs)}: GitLab lists its token ${tokenId} neither as alive nor as dead, and its value is not known: it is kept until it expires on ${outputs.expiresAt}.`,
  );
  return false;
}
