import type { Context } from "hono";
import { roles } from "../../world";
import { page } from "../answers/page";
import { Parameters } from "../answers/parameters";
import { accessOf, idOf, type Part, segment } from "../answers/part";
import { forbidden, invalidModel, notFound, Refusal } from "../answers/refusal";
import type { Env } from "../caller";
import type { GivenVariable, Job, Pipeline, Project } from "../records";

const statuses = [
  "created",
  "waiting_for_resource",
  "preparing",
  "waiting_for_callback",
  "pending",
  "running",
  "success",
  "failed",
  "canceling",
  "canceled",
  "skipped",
  "manual",
  "scheduled",
] as const;

/** Pipelines. */
export function pipelineRoutes(part: Part): void {
  const { app, render, runner, state } = part;

  app.get("/projects/:id/pipelines", async (context) => {
    const project = readable(part, context);
    const parameters = await Parameters.of(context);
    const found = selectPipelines(state.pipelinesOf(project.id), parameters);
    const ref = parameters.string("ref");
    const source = parameters.string("source");
    const username = parameters.string("username");
    const chosen = found.filter(
      (one) =>
        (ref === undefined || one.ref === ref) &&
        (source === undefined ? one.source !== "parent_pipeline" : one.source === source) &&
        (username === undefined || state.user(one.userId).username === username),
    );
    const descending = (parameters.oneOf("sort", ["asc", "desc"]) ?? "desc") === "desc";
    return page(context, parameters, descending ? chosen.reverse() : chosen, render.pipelineListed);
  });

  app.get("/projects/:id/pipelines/latest", (context) => {
    const project = readable(part, context);
    const ref = context.req.query("ref") ?? project.defaultBranch;
    const last = state
      .pipelinesOf(project.id)
      .filter((one) => one.ref === ref)
      .at(-1);
    if (!last) throw forbidden();
    return context.json({ ...render.pipeline(last), name: null });
  });

  app.get("/projects/:id/pipelines/:pipeline_id", (context) =>
    context.json({ ...render.pipeline(pipelineIn(part, context, readable(part, context))), name: null }),
  );

  app.post("/projects/:id/pipeline", async (context) => {
    const access = accessOf(part, context);
    const project = access.project(segment(context, "id"));
    access.demand(project, "developer");
    const parameters = await Parameters.of(context);
    const ref = parameters.required("ref").replace(/^refs\/heads\//, "");
    parameters.check();
    refuseCreation(part, context, project, ref, parameters.raw("variables"));
    if (!access.mayRunOn(project, ref)) throw forbidden();
    const variables = given(parameters.raw("variables"));
    const pipeline = runner.create(project, access.caller.user, {
      ref,
      source: "api",
      ...(variables.length === 0 ? {} : { variables }),
    });
    return context.json(render.pipeline(pipeline), 201);
  });

  app.post("/projects/:id/pipelines/:pipeline_id/retry", (context) => {
    const { user, pipeline } = runnable(part, context);
    runner.retryPipeline(pipeline, user);
    return context.json(render.pipeline(pipeline), 201);
  });

  app.post("/projects/:id/pipelines/:pipeline_id/cancel", (context) => {
    const { pipeline } = runnable(part, context);
    runner.cancelPipeline(pipeline);
    return context.json(render.pipeline(pipeline), 201);
  });

  app.get("/projects/:id/pipelines/:pipeline_id/jobs", async (context) => {
    const pipeline = pipelineIn(part, context, readable(part, context));
    const parameters = await Parameters.of(context);
    const retried = parameters.boolean("include_retried") ?? false;
    const jobs = state.jobsOf(pipeline.id).filter((job) => (retried || !job.retried) && !job.definition.trigger);
    return page(context, parameters, selectJobs(jobs, parameters), render.job);
  });

  app.get("/projects/:id/pipelines/:pipeline_id/variables", (context) => {
    const project = readable(part, context);
    const pipeline = pipelineIn(part, context, project);
    const access = accessOf(part, context);
    const isOwn = pipeline.userId === access.caller.user.id && access.level(project) >= roles.developer;
    if (!isOwn) access.demand(project, "maintainer");
    return context.json((pipeline.variables ?? []).map(render.givenVariable));
  });

  for (const name of ["bridges", "trigger_jobs"]) {
    app.get(`/projects/:id/pipelines/:pipeline_id/${name}`, async (context) => {
      // GitLab 19.2 renamed the route.
      if (name === "trigger_jobs" && !part.limits.triggerJobs) throw new Refusal(404, { error: "404 Not Found" });
      if (name === "bridges" && part.limits.triggerJobs === "only") throw new Refusal(404, { error: "404 Not Found" });
      const pipeline = pipelineIn(part, context, readable(part, context));
      const parameters = await Parameters.of(context);
      const jobs = state.jobsOf(pipeline.id).filter((job) => !job.retried && job.definition.trigger);
      return page(context, parameters, selectJobs(jobs, parameters), render.bridge);
    });
  }
}

/** The variables that whoever starts a pipeline gives to it. */
function given(variables: unknown): GivenVariable[] {
  if (!Array.isArray(variables)) return [];
  return variables.flatMap((one: { key?: unknown; value?: unknown }) =>
    typeof one.key === "string" && typeof one.value === "string" ? [{ key: one.key, value: one.value }] : [],
  );
}

/** The project in the path, whose pipelines the caller may see. */
export function readable(part: Part, context: Context<Env>): Project {
  const access = accessOf(part, context);
  const project = access.project(segment(context, "id"));
  access.demand(project, "reporter");
  return project;
}

/** Filter pipelines by what their lists have in common; oldest first. */
export function selectPipelines(pipelines: readonly Pipeline[], parameters: Parameters): Pipeline[] {
  const scope = parameters.oneOf("scope", ["running", "pending", "finished", "branches", "tags"]);
  const status = parameters.oneOf("status", statuses);
  const createdAfter = parameters.instant("created_after");
  const createdBefore = parameters.instant("created_before");
  const updatedAfter = parameters.instant("updated_after");
  const updatedBefore = parameters.instant("updated_before");
  parameters.check();
  const finished = ["success", "failed", "canceled"];
  return pipelines.filter(
    (one) =>
      (status === undefined || one.status === status) &&
      (scope === undefined ||
        scope === "branches" ||
        (scope === "finished" ? finished.includes(one.status) : one.status === scope)) &&
      (createdAfter === undefined || Date.parse(one.createdAt) > createdAfter) &&
      (createdBefore === undefined || Date.parse(one.createdAt) < createdBefore) &&
      (updatedAfter === undefined || Date.parse(one.updatedAt) > updatedAfter) &&
      (updatedBefore === undefined || Date.parse(one.updatedAt) < updatedBefore),
  );
}

/** Filter jobs by `scope[]`; newest first. */
export function selectJobs(jobs: readonly Job[], parameters: Parameters): Job[] {
  const scope = parameters.list("scope");
  if (scope?.some((one) => !statuses.some((known) => known === one))) {
    throw new Refusal(400, { message: "400 Bad request - Scope contains invalid value(s)" });
  }
  return jobs.filter((job) => !scope || scope.includes(job.status)).reverse();
}

function refuseCreation(part: Part, context: Context<Env>, project: Project, ref: string, variables: unknown): void {
  const { limits, runner, state } = part;
  const base = (text: string) => invalidModel({ base: [text] });
  if (!project.branches.includes(ref)) throw base("Reference not found");
  if (Array.isArray(variables) && variables.length > 0 && !project.pipelineVariables) {
    throw base("Insufficient permissions to set pipeline variables");
  }
  if (runner.jobsFor(project, ref).length === 0) {
    throw base(
      "Pipeline will not run for the selected trigger. The rules configuration prevented any jobs from being added to the pipeline.",
    );
  }
  const caller = context.get("caller").user;
  const minuteAgo = state.clock.now().getTime() - 60_000;
  const recent = state
    .pipelinesOf(project.id)
    .filter((one) => one.userId === caller.id && one.ref === ref && Date.parse(one.createdAt) > minuteAgo);
  if (limits.pipelinesPerMinute !== undefined && recent.length >= limits.pipelinesPerMinute) {
    throw base("Too many pipelines created in the last minute. Try again later.");
  }
}

function pipelineIn(part: Part, context: Context<Env>, project: Project): Pipeline {
  const pipeline = part.state.pipelines.get(idOf(context, "pipeline_id"));
  if (!pipeline || pipeline.projectId !== project.id) throw notFound();
  return pipeline;
}

function runnable(part: Part, context: Context<Env>) {
  const access = accessOf(part, context);
  const project = access.project(segment(context, "id"));
  const pipeline = pipelineIn(part, context, project);
  if (!access.mayRunOn(project, pipeline.ref)) throw forbidden();
  return { user: access.caller.user, pipeline };
}
