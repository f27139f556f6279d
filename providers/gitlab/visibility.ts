import { Forbidden, NotFound, Unauthorized } from "../http";
import { groupPath, projectPath } from "./api/owner";
import { nothing } from "./api/shape";
import type { GitLab } from "./client";

/** Which property of a variable names its owner; a variable of the instance has none. */
export type OwnerProperty = "project" | "group";

/** What kind of owner a variable has. */
export type OwnerKind = OwnerProperty | "instance";

/**
 * Whether our credential sees an owner's variables. GitLab answers 404 for what is gone and for what may not be seen, so
 * only a list that succeeds makes a 404 mean "gone".
 */
export async function ownerIsVisible(gitlab: GitLab, kind: OwnerKind, owner: string): Promise<boolean> {
  try {
    await gitlab.list(variablesOf(kind, owner), nothing, { per_page: 1 }, () => true);
    return true;
  } catch (error) {
    if (error instanceof NotFound || error instanceof Forbidden || error instanceof Unauthorized) {
      return false;
    }
    throw error;
  }
}

function variablesOf(kind: OwnerKind, owner: string): string {
  if (kind === "instance") return "/admin/ci/variables";
  return `${kind === "project" ? projectPath(owner) : groupPath(owner)}/variables`;
}

/** An owner in words. */
export function ownerTitle(kind: OwnerKind, owner: string): string {
  return kind === "instance" ? "the instance" : `${kind} "${owner}"`;
}
