import type { WorldJob } from "../../world";
import { Refusal } from "../answers/refusal";
import { authorize } from "../granular/authorize";
import { isGranular } from "../granular/scopes";
import type { Pipeline, Project, Variable } from "../records";
import { type GitLabState, wildcard } from "../state";
import type { Token } from "../tokens";

/**
 * The value that a job sees: what was given to its pipeline, else what the schedule gives, else the project's variable, else
 * the nearest group's, else the instance's; protected ones on protected refs only; the one whose environment scope fits best.
 */
export function variableFor(
  state: GitLabState,
  project: Project,
  pipeline: Pipeline,
  job: WorldJob,
): string | undefined {
  const schedule = pipeline.scheduleId === undefined ? undefined : state.schedules.get(pipeline.scheduleId);
  const given = [...(pipeline.variables ?? []), ...(schedule?.variables ?? [])];
  const found = given.find(({ key }) => key === job.needs?.variable);
  if (found !== undefined) return found.value;
  const isProtected = state.isProtected(project, pipeline.ref);
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
  const refused = refusal(state, token, needs.request ?? "GET /personal_access_tokens/self");
  if (refused !== undefined || isGranular(token)) return refused;
  const enough = token.scopes.includes("api") || token.scopes.includes(needs.scope ?? "read_api");
  return enough ? undefined : `403 insufficient_scope (needs ${needs.scope ?? "read_api"})`;
}

/** What the request that a job makes would be refused for by the permissions of a fine-grained token. */
function refusal(state: GitLabState, token: Token, request: string): string | undefined {
  const [method = "", path = ""] = request.split(" ");
  try {
    authorize(state, token, method, `/api/v4${path}`);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return `${error.status} ${JSON.stringify(error.body)}`;
    throw error;
  }
}

function fits(variable: Variable, environment: string | undefined): boolean {
  if (variable.environmentScope === "*") return true;
  return environment !== undefined && wildcard(variable.environmentScope).test(environment);
}

function specificity(variable: Variable, job: WorldJob): number {
  return variable.environmentScope === job.environment ? Number.POSITIVE_INFINITY : variable.environmentScope.length;
}
