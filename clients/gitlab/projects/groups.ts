import type { GitLab } from "../client";
import { groupPath } from "../owner";

/** The full paths of all projects of a group and its subgroups; archived ones and those shared with it are left out. */
export function listProjectPaths(gitlab: GitLab, group: string): Promise<string[]> {
  const query = { include_subgroups: true, with_shared: false, archived: false };
  return gitlab.list(`${groupPath(group)}/projects`, (shape) => shape.text("path_with_namespace"), query);
}

/** The full paths of all groups below a group. */
export function listSubgroupPaths(gitlab: GitLab, group: string): Promise<string[]> {
  return gitlab.list(`${groupPath(group)}/descendant_groups`, (shape) => shape.text("full_path"));
}
