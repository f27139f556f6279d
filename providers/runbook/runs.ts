import { isDeepStrictEqual } from "node:util";
import type { Job } from "../gitlab/api/jobs";
import { holdsUnknown } from "../host/values";
import { type PipelineTarget, targetTitle } from "./accountInputs";
import type { LastRun } from "./targetMark";

/** A job that the proof looked at. */
export interface RunJob {
  readonly name: string;
  readonly status: string;
  readonly url: string;
  readonly failureReason?: string;
}

/** A pipeline that the run's own one started. */
export interface RunPipeline {
  /** The job that started it. */
  readonly job: string;
  readonly status: string;
  readonly url: string;
  /** That job may fail. */
  readonly allowFailure: boolean;
}

/** A pipeline (or a retried job) that the proof started or found. */
export interface Run {
  readonly project: string;
  /** What was started, in words. */
  readonly target: string;
  readonly pipelineId?: number;
  readonly jobId?: number;
  /** While it is not there yet: only one with a greater id counts. */
  readonly after?: number;
  readonly url: string;
  /** GitLab's status, or one of {@link ownStatuses}. */
  readonly status: string;
  readonly jobs: readonly RunJob[];
  /** The pipelines that it started. */
  readonly downstream?: readonly RunPipeline[];
  /** What ran last with the earlier token. */
  readonly last?: LastRun;
}

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

/** What a run proves. */
export type Verdict = { readonly passed: true } | { readonly running: true } | { readonly failed: string };

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

/**
 * What a run proves. A green pipeline hides a job that was allowed to fail, and what became of the pipelines that it
 * started: named jobs and those pipelines must be green themselves.
 */
export function verdict(target: PipelineTarget, run: Run): Verdict {
  if (isMoving(run)) return { running: true };
  if (run.status !== "success") return { failed: failure(run) };
  const bad = run.downstream?.find(({ status, allowFailure }) => status !== "success" && !allowFailure);
  if (bad !== undefined) return { failed: `it passed, but ${pipelineText(bad)}` };
  for (const name of target.jobs ?? []) {
    const jobs = run.jobs.filter((one) => isNamed(one.name, name));
    if (jobs.length === 0) return { failed: `it passed, but has no job "${name}"` };
    const failed = jobs.find(({ status }) => status !== "success");
    if (failed !== undefined) return { failed: `it passed, but ${jobText(failed)}` };
  }
  return { passed: true };
}

function failure({ status, jobs, downstream = [] }: Run): string {
  if (status === ownStatuses.absent)
    return "GitLab took the order, but made no pipeline: perhaps no job would run, .gitlab-ci.yml is broken, the project is archived, or our user may not run it on that branch";
  if (status === ownStatuses.deleted) return "it is deleted";
  if (status === "manual") return "it waits for a person to start a manual job, which proves nothing";
  if (status === "skipped") return "it was skipped, which proves nothing";
  const bad = [
    ...jobs.filter((job) => job.status !== "success").map(jobText),
    ...downstream.filter((one) => one.status !== "success").map(pipelineText),
  ];
  return `its status is "${status}"${bad.length === 0 ? "" : `: ${bad.join("; ")}`}`;
}

function jobText({ name, status, failureReason, url }: RunJob): string {
  return `job "${name}" is "${status}"${failureReason === undefined ? "" : ` (${failureReason})`}, see ${url}`;
}

function pipelineText({ job, status, url }: RunPipeline): string {
  return `the pipeline that its job "${job}" started is "${status}", see ${url}`;
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
export function runJob({ name, status, url, failureReason }: Job): RunJob {
  return { name, status, url, ...(failureReason === undefined ? {} : { failureReason }) };
}

/** Whether the same is to be started. How long it is waited for makes no difference. */
export function isSame(old: readonly PipelineTarget[], pipelines: readonly PipelineTarget[]): boolean {
  if (holdsUnknown(pipelines)) return false;
  const what = (targets: readonly PipelineTarget[]) => targets.map(({ waitMinutes: _wait, ...target }) => target);
  return isDeepStrictEqual(what(old), what(pipelines));
}
