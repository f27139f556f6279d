import * as gitlab from "@pulumi/gitlab";
import * as pulumi from "@pulumi/pulumi";
import { isUnmade, whyUnmade } from "../ground/unmade";
import { membershipName } from "../rotation/checks/names";
import type { AccountUser, Membership, OwnAccount } from "../rotation/declaration/settings";
import * as runbook from "./runbook";

/**
 * A service account that the stack owns: the account, and its memberships. All of them are left in place when they are no
 * longer declared: to delete an account deletes what it made.
 */
export class OwnedAccount {
  /** GitLab's number of the account; not known in a preview while there is none. */
  readonly id: pulumi.Output<string>;
  /** What comes before the account's token. */
  readonly resources: readonly pulumi.CustomResource[];
  /** What of it could not be made or changed, in words; empty when nothing failed. */
  readonly fault: pulumi.Output<string>;

  constructor(name: string, account: AccountUser, own: OwnAccount, options: pulumi.CustomResourceOptions) {
    const made = madeBy(name, account, own, { ...options, retainOnDelete: true });
    this.id = made.serviceAccountId;
    const userId = made.serviceAccountId.apply(Number);
    const members = own.memberships.map((membership) => member(name, membership, userId, options));
    this.resources = [made, ...members];
    this.fault = pulumi
      .all([
        faultOf("the service account", made.id, made.name),
        ...members.map((one, at) => {
          const { group, project } = own.memberships[at] ?? {};
          return faultOf(`its membership in "${group ?? project}"`, one.id, one.accessLevel);
        }),
      ])
      .apply((faults) => faults.find(Boolean) ?? "");
  }
}

/** @param written - an output that is missing where the resource could not be changed. */
function faultOf(
  what: string,
  id: pulumi.Output<string>,
  written: pulumi.Output<string | undefined>,
): pulumi.Output<string> {
  return pulumi.all([id, written]).apply(([known, value]) => {
    if (!isUnmade(known) && value !== undefined) return "";
    const why = whyUnmade(known) ?? "the warning of that resource, in this run or an earlier one, says why";
    return `${what} could not be ${isUnmade(known) ? "made" : "changed"}: ${why.replace(/\.$/, "")}. The next run tries again`;
  });
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
): gitlab.GroupMembership | gitlab.ProjectMembership {
  const { group, project, accessLevel, expiresAt } = membership;
  const args = { userId, accessLevel, ...(expiresAt === undefined ? {} : { expiresAt }) };
  const resourceName = membershipName(name, membership);
  const kept = { ...options, retainOnDelete: true };
  if (group === undefined) return new gitlab.ProjectMembership(resourceName, { ...args, project: project ?? "" }, kept);
  const { groupId } = new runbook.Group(resourceName, { group }, options);
  return new gitlab.GroupMembership(resourceName, { ...args, groupId }, kept);
}
