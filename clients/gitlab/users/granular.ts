import type { GitLab } from "../client";
import { groupPath, projectPath } from "../owner";
import type { Shape } from "../shape";

/** A scope of a fine-grained token: what it may do in one place. */
export interface GranularScope {
  /** Where, in GitLab's words. */
  readonly access: string;
  readonly permissions: readonly string[];
  readonly projectId?: number;
  readonly groupId?: number;
}

/** The only member of `scopes` that GitLab shows of a fine-grained token. */
export const granular = "granular";

/** Whether GitLab says that a token is fine-grained. What it may do, not every answer tells. */
export function isGranular({ scopes }: { readonly scopes: readonly string[] }): boolean {
  return scopes.includes(granular);
}

/** A scope out of an answer. */
export function granularScope(shape: Shape): GranularScope {
  const [projectId, groupId] = [shape.optionalInteger("project_id"), shape.optionalInteger("group_id")];
  return {
    access: shape.text("access"),
    permissions: shape.texts("permissions"),
    ...(projectId === undefined ? {} : { projectId }),
    ...(groupId === undefined ? {} : { groupId }),
  };
}

/** A scope as GitLab takes it. */
export function scopeBody({ access, permissions, projectId, groupId }: GranularScope) {
  return {
    access,
    permissions,
    ...(projectId === undefined ? {} : { project_ids: [projectId] }),
    ...(groupId === undefined ? {} : { group_ids: [groupId] }),
  };
}

/** The number of a group. */
export function groupId(gitlab: GitLab, group: string): Promise<number> {
  return gitlab.get(groupPath(group), (shape) => shape.integer("id"));
}

/** The number of a project. */
export function projectId(gitlab: GitLab, project: string): Promise<number> {
  return gitlab.get(projectPath(project), (shape) => shape.integer("id"));
}

/** The full path of a group or project. */
export function namespacePath(gitlab: GitLab, kind: "group" | "project", id: number): Promise<string> {
  return kind === "group"
    ? gitlab.get(groupPath(String(id)), (shape) => shape.text("full_path"))
    : gitlab.get(projectPath(String(id)), (shape) => shape.text("path_with_namespace"));
}
