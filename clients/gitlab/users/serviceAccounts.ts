import type { GitLab } from "../client";
import { groupPath, type Owner, projectPath } from "../owner";
import type { Shape } from "../shape";

/** A service account. */
export interface ServiceAccount {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly email: string;
}

/** What can be chosen of a service account; GitLab chooses the rest. */
export type ServiceAccountDetails = Partial<Pick<ServiceAccount, "username" | "name" | "email">>;

/** The service accounts that an owner provisioned; only its owners (or maintainers) may see them. */
export function listServiceAccounts(gitlab: GitLab, owner: Owner): Promise<ServiceAccount[]> {
  return gitlab.list(accountsOf(owner), account);
}

/** Makes a service account. A user name is taken once: a second call is refused. */
export function createServiceAccount(
  gitlab: GitLab,
  owner: Owner,
  details: ServiceAccountDetails,
): Promise<ServiceAccount> {
  return gitlab.write("POST", accountsOf(owner), account, { body: details });
}

/** Changes what is given. May be repeated. */
export function updateServiceAccount(
  gitlab: GitLab,
  owner: Owner,
  id: number,
  details: ServiceAccountDetails,
): Promise<ServiceAccount> {
  const read = (shape: Shape) => {
    shape.same("id", id);
    return account(shape);
  };
  return gitlab.write("PATCH", `${accountsOf(owner)}/${id}`, read, { body: details });
}

/** Deletes a service account, and all of its tokens with it. */
export function deleteServiceAccount(gitlab: GitLab, owner: Owner, id: number): Promise<void> {
  // An instance's are deleted as users are.
  const path = owner.group === undefined && owner.project === undefined ? "/users" : accountsOf(owner);
  const isGone = async () => (await listServiceAccounts(gitlab, owner)).every((one) => one.id !== id);
  return gitlab.remove(`${path}/${id}`, isGone);
}

function accountsOf(owner: Owner): string {
  if (owner.group !== undefined) return `${groupPath(owner.group)}/service_accounts`;
  return owner.project !== undefined ? `${projectPath(owner.project)}/service_accounts` : "/service_accounts";
}

function account(shape: Shape): ServiceAccount {
  return {
    id: shape.integer("id"),
    username: shape.text("username"),
    name: shape.text("name"),
    email: shape.optionalText("email") ?? "",
  };
}
