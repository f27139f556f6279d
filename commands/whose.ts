import type { OwnerInputs } from "../providers/runbook/account/tokenOwner";
import type { AccountDeclaration } from "../rotation/declaration/declaration";
import { keptIn } from "../rotation/declaration/self";

/** Whose tokens an account's are, as those need to know who list or revoke them. */
export function whoseTokens(
  declaration: AccountDeclaration,
  userId: number,
): OwnerInputs & { readonly userId: number } {
  const { group, project } = declaration.account;
  const place = keptIn(declaration);
  return {
    ...(group === undefined ? {} : { group }),
    ...(project === undefined ? {} : { project }),
    ...(place === undefined ? {} : { keptIn: place }),
    userId,
  };
}
