import { Forbidden, NotFound, Unauthorized } from "../http";
import { groupPath, projectPath } from "./api/owner";
import { nothing } from "./api/shape";
import type { GitLab } from "./client";

/** Which property of a variable names its owner. */
export type OwnerProperty = "project" | "group";

/**
 * Whether our credential sees an owner's variables. GitLab answers 404 for what is gone and for what may not be seen, so
 * only a list that succeeds makes a 404 mean "gone".
 */
export async function ownerIsVisible(gitlab: GitLab, property: OwnerProperty, owner: string): Promise<boolean> {
  const path = property === "project" ? projectPath(owner) : groupPath(owner);
  try {
    await gitlab.list(`${path}/variables`, nothing, { per_page: 1 }, () => true);
    return true;
  } catch (error) {
    if (error instanceof NotFound || error instanceof Forbidden || error instanceof Unauthorized) {
      return false;
    }
    throw error;
  }
}
