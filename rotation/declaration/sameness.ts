import type { Raw } from "../../ground/raw";
import { together } from "../../places/kind";

/** One text for one membership, however it was written: GitLab's paths are one in upper and lower case. */
export function membershipKey({ group, project }: Raw): string | undefined {
  return group === undefined ? together("project", folded(project)) : together("group", folded(group));
}

function folded(path: unknown): unknown {
  return typeof path === "string" ? path.toLowerCase() : path;
}
