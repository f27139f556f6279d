/** What a CI/CD variable or a service account belongs to. */
export type Owner =
  | { readonly group: string; readonly project?: undefined }
  | { readonly project: string; readonly group?: undefined }
  | { readonly group?: undefined; readonly project?: undefined; readonly instance: true };

/** The owner that a path names; at most one is given, and without one it is the instance. */
export function ownerOf({
  group,
  project,
}: {
  readonly group?: string | undefined;
  readonly project?: string | undefined;
}): Owner {
  if (group !== undefined) return { group };
  return project !== undefined ? { project } : { instance: true };
}

/** Which property of a resource names its owner; what is the instance's has none. */
export type OwnerProperty = "project" | "group";

/** What kind of owner something has. */
export type OwnerKind = OwnerProperty | "instance";

/** Where a project's part of the API is. Takes a full path or an id. */
export function projectPath(project: string): string {
  return `/projects/${encodeURIComponent(project)}`;
}

/** Where a group's part of the API is. Takes a full path or an id. */
export function groupPath(group: string): string {
  return `/groups/${encodeURIComponent(group)}`;
}

/** The owner in words, for people. */
export function ownerTitle(owner: Owner): string {
  if (owner.group !== undefined) return `group "${owner.group}"`;
  return owner.project !== undefined ? `project "${owner.project}"` : "the instance";
}
