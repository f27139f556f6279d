import type { GitLab } from "../client";
import { projectPath } from "./owner";

/** What is needed of a project. */
export interface Project {
  readonly defaultBranch: string;
}

/** One project. */
export function getProject(gitlab: GitLab, project: string): Promise<Project> {
  return gitlab.get(projectPath(project), (shape) => ({
    defaultBranch: shape.optionalText("default_branch") ?? "main",
  }));
}
