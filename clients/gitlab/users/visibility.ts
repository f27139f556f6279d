import { Forbidden, NotFound, Unauthorized } from "../../http";
import type { GitLab } from "../client";

/**
 * Whether our credential sees a list, such as an owner's variables. GitLab answers 404 for what is gone and for what may not
 * be seen, so only a list that succeeds makes the 404 of one of its members mean "gone".
 */
export async function isVisible(gitlab: GitLab, list: string): Promise<boolean> {
  try {
    await gitlab.list(
      list,
      () => undefined,
      { per_page: 1 },
      () => true,
    );
    return true;
  } catch (error) {
    if (error instanceof NotFound || error instanceof Forbidden || error instanceof Unauthorized) return false;
    throw error;
  }
}
