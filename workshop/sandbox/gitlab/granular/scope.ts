/** Where the permissions of a scope hold, in GitLab's words. */
export const accesses = ["personal_projects", "all_memberships", "selected_memberships", "user", "instance"] as const;

/** A scope of a fine-grained token. */
export interface GranularScope {
  readonly access: (typeof accesses)[number];
  readonly permissions: readonly string[];
  /** Of `selected_memberships`: one group, with all below it, or one project. */
  readonly namespace?: { readonly kind: "group" | "project"; readonly id: number };
}
