import type { Owner } from "../../../clients/gitlab/owner";

/** What a variable belongs to. */
interface Owned {
  readonly project?: string | undefined;
  readonly group?: string | undefined;
}

/** Variables of a group reach all projects below it, those of the instance every project. */
export function reaches({ project, group }: Owned, of: string): boolean {
  if (project !== undefined) return project.toLowerCase() === of.toLowerCase();
  return group === undefined || of.toLowerCase().startsWith(`${group.toLowerCase()}/`);
}

/** The owners whose variables count before one that reaches a project: the project itself, and the groups in between. */
export function nearerOwners({ project: own, group }: Owned, project: string): Owner[] {
  if (own !== undefined || !reaches({ group }, project)) return [];
  const parts = project.split("/");
  const depth = group === undefined ? 0 : group.split("/").length;
  const groups = parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("/"));
  return [{ project }, ...groups.slice(depth).map((path) => ({ group: path }))];
}
