import { NotFound } from "../../http";
import type { GitLab } from "../client";
import { groupPath, projectPath } from "../owner";
import type { Read, Shape } from "../shape";
import { type AccessLevel, accessLevels, type Namespace } from "./access";
import { isVisible } from "./visibility";

/** A membership of a group or project itself, no inherited one. */
export interface Member {
  readonly userId: number;
  readonly level: number;
  /** The day on which it ends; absent when it never does. */
  readonly expiresAt: string | undefined;
}

/** What a membership is to be. */
export interface Membership {
  readonly accessLevel: AccessLevel;
  readonly expiresAt?: string;
}

/** The membership of a user; undefined when there is none. */
export async function findMember(gitlab: GitLab, of: Namespace, userId: number): Promise<Member | undefined> {
  try {
    return await gitlab.get(`${membersOf(of)}/${userId}`, member);
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** Makes a user a member; refused when the user is one. */
export function addMember(gitlab: GitLab, of: Namespace, userId: number, wanted: Membership): Promise<Member> {
  const { expires_at, ...body } = bodyOf(wanted);
  const ends = expires_at === "" ? {} : { expires_at };
  return gitlab.write("POST", membersOf(of), memberOf(userId), { body: { user_id: userId, ...body, ...ends } });
}

/** Changes a membership; an end that is left out is taken away. May be repeated. */
export function updateMember(gitlab: GitLab, of: Namespace, userId: number, wanted: Membership): Promise<Member> {
  return gitlab.write("PUT", `${membersOf(of)}/${userId}`, memberOf(userId), { body: bodyOf(wanted) });
}

/** Ends a membership. */
export function removeMember(gitlab: GitLab, of: Namespace, userId: number): Promise<void> {
  const isGone = async () =>
    (await findMember(gitlab, of, userId)) === undefined && (await isVisible(gitlab, membersOf(of)));
  return gitlab.remove(`${membersOf(of)}/${userId}`, isGone);
}

function bodyOf({ accessLevel, expiresAt = "" }: Membership) {
  return { access_level: accessLevels[accessLevel], expires_at: expiresAt };
}

function membersOf(of: Namespace): string {
  return `${of.group !== undefined ? groupPath(of.group) : projectPath(of.project)}/members`;
}

/** The membership of that user, and of no other. */
function memberOf(userId: number): Read<Member> {
  return (shape) => {
    shape.same("id", userId);
    return member(shape);
  };
}

function member(shape: Shape): Member {
  return {
    userId: shape.integer("id"),
    level: shape.integer("access_level"),
    expiresAt: shape.optionalText("expires_at")?.slice(0, 10),
  };
}
