import type { GitLab } from "../client";
import { projectPath } from "../owner";

/** Whether a branch is protected; `NotFound` when there is no such branch. */
export function isProtectedBranch(gitlab: GitLab, project: string, branch: string): Promise<boolean> {
  const path = `${projectPath(project)}/repository/branches/${encodeURIComponent(branch)}`;
  return gitlab.get(path, (shape) => shape.flag("protected"));
}

/** Whether a tag is protected; `NotFound` when there is no such tag. */
export function isProtectedTag(gitlab: GitLab, project: string, tag: string): Promise<boolean> {
  const path = `${projectPath(project)}/repository/tags/${encodeURIComponent(tag)}`;
  return gitlab.get(path, (shape) => shape.flag("protected"));
}
