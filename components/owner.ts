import type { AccountDeclaration } from "../rotation/settings";

/** What an account belongs to, as the resources of its chain are told. */
export function owner({ account }: AccountDeclaration): {
  group?: string;
  project?: string;
  instance?: boolean;
  self?: boolean;
} {
  if (account.self === true) {
    return { self: true };
  }
  if (account.group !== undefined) {
    return { group: account.group };
  }
  return account.project !== undefined ? { project: account.project } : { instance: true };
}
