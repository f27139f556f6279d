import type { AccountInputs } from "../../../contract/account";
import { knownScopes } from "../../../ground/scopes";

/** Scopes that GitLab does not know; a fine-grained token has none. */
export function scopeFaults({
  scopes: declared,
  permissions,
}: Pick<AccountInputs, "scopes" | "permissions">): string[] {
  if (permissions !== undefined) return [];
  return declared
    .filter((scope) => !knownScopes.includes(scope))
    .map((scope) => `the scope "${scope}" is unknown to GitLab. It knows ${knownScopes.join(", ")}`);
}
