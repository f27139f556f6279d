import type { GitLab } from "../client";
import { groupPath, type Owner, projectPath } from "./owner";
import type { Shape } from "./shape";

/** A service account. */
export interface ServiceAccount {
  readonly id: number;
  readonly username: string;
  readonly name: string;
}

/** The service accounts that an owner provisioned; only its owners (or maintainers) may see them. */
export function listServiceAccounts(gitlab: GitLab, owner: Owner): Promise<ServiceAccount[]> {
  return gitlab.list(accountsOf(owner), account);
}

function accountsOf(owner: Owner): string {
  if (owner.group !== undefined) return `${groupPath(owner.group)}/service_accounts`;
  return owner.project !== undefined ? `${projectPath(owner.project)}/service_accounts` : "/service_accounts";
}

function account(shape: Shape): ServiceAccount {
  return { id: shape.integer("id"), username: shape.text("username"), name: shape.text("name") };
}
