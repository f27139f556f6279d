import { notFound, Refusal } from "../answers/refusal";
import type { Namespace, User } from "../records";
import type { GitLabState } from "../state";
import type { Token } from "../tokens";
import { type Permission, permissionOf } from "./permissions";
import { isAbove, isGranular, isMember } from "./scopes";

const type = "personal access token";

/**
 * Whether a token may make a request, beside its user's role: a fine-grained one by its permissions, a legacy one of a person
 * nowhere below a group that asks for fine-grained ones.
 */
export function authorize(state: GitLabState, token: Token, method: string, path: string): void {
  const user = state.user(token.userId);
  const place = placeOf(state, path);
  const isAsked = isSubject(state, user) && isEnforcedAt(state, place);
  if (!isGranular(token) && !isAsked) return;
  const permission = permissionOf(method, path);
  if (permission === undefined) throw denied(`Access denied: This operation doesn't support fine-grained ${type}s.`);
  const [kind] = permission.at;
  const isPlaced = kind === "project" || kind === "group";
  if (isPlaced && place === undefined) throw notFound();
  if (isGranular(token) && isPermitted(state, token, user, permission, isPlaced ? place : undefined)) return;
  if (isPlaced && place !== undefined && !isMember(state, user, place)) throw notFound();
  throw denied(
    `Access denied: This operation requires a fine-grained ${type} with the following ${kind} permissions: [${permission.title}].`,
  );
}

/** Whether people alone are asked, as GitLab has it since it spared service accounts, or everybody. */
export function isSubject(state: GitLabState, user: User): boolean {
  return user.owner === undefined || state.enforcement.sparesServiceAccounts === false;
}

/** Whether new legacy tokens are refused on the whole instance by now. */
export function isEnforced(state: GitLabState): boolean {
  const { instance } = state.enforcement;
  return instance !== undefined && state.clock.today() >= instance;
}

function isEnforcedAt(state: GitLabState, place: Namespace | undefined): boolean {
  if (place === undefined) return false;
  const root = place.path.split("/")[0] ?? "";
  const from = state.enforcement.groups?.[root];
  return from !== undefined && state.clock.today() >= from;
}

function isPermitted(
  state: GitLabState,
  token: Token,
  user: User,
  { name, at: [kind] }: Permission,
  place: Namespace | undefined,
): boolean {
  const scopes = (token.granularScopes ?? []).filter(({ permissions }) => permissions.includes(name));
  if (place === undefined) return scopes.some(({ access }) => access === kind);
  if (!isMember(state, user, place)) return false;
  return scopes.some((scope) => scope.access === "all_memberships" || isAbove(state, scope, place));
}

/** The group or project that a path names, whoever may see it. */
function placeOf(state: GitLabState, path: string): Namespace | undefined {
  const [, kind, segment] = /^\/api\/v4\/(groups|projects)\/([^/]+)/.exec(path) ?? [];
  if (kind === undefined || segment === undefined) return undefined;
  const all: ReadonlyMap<string, Namespace> = kind === "groups" ? state.groups : state.projects;
  const wanted = decodeURIComponent(segment);
  return all.get(wanted) ?? [...all.values()].find(({ id }) => String(id) === wanted);
}

function denied(description: string): Refusal {
  return new Refusal(403, { error: "insufficient_granular_scope", error_description: description });
}
