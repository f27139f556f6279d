import { messageOf } from "../../clients/faults";
import { ownerTitle } from "../../clients/gitlab/owner";
import { accessLevels, allMembersOf, type Namespace } from "../../clients/gitlab/users/access";
import { findMember } from "../../clients/gitlab/users/members";
import { isVisible } from "../../clients/gitlab/users/visibility";
import type { Servers } from "../../clients/servers";
import type { AccountDeclaration, Membership } from "../../rotation/declaration/declaration";
import { membershipAlarm } from "../../rotation/health/memberships";
import type { Alarm } from "../../rotation/health/seen";
import { each } from "../command";

/** How declared memberships stand, and those that could not be looked at. */
export interface Memberships {
  readonly alarms: readonly Alarm[];
  /** Sentences. */
  readonly unchecked: readonly string[];
}

/** Compares the declared memberships of a service account that the stack owns with what GitLab has: a request for each. */
export async function memberships(declaration: AccountDeclaration, userId: number, at: Servers): Promise<Memberships> {
  const declared = declaration.account.own?.memberships ?? [];
  const looks = await each(declared, async (membership): Promise<Alarm | string | undefined> => {
    const of = namespaceOf(membership);
    try {
      const found = await findMember(at.gitlab(), of, userId);
      // A place that may not be seen answers as one in which the account is no member.
      if (found === undefined && !(await isVisible(at.gitlab(), allMembersOf(of))))
        return `${declaration.name}: its membership in ${ownerTitle(of)}: the user of "GITLAB_TOKEN" may not see the members there.`;
      const has =
        found === undefined ? undefined : { level: found.level, role: roleOf(found.level), expiresAt: found.expiresAt };
      return membershipAlarm(declaration, { ...membership, level: accessLevels[membership.accessLevel] }, has);
    } catch (error) {
      return `${declaration.name}: its membership in ${ownerTitle(of)}: ${messageOf(error)}.`;
    }
  });
  return {
    alarms: looks.filter((one) => typeof one === "object"),
    unchecked: looks.filter((one) => typeof one === "string"),
  };
}

/** The name of an access level; that of a custom role is the one below it, which it builds upon. */
export function roleOf(level: number): string {
  const names = Object.entries(accessLevels).filter(([, least]) => least <= level);
  return names.at(-1)?.[0] ?? "no role";
}

function namespaceOf({ group, project }: Membership): Namespace {
  return group === undefined ? { project: project ?? "" } : { group };
}
