const prefix = "unmade/";

const reason = "?why=";

/**
 * The id of a resource of an account that was declared and could not be made.
 *
 * @param why - in words, without secrets: what comes after the resource tells it.
 */
export function unmadeId(name: string, why?: string): string {
  return `${prefix}${name}${why === undefined ? "" : `${reason}${encodeURIComponent(why)}`}`;
}

/** Why what an id stands for could not be made; undefined where it was made, or the id does not tell. */
export function whyUnmade(id: string): string | undefined {
  const at = id.lastIndexOf(reason);
  return isUnmade(id) && at !== -1 ? decodeURIComponent(id.slice(at + reason.length)) : undefined;
}

/** Whether an id is of what could not be made: the next run makes it. */
export function isUnmade(id: string): boolean {
  return id.startsWith(prefix);
}
