import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Limits, Part } from "./answers/part";
import { Refusal } from "./answers/refusal";
import { Render } from "./answers/render";
import { EndpointThrottle, Throttle } from "./answers/throttle";
import { type Env, identify } from "./caller";
import { accessTokenRoutes } from "./routes/access-tokens";
import { deploymentRoutes } from "./routes/deployments";
import { inheritedMemberRoutes } from "./routes/inherited-members";
import { issueRoutes } from "./routes/issues";
import { jobRoutes } from "./routes/jobs";
import { memberRoutes } from "./routes/members";
import { mergeRequestRoutes } from "./routes/merge-requests";
import { pipelineRoutes } from "./routes/pipelines";
import { placeRoutes } from "./routes/places";
import { repositoryRoutes } from "./routes/repository";
import { scheduleRoutes } from "./routes/schedules";
import { serviceAccountRoutes } from "./routes/service-accounts";
import { tokenRoutes } from "./routes/tokens";
import { variableRoutes } from "./routes/variables";
import type { Runner } from "./running/runner";
import type { GitLabState } from "./state";

/** What the server works on. */
export interface GitLabServerOptions {
  readonly state: GitLabState;
  readonly runner: Runner;
  readonly limits: Limits;
  /** The server's own address, for links; known once it listens. */
  readonly base: () => string;
}

/** The part of GitLab's REST API that token rotation touches, as GitLab answers it. */
export function gitlabServer(options: GitLabServerOptions): Hono<Env> {
  const { limits, runner, state } = options;
  const root = new Hono<Env>();
  const app = new Hono<Env>();
  const part: Part = { app, state, runner, limits, render: new Render(state, options.base, limits.version ?? "18.11") };

  const throttle =
    limits.requestsPerMinute === undefined ? undefined : new Throttle(state.clock, limits.requestsPerMinute);
  const single = limits.endpoints === true ? new EndpointThrottle(state.clock) : undefined;
  app.use(async (context, next) => {
    const caller = identify(state, context);
    context.set("caller", caller);
    const headers = throttle?.count(caller.user.id) ?? {};
    single?.count(caller.user.id, context.req.method, new URL(context.req.raw.url).pathname);
    await next();
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
  });
  app.use(async (context, next) => {
    const [, before = "", name = "", rest = ""] =
      /^(.*?\/projects\/)([^/?]+)(.*)$/.exec(context.req.raw.url.replace(/^https?:\/\/[^/]+/, "")) ?? [];
    const id = state.formerPaths.get(decodeURIComponent(name));
    if (id === undefined) return next();
    if (context.req.method !== "GET")
      throw new Refusal(405, { message: "Non GET methods are not allowed for moved projects" });
    throw new Refusal(301, "This resource has been moved permanently", {
      location: `${options.base()}${before}${id}${rest}`,
    });
  });
  tokenRoutes(part);
  serviceAccountRoutes(part);
  accessTokenRoutes(part);
  placeRoutes(part);
  inheritedMemberRoutes(part);
  memberRoutes(part);
  variableRoutes(part);
  pipelineRoutes(part);
  jobRoutes(part);
  scheduleRoutes(part);
  repositoryRoutes(part);
  issueRoutes(part);
  mergeRequestRoutes(part);
  deploymentRoutes(part);

  root.route("/api/v4", app);
  root.notFound((context) => {
    const allowed = methodsOf(root, context);
    if (allowed.length === 0) return context.json({ error: "404 Not Found" }, 404);
    return context.json({ error: "405 Not Allowed" }, 405, { allow: allowed.join(", ") });
  });
  root.onError((error, context) => {
    if (error instanceof Refusal) {
      if (typeof error.body === "string")
        return context.text(error.body, error.status as ContentfulStatusCode, { ...error.headers });
      return context.json(error.body, error.status as ContentfulStatusCode, { ...error.headers });
    }
    process.stderr.write(`sandbox GitLab: ${error.stack ?? error.message}\n`);
    return context.json({ message: "500 Internal Server Error" }, 500);
  });
  return root;
}

/** The methods that a path has, of a request whose own method it does not have. */
function methodsOf(root: Hono<Env>, { req }: Context): readonly string[] {
  const own = root.routes.filter(({ method, path }) => method !== "ALL" && patternOf(path).test(req.path));
  return [...new Set(own.map(({ method }) => method))].sort();
}

/** What a route's path stands for: `:name`, or `:name{pattern}`, is one segment. */
function patternOf(path: string): RegExp {
  const segments = path.split("/").map((segment) => {
    const [, pattern] = /^:\w+(?:\{(.+)\})?$/.exec(segment) ?? [];
    return segment.startsWith(":") ? (pattern ?? "[^/]+") : segment;
  });
  return new RegExp(`^${segments.join("/")}$`);
}
