import type { Context } from "hono";
import { page } from "../answers/page";
import { Parameters } from "../answers/parameters";
import { accessOf, idOf, type Part, segment } from "../answers/part";
import { badRequest, forbidden, notFound } from "../answers/refusal";
import type { Env } from "../caller";
import type { Job } from "../records";
import { readable, selectJobs } from "./pipelines";

/** Jobs. */
export function jobRoutes(part: Part): void {
  const { app, render, runner, state } = part;

  app.get("/projects/:id/jobs", async (context) => {
    const project = readable(part, context);
    const parameters = await Parameters.of(context);
    const ref = parameters.string("ref");
    const pipelines = state.pipelinesOf(project.id).filter((one) => ref === undefined || one.ref === ref);
    const jobs = pipelines
      .flatMap((pipeline) => state.jobsOf(pipeline.id))
      .filter((job) => !job.definition.trigger)
      .sort((a, b) => a.id - b.id);
    return page(context, parameters, selectJobs(jobs, parameters), render.job, { counted: false });
  });

  app.get("/projects/:id/jobs/:job_id", (context) => context.json(render.job(jobIn(part, context))));

  app.get("/projects/:id/jobs/:job_id/trace", (context) => context.text(jobIn(part, context).trace));

  app.post("/projects/:id/jobs/:job_id/retry", (context) => {
    const { job, user } = runnable(part, context);
    if (job.retried || !["success", "failed", "canceled"].includes(job.status)) {
      throw forbidden("Job is not retryable");
    }
    return context.json(render.job(runner.retryJob(job, user)), 201);
  });

  app.post("/projects/:id/jobs/:job_id/play", (context) => {
    const { job, user } = runnable(part, context);
    if (job.status !== "manual") throw badRequest("Unplayable Job");
    runner.playJob(job, user);
    return context.json(render.jobBasic(job));
  });

  app.post("/projects/:id/jobs/:job_id/cancel", (context) => {
    const { job } = runnable(part, context);
    runner.cancelJob(job);
    return context.json(render.job(job), 201);
  });
}

function jobIn(part: Part, context: Context<Env>): Job {
  const project = readable(part, context);
  const job = part.state.jobs.get(idOf(context, "job_id"));
  if (!job || job.projectId !== project.id) throw notFound();
  return job;
}

function runnable(part: Part, context: Context<Env>) {
  const job = jobIn(part, context);
  const access = accessOf(part, context);
  const project = access.project(segment(context, "id"));
  const ref = part.state.pipelines.get(job.pipelineId)?.ref ?? project.defaultBranch;
  if (!access.mayRunOn(project, ref)) throw forbidden();
  return { job, user: access.caller.user };
}
