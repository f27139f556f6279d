import { type Day, show } from "../../ground/day";
import type { AccountDeclaration, Membership } from "../declaration/declaration";
import type { Alarm } from "./seen";

/** A membership as GitLab has it. */
export interface FoundMembership {
  /** GitLab's number of its role. */
  readonly level: number;
  /** The name of its role. */
  readonly role: string;
  /** The day on which it ends; absent when it never does. */
  readonly expiresAt: Day | undefined;
}

/** What a declared membership of an account differs in from the one that GitLab has; nothing where it does not. */
export function membershipAlarm(
  { name, account }: AccountDeclaration,
  declared: Membership & Pick<FoundMembership, "level">,
  found: FoundMembership | undefined,
): Alarm | undefined {
  const { group, project, accessLevel, expiresAt } = declared;
  const place = group === undefined ? `project "${project}"` : `group "${group}"`;
  const differs = found === undefined ? [`is no member, not ${accessLevel}`] : differences(declared, found);
  if (differs.length === 0) return undefined;
  // More rights than declared take nothing from anybody.
  const isLess = found === undefined || found.level < declared.level || endsBefore(found.expiresAt, expiresAt);
  const message = `"${account.username}" ${differs.join("; it ")} as declared, in ${place}. "npm run up -- --refresh" looks at all places anew, and sets it.`;
  return { level: isLess ? "due" : "note", account: name, message };
}

function differences(declared: Membership & Pick<FoundMembership, "level">, found: FoundMembership): readonly string[] {
  const { accessLevel, level, expiresAt } = declared;
  const ends = (day: Day | undefined) => (day === undefined ? "for good" : `until ${show(day)}`);
  return [
    ...(found.level === level ? [] : [`is ${found.role}, not ${accessLevel}`]),
    ...(found.expiresAt === expiresAt ? [] : [`is a member ${ends(found.expiresAt)}, not ${ends(expiresAt)}`]),
  ];
}

function endsBefore(one: Day | undefined, other: Day | undefined): boolean {
  return one !== undefined && (other === undefined || one < other);
}
