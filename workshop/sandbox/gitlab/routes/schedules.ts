import type { Context } from "hono";
import { roles } from "../../world";
import { page } from "../answers/page";
import { Parameters } from "../answers/parameters";
import { accessOf, idOf, type Part, segment } from "../answers/part";
import { forbidden, notFound, Refusal } from "../answers/refusal";
import type { Env } from "../caller";
import type { Project, Schedule } from "../records";
import { readable, selectPipelines } from "./pipelines";

/** Pipeline schedules. */
export function scheduleRoutes(part: Part): void {
  const { app, render, runner, state } = part;
  const base = "/projects/:id/pipeline_schedules";
  const pipelinesOf = (schedule: Schedule) =>
    state.pipelinesOf(schedule.projectId).filter((pipeline) => pipeline.scheduleId === schedule.id);

  app.get(base, async (context) => {
    const project = readable(part, context);
    const parameters = await Parameters.of(context);
    const scope = parameters.oneOf("scope", ["active", "inactive"]);
    parameters.check();
    const found = [...state.schedules.values()].filter(
      (one) => one.projectId === project.id && (scope === undefined || one.active === (scope === "active")),
    );
    return page(context, parameters, found, render.schedule);
  });

  app.get(`${base}/:schedule_id`, (context) => {
    const project = readable(part, context);
    const schedule = scheduleIn(part, context, project);
    const access = accessOf(part, context);
    const mayEdit = schedule.ownerId === access.caller.user.id || access.level(project) >= roles.maintainer;
    return context.json(render.scheduleDetails(schedule, pipelinesOf(schedule).at(-1), mayEdit));
  });

  app.get(`${base}/:schedule_id/pipelines`, async (context) => {
    const schedule = scheduleIn(part, context, readable(part, context));
    const parameters = await Parameters.of(context);
    const descending = parameters.oneOf("sort", ["asc", "desc"]) === "desc";
    const found = selectPipelines(pipelinesOf(schedule), parameters);
    return page(context, parameters, descending ? found.reverse() : found, render.pipelineBasic);
  });

  app.post(`${base}/:schedule_id/play`, (context) => {
    const access = accessOf(part, context);
    const project = access.project(segment(context, "id"));
    const schedule = scheduleIn(part, context, project);
    if (!access.mayRunOn(project, schedule.ref)) throw forbidden();
    if (!runner.play(schedule, access.caller.user)) {
      throw new Refusal(500, { message: "Unable to schedule pipeline run immediately" });
    }
    return context.json({ message: "201 Created" }, 201);
  });
}

function scheduleIn(part: Part, context: Context<Env>, project: Project): Schedule {
  const schedule = part.state.schedules.get(idOf(context, "schedule_id", "Pipeline Schedule"));
  if (!schedule || schedule.projectId !== project.id) throw notFound("Pipeline Schedule");
  return schedule;
}
