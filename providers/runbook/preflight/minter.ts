import { messageOf } from "../../../clients/faults";
import { isGranular } from "../../../clients/gitlab/users/granular";
import type { Token } from "../../../clients/gitlab/users/tokens";
import type { Servers } from "../../../clients/servers";
import type { AccountInputs } from "../../../contract/account";
import type { ItemTarget } from "../../../contract/types/places";
import { minting } from "../../../rotation/declaration/self";
import { tokenInUse } from "../account/keptIn";
import { keeperTitle } from "../self/keeper";

/** What keeps a plain user's token in use from making the next one. */
export async function minterFaults(
  { keptIn, permissions = [] }: Pick<AccountInputs, "permissions"> & { readonly keptIn: ItemTarget },
  userId: number,
  at: Servers,
): Promise<string[]> {
  try {
    const { token } = await tokenInUse(keptIn, userId, at);
    const fault = rightsFault(token, [...new Set(permissions.flatMap(({ allow }) => allow))]);
    return fault === undefined
      ? []
      : [
          `the token in ${keeperTitle(keptIn)} cannot make the next one: ${fault}. Have a person make one that can, put it into the field, and name it under "adopt" where the account was not rotated yet`,
        ];
  } catch (error) {
    return [messageOf(error)];
  }
}

/** A fine-grained token makes none that may do more than itself; where each permission holds, GitLab says when it is asked. */
function rightsFault(token: Token, wanted: readonly string[]): string | undefined {
  if (!isGranular(token))
    return token.scopes.includes("api")
      ? undefined
      : `it is a legacy token with the scope ${token.scopes.join(", ")}, and takes "api" for that`;
  const found = token.granularScopes ?? [];
  const own = found.filter(({ access }) => access === "user").flatMap((scope) => scope.permissions);
  const all = found.flatMap((scope) => scope.permissions);
  const missing = minting.filter((name) => !own.includes(name));
  if (missing.length > 0) return `it lacks ${missing.join(", ")} for user`;
  const wider = wanted.filter((name) => !all.includes(name));
  return wider.length === 0
    ? undefined
    : `it lacks ${wider.join(", ")}, and a fine-grained token makes none that may do more than itself`;
}
