import type { GitLab } from "../client";
import { projectPath } from "../owner";

/** What is needed of a project. */
export interface Project {
  /** Its full path now; a project that has moved is found by the old one as well. */
  readonly path: string | undefined;
  readonly defaultBranch: string;
}

/** One project. */
export function getProject(gitlab: GitLab, project: string): Promise<Project> {
  return gitlab.get(projectPath(project), (shape) => ({
    path: shape.optionalText("path_with_namespace"),
    defaultBranch: shape.optionalText("default_branch") ?? "main",
  }));
}
