import * as gitlab from "@pulumi/gitlab";
import type * as pulumi from "@pulumi/pulumi";
import * as runbook from "runbook";
import { membershipName } from "../rotation/names";
import type { AccountUser, Membership, OwnAccount } from "../rotation/settings";

/**
 * A service account that the stack owns: the account, and its memberships. All of them are left in place when they are no
 * longer declared: to delete an account deletes what it made.
 */
export class OwnedAccount {
  /** GitLab's number of the account; not known in a preview while there is none. */
  readonly id: pulumi.Output<string>;
  /** What comes before the account's token. */
  readonly resources: readonly pulumi.CustomResource[];

  constructor(name: string, account: AccountUser, own: OwnAccount, options: pulumi.CustomResourceOptions) {
    const made = madeBy(name, account, own, { ...options, retainOnDelete: true });
    this.id = made.serviceAccountId;
    const userId = made.serviceAccountId.apply(Number);
    this.resources = [made, ...own.memberships.map((membership) => member(name, membership, userId, options))];
  }
}

function madeBy(
  name: string,
  { group, project, username }: AccountUser,
  own: OwnAccount,
  options: pulumi.CustomResourceOptions,
): gitlab.GroupServiceAccount | gitlab.ProjectServiceAccount | gitlab.InstanceServiceAccount {
  const details = { name: own.name, username };
  if (group !== undefined) return new gitlab.GroupServiceAccount(name, { ...details, group }, options);
  return project !== undefined
    ? new gitlab.ProjectServiceAccount(name, { ...details, project }, options)
    : new gitlab.InstanceServiceAccount(name, details, options);
}

function member(
  name: string,
  membership: Membership,
  userId: pulumi.Output<number>,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const { group, project, accessLevel, expiresAt } = membership;
  const args = { userId, accessLevel, ...(expiresAt === undefined ? {} : { expiresAt }) };
  const resourceName = membershipName(name, membership);
  const kept = { ...options, retainOnDelete: true };
  if (group === undefined) return new gitlab.ProjectMembership(resourceName, { ...args, project: project ?? "" }, kept);
  const { groupId } = new runbook.Group(resourceName, { group }, options);
  return new gitlab.GroupMembership(resourceName, { ...args, groupId }, kept);
}
