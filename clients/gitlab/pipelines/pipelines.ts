import type { GitLab } from "../client";
import { projectPath } from "../owner";
import type { Shape } from "../shape";

/** A pipeline as lists show it. */
export interface Pipeline {
  readonly id: number;
  /** One of GitLab's statuses. */
  readonly status: string;
  readonly ref: string;
  readonly source: string;
  /** An instant. */
  readonly createdAt: string;
  /** Its page. */
  readonly url: string;
}

/** A pipeline with the user that it runs as. */
export interface WholePipeline extends Pipeline {
  readonly userId: number | undefined;
}

/** A pipeline schedule. */
export interface Schedule {
  readonly id: number;
  readonly description: string;
  /** Short (`main`) or full (`refs/heads/main`). */
  readonly ref: string;
  readonly active: boolean;
  /** In the answer about one schedule only. */
  readonly lastPipeline: Pipeline | undefined;
  /** The names of the variables that it gives to its pipelines; in the same answer, where our user may edit it. */
  readonly variableKeys: readonly string[] | undefined;
}

/** Where a project's pipelines are. */
export function pipelinesOf(project: string): string {
  return `${projectPath(project)}/pipelines`;
}

/** One pipeline. */
export function getPipeline(gitlab: GitLab, project: string, id: number): Promise<WholePipeline> {
  return gitlab.get(`${pipelinesOf(project)}/${id}`, whole);
}

/** The names of the variables that whoever started a pipeline gave to it. */
export function givenKeys(gitlab: GitLab, project: string, id: number): Promise<string[]> {
  // They come all at once: the request knows no pages.
  return gitlab.list(`${pipelinesOf(project)}/${id}/variables`, (shape) => shape.text("key"), { per_page: undefined });
}

/** The newest 20 pipelines of a ref, newest first. */
export function newestPipelines(gitlab: GitLab, project: string, ref: string, source?: string): Promise<Pipeline[]> {
  const query = { ref, source, order_by: "id", sort: "desc", per_page: 20 };
  return gitlab.list(pipelinesOf(project), pipelineOf, query, () => true);
}

/** Starts a pipeline. Never to be repeated: each call starts another one. */
export function createPipeline(gitlab: GitLab, project: string, ref: string): Promise<WholePipeline> {
  return gitlab.write("POST", `${projectPath(project)}/pipeline`, whole, { body: { ref } });
}

/** A project's pipeline schedules. */
export function listSchedules(gitlab: GitLab, project: string): Promise<Schedule[]> {
  return gitlab.list(`${projectPath(project)}/pipeline_schedules`, schedule);
}

/** One schedule, with the last pipeline that it made. */
export function getSchedule(gitlab: GitLab, project: string, id: number): Promise<Schedule> {
  return gitlab.get(`${projectPath(project)}/pipeline_schedules/${id}`, schedule);
}

/** The newest 20 pipelines that a schedule made, newest first. */
export function schedulePipelines(gitlab: GitLab, project: string, id: number): Promise<Pipeline[]> {
  const path = `${projectPath(project)}/pipeline_schedules/${id}/pipelines`;
  return gitlab.list(path, pipelineOf, { sort: "desc", per_page: 20 }, () => true);
}

/** Has a schedule make a pipeline soon, as the caller. The answer does not say which. Never to be repeated blindly. */
export function playSchedule(gitlab: GitLab, project: string, id: number): Promise<void> {
  return gitlab.write(
    "POST",
    `${projectPath(project)}/pipeline_schedules/${id}/play`,
    (shape) => void shape.text("message"),
  );
}

/** A pipeline in an answer. */
export function pipelineOf(shape: Shape): Pipeline {
  return {
    id: shape.integer("id"),
    status: shape.text("status"),
    ref: shape.optionalText("ref") ?? "",
    source: shape.optionalText("source") ?? "",
    createdAt: shape.text("created_at"),
    url: shape.text("web_url"),
  };
}

function whole(shape: Shape): WholePipeline {
  return { ...pipelineOf(shape), userId: shape.optional("user", (user) => user.integer("id")) };
}

function schedule(shape: Shape): Schedule {
  return {
    id: shape.integer("id"),
    description: shape.optionalText("description") ?? "",
    ref: shape.optionalText("ref") ?? "",
    active: shape.flag("active"),
    lastPipeline: shape.optional("last_pipeline", pipelineOf),
    variableKeys: shape.optionalList("variables", (one) => one.text("key")),
  };
}
