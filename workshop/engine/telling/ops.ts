/**
 * What is done to a resource, by the names of Pulumi's own events: what the state says of it meanwhile; its sign; its words
 * while it is done, when it was done, and when it is planned. What stays the same has none.
 */
export const ops = {
  same: [],
  create: ["creating", "+ ", "creating", "created", "create"],
  "create-replacement": ["creating", "++", "creating replacement", "created replacement", "create replacement"],
  update: ["updating", "~ ", "updating", "updated", "update"],
  replace: [undefined, "+-", "replacing", "replaced", "replace"],
  delete: ["deleting", "- ", "deleting", "deleted", "delete"],
  "delete-replaced": ["deleting", "--", "deleting original", "deleted original", "delete original"],
  refresh: [undefined, "~ ", "refreshing", "refreshed", "refresh"],
  import: ["importing", "= ", "importing", "imported", "import"],
} as const;

/** The name of such a thing. */
export type Op = keyof typeof ops;
