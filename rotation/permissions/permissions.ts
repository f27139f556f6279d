import { permissionList, permissionSource } from "./grants";

/** What a fine-grained token may do in one place. Exactly one of `project`, `group`, `allMemberships`, `user` and `instance`. */
export interface TokenPermissions {
  /** Full path of a project, of which the account is a member. */
  readonly project?: string;
  /** Full path of a group, of which the account is a member: there, and in all groups and projects below it. */
  readonly group?: string;
  /** In every group and project that the account is a member of, now or later. */
  readonly allMemberships?: true;
  /** For what belongs to the account itself, such as its own tokens. */
  readonly user?: true;
  /** For what belongs to the whole instance; its user must be allowed that as well. */
  readonly instance?: true;
  /** GitLab's names, such as `read_job`. At least one, here or in `unlisted`. */
  readonly allow: readonly string[];
  /** Names that our list of GitLab's does not have, such as those of a later release: taken as they are. @default none */
  readonly unlisted?: readonly string[];
}

/** Keys that say where permissions hold. */
export const permissionPlaces = ["project", "group", "allMemberships", "user", "instance"] as const;

/** The only scope that GitLab shows of a fine-grained token. */
export const granularScope = "granular";

/** The kinds of places, by their letters in the list. */
const kinds: Readonly<Record<string, string>> = { p: "project", g: "group", u: "user", i: "instance" };

/** Names with the letters of the places that each can be given for. */
const known: ReadonlyMap<string, string> = new Map(
  permissionList.split("\n").flatMap((line) => {
    const [resource = "", ...actions] = line.split(" ");
    return actions.map((one): [string, string] => {
      const [action = "", places = ""] = one.split(":");
      return [`${action}_${resource}`, places];
    });
  }),
);

/** Every name of the list. */
export const permissionNames: readonly string[] = [...known.keys()];

/** What may be meant by a place: permissions of a group hold for its projects as well. */
const fitting = { project: "p", group: "pg", allMemberships: "pg", user: "u", instance: "i" } as const;

/** Why a name cannot be given for a place; undefined when it can. `closest` finds the name that was probably meant. */
export function permissionFault(
  name: string,
  place: (typeof permissionPlaces)[number],
  closest: (written: string, names: readonly string[]) => string | undefined,
): string | undefined {
  const places = known.get(name);
  if (places === undefined) {
    const meant = named(name) ?? closest(name, permissionNames);
    const list = `a name of ${permissionSource}; one that is newer goes to unlisted`;
    return meant === undefined ? list : `"${meant}", if that is what you mean, or ${list}`;
  }
  if ([...fitting[place]].some((letter) => places.includes(letter))) return undefined;
  const right = [...places].map((letter) => kinds[letter] ?? letter).join(" or ");
  return `it in a block with ${right}: GitLab has ${name} for that alone`;
}

/** The name behind GitLab's words, such as `Job: Run`. */
function named(words: string): string | undefined {
  const [resource = "", action = ""] = words.toLowerCase().split(/\s*:\s*/);
  const name = `${action} ${resource}`.trim().replaceAll(" ", "_");
  return known.has(name) ? name : undefined;
}

/** All names of a block. */
export function allowed({ allow, unlisted = [] }: TokenPermissions): readonly string[] {
  return [...allow, ...unlisted];
}

/** Where a block holds, in words. */
export function placeText({ project, group, allMemberships, user }: TokenPermissions): string {
  if (project !== undefined) return `project ${project}`;
  if (group !== undefined) return `group ${group} and all below it`;
  if (allMemberships === true) return "every group and project that the account is a member of";
  return user === true ? "the account itself" : "the whole instance";
}

/** What a fine-grained token may do, a text for each place: `read_job, run_job in project security/builder`. */
export function permissionTexts(permissions: readonly TokenPermissions[]): readonly string[] {
  return permissions.map((block) => `${allowed(block).join(", ")} in ${placeText(block)}`);
}

/** What tokens are made with: one of the two. */
export interface Rights {
  readonly scopes: readonly string[];
  readonly permissions?: readonly TokenPermissions[];
}

/** What tokens may do, in words. */
export function rightsText({ scopes, permissions }: Rights): string {
  if (permissions !== undefined) return `fine-grained: ${permissionTexts(permissions).join("; ")}`;
  return `the scopes ${scopes.join(", ")}`;
}

/** What tokens may do after an edit that they might not before, in words. */
export function widenings(before: Rights, after: Rights): readonly string[] {
  const { permissions } = after;
  if (permissions === undefined) {
    const added =
      before.permissions === undefined
        ? after.scopes.filter((scope) => !scopeCovers(before.scopes, scope))
        : after.scopes;
    return added.map((scope) => `the scope ${scope}, wherever the account is a member`);
  }
  return permissions.flatMap((block) => {
    const added = allowed(block).filter((name) => !covers(before, block, name));
    return added.length === 0 ? [] : [`${added.join(", ")} in ${placeText(block)}`];
  });
}

function covers(before: Rights, block: TokenPermissions, name: string): boolean {
  if (before.permissions === undefined)
    return before.scopes.includes("api") || (before.scopes.includes("read_api") && name.startsWith("read_"));
  return before.permissions.some((one) => allowed(one).includes(name) && isAbove(one, block));
}

function scopeCovers(scopes: readonly string[], wanted: string): boolean {
  if (scopes.includes(wanted)) return true;
  const apart = ["sudo", "admin_mode"];
  return scopes.includes("api") ? !apart.includes(wanted) : scopes.includes("read_api") && wanted === "read_user";
}

/** Whether what holds in one place holds in another as well. Paths have no case. */
function isAbove(one: TokenPermissions, other: TokenPermissions): boolean {
  const path = (other.project ?? other.group)?.toLowerCase();
  if (path === undefined) return permissionPlaces.every((place) => one[place] === other[place]);
  if (one.allMemberships === true) return true;
  const group = one.group?.toLowerCase();
  if (group !== undefined) return `${path}/`.startsWith(`${group}/`);
  return other.project !== undefined && one.project?.toLowerCase() === path;
}

/** Whether an edit has legacy tokens follow fine-grained ones without a reason. */
export function fallsBack(before: Rights, after: Rights & { readonly legacyReason?: string }): boolean {
  return before.permissions !== undefined && after.permissions === undefined && after.legacyReason === undefined;
}
