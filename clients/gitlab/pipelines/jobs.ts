import type { GitLab } from "../client";
import { projectPath } from "../owner";
import type { Shape } from "../shape";

/** A job of a pipeline. */
export interface Job {
  readonly id: number;
  readonly name: string;
  /** One of GitLab's statuses. */
  readonly status: string;
  readonly allowFailure: boolean;
  readonly failureReason: string | undefined;
  /** An instant. */
  readonly createdAt: string;
  /** Its page. */
  readonly url: string;
  readonly ref: string;
  readonly pipelineId: number | undefined;
  /** Of its pipeline. */
  readonly projectId: number | undefined;
  readonly userId: number | undefined;
}

/** One job. */
export function getJob(gitlab: GitLab, project: string, id: number): Promise<Job> {
  return gitlab.get(`${projectPath(project)}/jobs/${id}`, jobOf);
}

/** The jobs of a pipeline as they last ran, without those that only start other pipelines. */
export function pipelineJobs(gitlab: GitLab, project: string, pipelineId: number): Promise<Job[]> {
  return gitlab.list(`${projectPath(project)}/pipelines/${pipelineId}/jobs`, jobOf);
}

/** A project's jobs of that name among its newest 500 jobs, newest first, until one satisfies. */
export async function newestJobs(
  gitlab: GitLab,
  project: string,
  name: string,
  satisfies: (job: Job) => boolean,
): Promise<Job[]> {
  const isIt = (found: Job) => found.name === name;
  const jobs = await gitlab.list(
    `${projectPath(project)}/jobs`,
    jobOf,
    {},
    (found) => found.length >= 500 || found.some((one) => isIt(one) && satisfies(one)),
  );
  return jobs.filter(isIt);
}

/** A project's newest jobs, newest first, until there are enough of them. */
export function listJobs(gitlab: GitLab, project: string, enough: (found: readonly Job[]) => boolean): Promise<Job[]> {
  return gitlab.list(`${projectPath(project)}/jobs`, jobOf, {}, enough);
}

/** Runs a job again, as a new job of the same pipeline. Never to be repeated: each call makes another one. */
export function retryJob(gitlab: GitLab, project: string, id: number): Promise<Job> {
  const read = (shape: Shape) => {
    shape.other("id", id);
    return jobOf(shape);
  };
  return gitlab.write("POST", `${projectPath(project)}/jobs/${id}/retry`, read);
}

/** A job in an answer. */
export function jobOf(shape: Shape): Job {
  return {
    id: shape.integer("id"),
    name: shape.text("name"),
    status: shape.text("status"),
    allowFailure: shape.flag("allow_failure"),
    failureReason: shape.optionalText("failure_reason"),
    createdAt: shape.text("created_at"),
    url: shape.text("web_url"),
    ref: shape.optionalText("ref") ?? "",
    pipelineId: shape.optional("pipeline", (pipeline) => pipeline.integer("id")),
    projectId: shape.optional("pipeline", (pipeline) => pipeline.optionalInteger("project_id")),
    userId: shape.optional("user", (user) => user.integer("id")),
  };
}
