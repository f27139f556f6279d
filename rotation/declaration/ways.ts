/** Whose an account is: one of these. */
export const owners = ["group", "project", "instance", "self"] as const;

/** What a membership is of: one of these. */
export const memberships = ["group", "project"] as const;

/** The item of a place in 1Password: one of these. */
export const items = ["item", "newItem"] as const;

/** Whose a variable is: one of these. */
export const variableOwners = ["project", "group", "instance"] as const;

/** How the pipeline of a proof comes to run: one of these; `observed` may have a `ref`. */
export const starts = ["schedule", "ref", "job", "observed"] as const;
