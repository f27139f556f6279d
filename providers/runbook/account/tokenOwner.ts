import { isDenied, messageOf } from "../../../clients/faults";
import { type Owner, ownerOf, ownerTitle } from "../../../clients/gitlab/owner";
import { type AccessLevel, accessLevels, findAccess, roleName } from "../../../clients/gitlab/users/access";
import { listTokens, noUser } from "../../../clients/gitlab/users/tokens";
import { NotFound, Unauthorized } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";
import type { AccountInputs } from "../../../contract/account";
import type { CheckFailure, Properties } from "../../host/provider";
import { ownCredential } from "./credential";

/** The inputs that name what an account belongs to; exactly one is given. */
export type OwnerInputs = Pick<AccountInputs, "group" | "project" | "instance" | "self" | "accessToken" | "keptIn">;

/** Faults of the inputs that name the owner. */
export function ownerFaults(inputs: Properties): CheckFailure[] {
  const given = ["group", "project", "instance", "self", "keptIn"].filter(
    (name) => inputs[name] !== undefined && inputs[name] !== false,
  );
  if (given.length === 1) return [];
  const found = given.length === 0 ? "none is given" : `${given.map((name) => `"${name}"`).join(" and ")} are given`;
  return [
    {
      property: "group",
      reason: `exactly one of "group", "project", "instance", "self" and "keptIn" is needed, but ${found}`,
    },
  ];
}

/** An id for the account of an owner, such as `group/security/42`. */
export function accountId(inputs: OwnerInputs, userId: number): string {
  if (inputs.self === true || inputs.keptIn !== undefined) return `user/${userId}`;
  const owner = ownerOf(inputs);
  if (inputs.accessToken !== undefined)
    return `${owner.group === undefined ? `project/${owner.project ?? ""}` : `group/${owner.group}`}/access_tokens`;
  if (owner.group !== undefined) return `group/${owner.group}/${userId}`;
  return owner.project !== undefined ? `project/${owner.project}/${userId}` : `instance/${userId}`;
}

/** Why the access tokens of a group or project may not be managed; undefined where they may. One list, and our own role. */
export async function accessTokenFault(inputs: OwnerInputs, at: Servers): Promise<string | undefined> {
  const owner = ownerOf(inputs);
  try {
    await listTokens(at.gitlab(), owner, noUser, { state: "active" });
    return await roleFault(inputs, at);
  } catch (error) {
    if (error instanceof NotFound)
      return `${ownerTitle(owner)} was not found with the token in "GITLAB_TOKEN". Correct the path, or give its user ${neededRight(owner)}`;
    if (error instanceof Unauthorized || isDenied(error))
      return `the token in "GITLAB_TOKEN" may not manage the access tokens of ${ownerTitle(owner)} (${messageOf(error)}). Give its user ${neededRight(owner)}`;
    return messageOf(error);
  }
}

/** GitLab gives a bot no role above that of who makes it. An administrator is no member, and what may not be asked is not known. */
async function roleFault(inputs: OwnerInputs, at: Servers): Promise<string | undefined> {
  const owner = ownerOf(inputs);
  const wanted = accessLevels[inputs.accessToken as AccessLevel];
  if (owner.group === undefined && owner.project === undefined) return undefined;
  const { userId } = await ownCredential(at);
  const own = await findAccess(at.gitlab(), owner, userId).catch(() => undefined);
  if (own === undefined || own.level >= wanted) return undefined;
  return `the user of "GITLAB_TOKEN" is ${roleName(own.level)} of ${ownerTitle(owner)}, and makes no access token with the role ${inputs.accessToken}: GitLab gives none above one's own. Lower "account.accessToken", or give that user the role`;
}

/** The right that our own credential needs to manage accounts of this owner, in words. */
export function neededRight(owner: Owner): string {
  if (owner.group !== undefined) return `the role Owner in ${ownerTitle(owner)}`;
  return owner.project !== undefined
    ? `the role Maintainer in ${ownerTitle(owner)}`
    : "an administrator's token (with the scope admin_mode as well, where that GitLab has Admin Mode)";
}
