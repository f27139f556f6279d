/**
 * Whether a group or project is another one, or lies below it. GitLab's paths are the same in upper and lower case; a name that only begins alike is
 * another one.
 */
export function isBelow(path: string, place: string): boolean {
  const [inner, outer] = [path.toLowerCase(), place.toLowerCase()];
  return inner === outer || inner.startsWith(`${outer}/`);
}
