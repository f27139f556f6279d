import { flag, list, object, optional, text, type ValueOf } from "../form/kinds";

export const tokenPermissions = object(
  "TokenPermissions",
  "What a fine-grained token may do in one place: one of `project`, `group`, `allMemberships`, `user` and `instance`.",
  {
    project: optional(text("Full path of a project that the account is a member of.")),
    group: optional(text("Full path of a group that the account is a member of; with all below it.")),
    allMemberships: optional(flag("True for every group and project that the account is a member of.")),
    user: optional(flag("True for what belongs to the account itself.")),
    instance: optional(flag("True for what belongs to the instance.")),
    allow: list(text(), "GitLab's names, such as `read_job`."),
  },
);
export type TokenPermissions = ValueOf<typeof tokenPermissions>;

/** The input that says what a token may do. */
export const permissions = optional(
  list(
    tokenPermissions,
    "What a fine-grained token may do, no more and no less; none for a legacy one. Then its only scope is `granular`.",
  ),
);
