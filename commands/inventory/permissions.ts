import type { GitLab } from "../../clients/gitlab/client";
import { type GranularScope, isGranular, namespacePath } from "../../clients/gitlab/users/granular";
import type { Token } from "../../clients/gitlab/users/tokens";
import { permissionNames, type TokenPermissions } from "../../rotation/permissions/permissions";
import { each } from "../command";

/** What a fine-grained token may do, as it is to be declared. */
export interface FoundPermissions {
  readonly blocks: readonly TokenPermissions[];
  /** What it may do today, as far as that can be seen. */
  readonly all: readonly TokenPermissions[];
  /** What a person should know or do. */
  readonly notes: readonly string[];
}

/** The permission without which no run can ask a token who it is. */
const telling = "read_personal_access_token";

/** What a token may do, with the paths of its groups and projects; undefined for a legacy one. */
export async function findPermissions(gitlab: GitLab, token: Token): Promise<FoundPermissions | undefined> {
  if (!isGranular(token)) return undefined;
  const own: TokenPermissions = { user: true, allow: [telling] };
  if (token.granularScopes === undefined)
    return {
      blocks: [own],
      all: [],
      notes: [
        "TODO The token is fine-grained, and GitLab tells from 19.6 on what that of a service account may do: write under permissions what its users need. With too few, no proof passes, and the token in use stays.",
      ],
    };
  const found = await each(token.granularScopes, (scope) => blockOf(gitlab, scope));
  const blocks = found.filter((block) => block !== undefined);
  const lost = blocks.length < found.length;
  const isTold = blocks.some(({ user, allow }) => user === true && allow.includes(telling));
  const users = blocks.find(({ user }) => user === true);
  const rest = blocks.filter((block) => block !== users);
  const mended = users === undefined ? own : { ...users, allow: [...users.allow, telling] };
  return {
    all: blocks,
    blocks: isTold ? blocks : [mended, ...rest],
    notes: [
      ...(lost ? ["TODO The token may do something in a group or project that cannot be seen: see GitLab."] : []),
      ...(isTold ? [] : [`${telling} is new: without it no run can ask a token who it is.`]),
    ],
  };
}

async function blockOf(gitlab: GitLab, scope: GranularScope): Promise<TokenPermissions | undefined> {
  const { access, groupId, permissions, projectId } = scope;
  const allow = permissions.filter((name) => permissionNames.includes(name));
  const newer = permissions.filter((name) => !allow.includes(name));
  const names = { allow, ...(newer.length === 0 ? {} : { unlisted: newer }) };
  if (access === "all_memberships") return { allMemberships: true, ...names };
  if (access === "user" || access === "instance") return { [access]: true, ...names };
  if (projectId === undefined && groupId === undefined) return undefined;
  const kind = projectId === undefined ? "group" : "project";
  const path = await namespacePath(gitlab, kind, projectId ?? groupId ?? 0).catch(() => undefined);
  return path === undefined ? undefined : { [kind]: path, ...names };
}
