import type { WorldJob } from "../world";
import { type GitLabState, type Project, type Variable, wildcard } from "./state";

/**
 * The value that a job sees: the project's variable, else the nearest group's, else the instance's; protected ones on
 * protected refs only; the one whose environment scope fits best.
 */
export function variableFor(state: GitLabState, project: Project, ref: string, job: WorldJob): string | undefined {
  const isProtected = state.isProtected(project, ref);
  const levels = [project.variables, ...state.ancestors(project.path).map((group) => group.variables)];
  for (const variables of [...levels, state.instanceVariables]) {
    const fitting = variables.filter(
      (variable) =>
        variable.key === job.needs?.variable && (isProtected || !variable.protected) && fits(variable, job.environment),
    );
    const [best] = fitting.sort((a, b) => specificity(b, job) - specificity(a, job));
    if (best) return best.value;
  }
  return undefined;
}

/** What a job's script would trip over, given the value in its variable; `undefined`: nothing. Counts as a use of the token. */
export function judge(state: GitLabState, job: WorldJob, value: string | undefined): string | undefined {
  const { needs } = job;
  if (!needs) return undefined;
  if (value === undefined) return `${needs.variable} is not set`;
  const token = state.tokens.byValue(value);
  if (!token || !state.tokens.isActive(token)) return "401 Unauthorized";
  state.tokens.touch(token, "10.0.0.7");
  const user = state.user(token.userId).username;
  if (needs.user && needs.user !== user) return `the token is ${user}'s, not ${needs.user}'s`;
  const enough = token.scopes.includes("api") || token.scopes.includes(needs.scope ?? "read_api");
  return enough ? undefined : `403 insufficient_scope (needs ${needs.scope ?? "read_api"})`;
}

function fits(variable: Variable, environment: string | undefined): boolean {
  if (variable.environmentScope === "*") return true;
  return environment !== undefined && wildcard(variable.environmentScope).test(environment);
}

function specificity(variable: Variable, job: WorldJob): number {
  return variable.environmentScope === job.environment ? Number.POSITIVE_INFINITY : variable.environmentScope.length;
}
