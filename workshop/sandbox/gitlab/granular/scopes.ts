import { type Parameters, valuesOf } from "../answers/parameters";
import { notFound, Refusal } from "../answers/refusal";
import type { Group, Namespace, Project, User } from "../records";
import type { GitLabState } from "../state";
import type { Token } from "../tokens";
import { accesses, type GranularScope } from "./scope";

/** Whether GitLab takes it for a fine-grained one. */
export function isGranular({ granularScopes }: Pick<Token, "granularScopes">): boolean {
  return granularScopes !== undefined;
}

/** A scope as GitLab's answers show it. */
export function rendered({ access, permissions, namespace }: GranularScope) {
  return {
    access,
    permissions,
    project_id: namespace?.kind === "project" ? namespace.id : null,
    group_id: namespace?.kind === "group" ? namespace.id : null,
  };
}

/**
 * The scopes that a request asks for; undefined where it asks for none. A group or a project that is not there is passed over
 * without a word; one that the user is no member of is refused as if it were not there.
 */
export function wantedScopes(state: GitLabState, user: User, parameters: Parameters): GranularScope[] | undefined {
  const raw = parameters.raw("granular_scopes");
  if (raw === undefined) return undefined;
  const blocks = Array.isArray(raw) ? raw : [raw];
  const read = blocks.map((block, at) => {
    const values = valuesOf(block);
    const path = `granular_scopes[${at}]`;
    const access = accesses.find((one) => one === values.string("access"));
    if (!values.has("access")) parameters.fault(`${path}[access] is missing`);
    else if (access === undefined) parameters.fault(`${path}[access] does not have a valid value`);
    if (!values.has("permissions")) parameters.fault(`${path}[permissions] is missing`);
    const ids = (name: string) => (values.list(name) ?? []).map(Number);
    return {
      access: access ?? "user",
      permissions: values.list("permissions") ?? [],
      groups: ids("group_ids"),
      projects: ids("project_ids"),
    };
  });
  parameters.check();
  return read.flatMap(({ access, permissions, groups, projects }): GranularScope[] => {
    if (access !== "selected_memberships") return [{ access, permissions }];
    const found = [...withIds(state.groups, groups), ...withIds(state.projects, projects)];
    return found.map((one) => {
      if (!isMember(state, user, one)) throw notFound();
      return { access, permissions, namespace: { kind: one.kind, id: one.id } };
    });
  });
}

/** Refuse scopes that no token may have. */
export function checkScopes(scopes: readonly GranularScope[], known: readonly string[]): void {
  const refuse = (message: string) => new Refusal(422, { message });
  if (scopes.length === 0) throw refuse("At least one granular scope must be provided");
  const places = scopes.map(({ access, namespace }) => `${access} ${namespace?.kind} ${namespace?.id}`);
  if (new Set(places).size < places.length)
    throw refuse("The token cannot have multiple granular scopes for the same namespace");
  if (scopes.some(({ permissions }) => permissions.length === 0 || permissions.some((one) => !known.includes(one))))
    throw refuse("Permissions must be a valid json schema");
}

/** A fine-grained token makes no token that may do more than itself. */
export function checkEscalation(state: GitLabState, scopes: readonly GranularScope[], by: Token | undefined): void {
  const own = by?.granularScopes;
  if (own === undefined) return;
  const isCovered = (wanted: GranularScope) =>
    wanted.permissions.every((permission) =>
      own.some((scope) => scope.permissions.includes(permission) && covers(state, scope, wanted)),
    );
  if (scopes.every(isCovered)) return;
  const message = "A granular token can only create tokens with equal or lesser permissions.";
  throw new Refusal(403, { message });
}

function covers(state: GitLabState, scope: GranularScope, { access, namespace }: GranularScope): boolean {
  if (namespace === undefined) return scope.access === access;
  return scope.access === "all_memberships" || isAbove(state, scope, namespaceOf(state, namespace));
}

/** Whether a scope of selected memberships holds in a group or project. */
export function isAbove(state: GitLabState, { namespace }: GranularScope, place: Namespace | undefined): boolean {
  if (namespace === undefined || place === undefined) return false;
  const above = [place, ...state.ancestors(place.path)];
  return above.some(({ kind, id }) => kind === namespace.kind && id === namespace.id);
}

function namespaceOf(state: GitLabState, { kind, id }: NonNullable<GranularScope["namespace"]>): Namespace | undefined {
  return withIds<Group | Project>(kind === "group" ? state.groups : state.projects, [id])[0];
}

/** Whether a user belongs to a group or project, in whichever way. */
export function isMember(state: GitLabState, user: User, namespace: Namespace): boolean {
  return user.admin || state.accessLevel(user, namespace) > 0;
}

function withIds<T extends Namespace>(all: ReadonlyMap<string, T>, ids: readonly number[]): T[] {
  return [...all.values()].filter(({ id }) => ids.includes(id));
}
