import { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { type Env, identify } from "./caller";
import type { Limits, Part } from "./part";
import { Refusal } from "./refusal";
import { Render } from "./render";
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
import type { Runner } from "./runner";
import type { GitLabState } from "./state";
import { Throttle } from "./throttle";

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
  const part: Part = { app, state, runner, limits, render: new Render(state, options.base) };

  const throttle =
    limits.requestsPerMinute === undefined ? undefined : new Throttle(state.clock, limits.requestsPerMinute);
  app.use(async (context, next) => {
    const caller = identify(state, context);
    context.set("caller", caller);
    const headers = throttle?.count(caller.user.id) ?? {};
    await next();
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
  });
  tokenRoutes(part);
  serviceAccountRoutes(part);
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
  root.notFound((context) => context.json({ error: "404 Not Found" }, 404));
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
