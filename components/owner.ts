import type { ItemTarget } from "../contract/types/places";
import { keptIn } from "../rotation/declaration/self";
import type { AccountDeclaration } from "../rotation/declaration/settings";

/** What an account belongs to, as the resources of its chain are told. */
export function owner(declaration: AccountDeclaration): {
  group?: string;
  project?: string;
  instance?: boolean;
  self?: boolean;
  accessToken?: string;
  keptIn?: ItemTarget;
} {
  const { account } = declaration;
  const place = keptIn(declaration);
  if (place !== undefined) {
    return { keptIn: { ...place } };
  }
  const { accessToken } = account;
  if (accessToken !== undefined) {
    return account.group !== undefined
      ? { group: account.group, accessToken }
      : { project: account.project ?? "", accessToken };
  }
  if (account.self === true) {
    return { self: true };
  }
  if (account.group !== undefined) {
    return { group: account.group };
  }
  return account.project !== undefined ? { project: account.project } : { instance: true };
}
