import { NotFound } from "../../http";
import type { GitLab } from "../client";
import { groupPath, type Owner, projectPath } from "../owner";
import type { Shape } from "../shape";

/** A group or a project. */
export type Namespace = Exclude<Owner, { instance: true }>;

/** GitLab's access levels, by the names that Pulumi's GitLab package gives them. */
export const accessLevels = {
  minimal: 5,
  guest: 10,
  planner: 15,
  reporter: 20,
  developer: 30,
  maintainer: 40,
  owner: 50,
} as const;

/** The name of an access level. */
export type AccessLevel = keyof typeof accessLevels;

/** Who may do something in a group or project. */
export interface Access {
  readonly userId: number;
  readonly username: string;
  readonly name: string;
  /** See {@link accessLevels}. */
  readonly level: number;
  /** Neither blocked nor deactivated. */
  readonly active: boolean;
  /** The day on which the membership ends. */
  readonly expiresAt: string | undefined;
}

/** The members of a group or project, those of the groups above it and of invited groups included. */
export function listAccess(gitlab: GitLab, owner: Namespace): Promise<Access[]> {
  return gitlab.list(allMembersOf(owner), access);
}

/** The access of one user, inherited or not; none when it is no member, or the place cannot be seen. */
export async function findAccess(gitlab: GitLab, owner: Namespace, userId: number): Promise<Access | undefined> {
  try {
    return await gitlab.get(`${allMembersOf(owner)}/${userId}`, access);
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** Where the members of a group or project are, those of the groups above it among them. */
export function allMembersOf(owner: Namespace): string {
  return `${owner.group !== undefined ? groupPath(owner.group) : projectPath(owner.project)}/members/all`;
}

function access(shape: Shape): Access {
  return {
    userId: shape.integer("id"),
    username: shape.text("username"),
    name: shape.text("name"),
    level: shape.integer("access_level"),
    active: shape.optionalText("state") === "active",
    expiresAt: shape.optionalText("expires_at"),
  };
}

/** The name of a role. */
export function roleName(level: number): string {
  if (level >= accessLevels.owner) return "Owner";
  if (level >= accessLevels.maintainer) return "Maintainer";
  if (level >= accessLevels.developer) return "Developer";
  return level > 0 ? "a lesser role" : "no role";
}
