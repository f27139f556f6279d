import { failed } from "../../../clients/faults";
import { type GranularScope, groupId, projectId } from "../../../clients/gitlab/users/granular";
import type { Servers } from "../../../clients/servers";
import type { TokenPermissions } from "../../../contract/types/permissions";

/** The same as GitLab has it: places by their numbers. */
export function scopesOf(permissions: readonly TokenPermissions[], at: Servers): Promise<GranularScope[]> {
  return Promise.all(permissions.map((one) => scopeOf(one, at)));
}

async function scopeOf(one: TokenPermissions, at: Servers): Promise<GranularScope> {
  const { allow, group, project } = one;
  const selected = { access: "selected_memberships", permissions: [...allow] };
  if (project !== undefined) {
    const id = await numberOf("project", project, () => projectId(at.gitlab(), project), at);
    return { ...selected, projectId: id };
  }
  if (group !== undefined) {
    const id = await numberOf("group", group, () => groupId(at.gitlab(), group), at);
    return { ...selected, groupId: id };
  }
  const access = one.allMemberships === true ? "all_memberships" : one.user === true ? "user" : "instance";
  return { access, permissions: [...allow] };
}

/** GitLab passes over a number that it does not know, without a word: so a path is looked up. */
async function numberOf(kind: string, path: string, look: () => Promise<number>, at: Servers): Promise<number> {
  const subject = `number of ${kind} ${path}`;
  return at.remember(subject, () =>
    look().catch((error: unknown) => {
      throw failed(`looking up the ${kind} "${path}" of "token.permissions"`, error);
    }),
  );
}

/** How what a token may do differs from what it is to be, in words; nothing where it is just that. */
export function differences(found: readonly GranularScope[] | undefined, wanted: readonly GranularScope[]): string[] {
  if (found === undefined)
    return ["GitLab does not tell what it may do: it shows that of a token by its id from 19.2 on"];
  const had = new Map(found.map((scope) => [placeOf(scope), scope.permissions]));
  const places = new Set([...wanted.map(placeOf), ...had.keys()]);
  const asked = new Map(wanted.map((scope) => [placeOf(scope), scope.permissions]));
  return [...places].flatMap((place) => {
    const [has, is] = [had.get(place) ?? [], asked.get(place) ?? []];
    const missing = is.filter((name) => !has.includes(name));
    const more = has.filter((name) => !is.includes(name));
    return [
      ...(missing.length === 0 ? [] : [`it lacks ${missing.join(", ")} for ${place}`]),
      ...(more.length === 0 ? [] : [`it has ${more.join(", ")} for ${place}, which is not declared`]),
    ];
  });
}

function placeOf({ access, groupId, projectId }: GranularScope): string {
  if (projectId !== undefined) return `project ${projectId}`;
  return groupId === undefined ? access : `group ${groupId}`;
}
