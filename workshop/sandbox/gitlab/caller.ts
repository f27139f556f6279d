import type { Context } from "hono";
import { roles } from "../world";
import { forbidden, insufficientScope, invalidToken, notFound, unauthorized } from "./answers/refusal";
import { authorize } from "./granular/authorize";
import { isGranular } from "./granular/scopes";
import type { Group, Namespace, Project, User } from "./records";
import type { GitLabState } from "./state";
import type { Token } from "./tokens";

/** Who calls. */
export interface Caller {
  readonly user: User;
  /** Absent for a CI/CD job token. */
  readonly token?: Token;
}

/** What the routes know of a request. */
export interface Env {
  Variables: { caller: Caller };
}

/**
 * Find out who calls, and whether the token's scopes reach this request. A dead token is told apart from an unknown one;
 * expiry is looked at before revocation.
 */
export function identify(state: GitLabState, context: Context): Caller {
  const job = context.req.header("job-token");
  if (job !== undefined) return ofJob(state, job, context);
  const value = tokenOf(context);
  const token = value ? state.tokens.byValue(value) : undefined;
  if (!token) throw unauthorized();
  const { method, path } = context.req;
  if (state.tokens.isExpired(token)) {
    throw invalidToken("Token is expired. You can either do re-authorization or token refresh.");
  }
  if (token.revoked) {
    if (method === "POST" && /access_tokens\/(\d+|self)\/rotate$/.test(path)) state.tokens.revokeFamily(token);
    throw invalidToken("Token was revoked. You have to re-authorize from the user.");
  }
  const accepted = acceptedScopes(method, path);
  authorize(state, token, method, path);
  if (!isGranular(token) && accepted && !accepted.some((scope) => token.scopes.includes(scope)))
    throw insufficientScope(accepted);
  state.tokens.touch(token, "127.0.0.1");
  return { user: state.user(token.userId), token };
}

/** A job token reaches few operations; the others do not know it. */
function ofJob(state: GitLabState, value: string, { req }: Context): Caller {
  const user = state.jobTokens.get(value);
  if (!user || req.method !== "GET" || !/\/projects\/[^/]+\/deployments$/.test(req.path)) throw unauthorized();
  return { user };
}

function tokenOf(context: Context): string | undefined {
  const bearer = context.req.header("authorization");
  return (
    context.req.query("private_token") ??
    context.req.header("private-token") ??
    (bearer?.toLowerCase().startsWith("bearer ") ? bearer.slice(7).trim() : undefined)
  );
}

/** `undefined`: any scope will do. */
function acceptedScopes(method: string, path: string): readonly string[] | undefined {
  if (path.endsWith("/personal_access_tokens/self") && (method === "GET" || method === "DELETE")) return undefined;
  if (path.endsWith("/personal_access_tokens/self/rotate")) return ["api", "self_rotate"];
  if (method !== "GET" && method !== "HEAD") return ["api"];
  return /\/users?(\/|$)/.test(path) && !path.includes("service_accounts")
    ? ["api", "read_api", "read_user"]
    : ["api", "read_api"];
}

/** What one caller may do. Everything here is private: who is no member sees nothing. */
export class Access {
  constructor(
    readonly state: GitLabState,
    readonly caller: Caller,
  ) {}

  /** Admin: all there is. Otherwise the member's level. */
  level(namespace: Namespace): number {
    return this.caller.user.admin ? roles.owner : this.state.accessLevel(this.caller.user, namespace);
  }

  /** The project that a path names, when the caller may see it. */
  project(idOrPath: string): Project {
    const project = byIdOrPath(this.state.projects, idOrPath);
    if (!project || this.level(project) === 0) throw notFound("Project");
    return project;
  }

  /** The group that a path names, when the caller may see it. */
  group(idOrPath: string): Group {
    const group = byIdOrPath(this.state.groups, idOrPath);
    if (!group || this.level(group) === 0) throw notFound("Group");
    return group;
  }

  /** Refuse unless the caller has that role here. */
  demand(namespace: Namespace, role: keyof typeof roles): void {
    if (this.level(namespace) < roles[role]) throw forbidden();
  }

  /** Refuse unless the caller is an admin. */
  admin(): void {
    if (!this.caller.user.admin) throw forbidden();
  }

  /** Whether the caller may put commits on a branch. */
  mayPushTo(project: Project, branch: string): boolean {
    return this.mayRunOn(project, branch);
  }

  /** Whether the caller may start or rerun pipelines on a branch. */
  mayRunOn(project: Project, ref: string): boolean {
    const least = this.state.isProtected(project, ref) ? roles.maintainer : roles.developer;
    return this.level(project) >= least;
  }
}

function byIdOrPath<T extends Namespace>(all: ReadonlyMap<string, T>, idOrPath: string): T | undefined {
  if (!/^\d+$/.test(idOrPath)) return all.get(idOrPath);
  for (const one of all.values()) if (one.id === Number(idOrPath)) return one;
  return undefined;
}
