import { messageOf } from "../../../clients/faults";
import { findAccess } from "../../../clients/gitlab/users/access";
import type { Servers } from "../../../clients/servers";
import type { AccountInputs } from "../../../contract/account";
import type { TokenPermissions } from "../../../contract/types/permissions";
import { fineGrainedFault } from "../token/fineGrained";

/** What to do where legacy tokens would follow fine-grained ones. */
export const stayFine =
  'they may do all that their scopes say, wherever the account is a member. Declare "token.permissions", or say in "token.legacyReason" why not';

/** Whether the tokens that are declared are legacy ones, without a reason for that. */
export function fallsBack({ permissions, legacyReason }: AccountInputs): boolean {
  return permissions === undefined && legacyReason === undefined;
}

/** What would keep a fine-grained token from being made: this GitLab, or a place that the account is no member of. */
export async function rightsFaults(
  { permissions = [], self }: AccountInputs,
  userId: number | undefined,
  at: Servers,
): Promise<string[]> {
  if (permissions.length === 0 || self === true) return [];
  const version = await fineGrainedFault(at);
  if (version !== undefined) return [version];
  if (userId === undefined) return [];
  const found = await Promise.all(permissions.map((one) => membershipFault(one, userId, at)));
  return found.filter((fault) => fault !== undefined);
}

async function membershipFault(
  { group, project }: TokenPermissions,
  userId: number,
  at: Servers,
): Promise<string | undefined> {
  const place = project !== undefined ? ({ project } as const) : group !== undefined ? ({ group } as const) : undefined;
  if (place === undefined) return undefined;
  const title = project !== undefined ? `project "${project}"` : `group "${group}"`;
  try {
    const access = await findAccess(at.gitlab(), place, userId);
    return access === undefined
      ? `its permissions name the ${title}, which the account is no member of, or which is not there: GitLab would make no token. Add the account there, or correct the path`
      : undefined;
  } catch (error) {
    return `whether the account is a member of the ${title}, which its permissions name, could not be looked up: ${messageOf(error)}`;
  }
}
