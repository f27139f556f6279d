import { isDeepStrictEqual } from "node:util";
import type { Job } from "../../../clients/gitlab/pipelines/jobs";
import type { PipelineTarget, Run, RunJob } from "../../../contract/types/pipelines";
import { holdsUnknown } from "../../host/values";
import { targetTitle } from "../account/accountInputs";

/** Statuses of a run that GitLab knows nothing of. */
export const ownStatuses = {
  /** Nothing was started yet. */
  unstarted: "unstarted",
  /** Ordered, and not there yet. */
  waiting: "waiting",
  /** Ordered, and never made. */
  absent: "absent",
  /** It was there, and is deleted. */
  deleted: "deleted",
  /** GitLab refused to start it. */
  refused: "refused",
} as const;

/** Statuses in which something still happens by itself. */
const moving: ReadonlySet<string> = new Set([
  ownStatuses.unstarted,
  ownStatuses.waiting,
  "created",
  "waiting_for_resource",
  "preparing",
  "waiting_for_callback",
  "pending",
  "running",
  "canceling",
  "scheduled",
]);

/** Whether a run still goes on by itself. */
export function isMoving({ status }: { readonly status: string }): boolean {
  return moving.has(status);
}

/** Whether a job has that name, or is one of the parallel ones that GitLab makes of it: `test 1/3`, `test: [linux]`. */
export function isNamed(job: string, name: string): boolean {
  return job === name || (job.startsWith(name) && /^(?: \d+\/\d+|: \[.*\])$/.test(job.slice(name.length)));
}

/** A run of which nothing is known yet but what it is to be. */
export function unstarted(target: PipelineTarget, baseUrl: string): Run {
  const place = /^\d+$/.test(target.project) ? `projects/${target.project}` : target.project;
  return {
    project: target.project,
    target: targetTitle(target),
    url: `${baseUrl}/${place}/-/${target.job === undefined ? "pipelines" : "jobs"}`,
    status: ownStatuses.unstarted,
    jobs: [],
  };
}

/** The jobs that matter: the named ones, and those that failed although they must not. */
export function relevant(target: PipelineTarget, jobs: readonly Job[], passed: boolean): RunJob[] {
  const isWanted = ({ name, status, allowFailure }: Job) =>
    target.jobs?.some((one) => isNamed(name, one)) === true || (!passed && status === "failed" && !allowFailure);
  return jobs.filter(isWanted).map(runJob);
}

/** What a run keeps of a job. */
export function runJob({ name, status, url, failureReason, pipelineId, projectId }: Job): RunJob {
  return {
    name,
    status,
    url,
    ...(failureReason === undefined ? {} : { failureReason }),
    ...(pipelineId === undefined ? {} : { pipelineId }),
    ...(projectId === undefined ? {} : { projectId }),
  };
}

/** Whether the same is to be started. How long it is waited for makes no difference. */
export function isSame(old: readonly PipelineTarget[], pipelines: readonly PipelineTarget[]): boolean {
  if (holdsUnknown(pipelines)) return false;
  const what = (targets: readonly PipelineTarget[]) => targets.map(({ waitMinutes: _wait, ...target }) => target);
  return isDeepStrictEqual(what(old), what(pipelines));
}
