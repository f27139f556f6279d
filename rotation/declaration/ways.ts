/** Whose an account is: one of these. */
export const owners = ["group", "project", "instance", "self"] as const;

/** What a membership is of: one of these. */
export const memberships = ["group", "project"] as const;

/** How the pipeline of a proof comes to run: one of these; `observed` may have a `ref`. */
export const starts = ["schedule", "ref", "job", "observed"] as const;
