import type { GitLab } from "../../clients/gitlab/client";
import { projectPath } from "../../clients/gitlab/owner";
import { getProject } from "../../clients/gitlab/projects/projects";

/**
 * Where a project is now that GitLab answered for from another path; undefined when it did not. It lets what has moved be
 * read by the old path, and refuses every write.
 */
export async function movedTo(gitlab: GitLab, project: string): Promise<string | undefined> {
  if (!gitlab.isMoved(projectPath(project))) return undefined;
  const { path } = await getProject(gitlab, project);
  return path === undefined || path.toLowerCase() === project.toLowerCase() ? undefined : path;
}

/** What a write by the old path of a project that has moved is refused for. */
export function movedText(project: string, path: string): string {
  return `project "${project}" has moved to "${path}": GitLab lets it be read by the old path, and refuses to write. Declare the new one`;
}
