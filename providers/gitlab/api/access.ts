import type { GitLab } from "../client";
import { groupPath, type Owner, projectPath } from "./owner";

/** GitLab's numbers of roles, as far as they matter here. */
export const accessLevels = { developer: 30, maintainer: 40, owner: 50 } as const;

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
export function listAccess(gitlab: GitLab, owner: Exclude<Owner, { instance: true }>): Promise<Access[]> {
  const place = owner.group !== undefined ? groupPath(owner.group) : projectPath(owner.project);
  return gitlab.list(`${place}/members/all`, (shape) => ({
    userId: shape.integer("id"),
    username: shape.text("username"),
    name: shape.text("name"),
    level: shape.integer("access_level"),
    active: shape.optionalText("state") === "active",
    expiresAt: shape.optionalText("expires_at"),
  }));
}

/** The name of a role. */
export function roleName(level: number): string {
  if (level >= accessLevels.owner) return "Owner";
  if (level >= accessLevels.maintainer) return "Maintainer";
  if (level >= accessLevels.developer) return "Developer";
  return level > 0 ? "a lesser role" : "no role";
}
