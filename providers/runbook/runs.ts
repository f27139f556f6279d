import type { Job } from "../gitlab/api/jobs";
import { type PipelineTarget, targetTitle } from "./accountInputs";

/** A job that the proof looked at. */
export interface RunJob {
  readonly name: string;
  readonly status: string;
  readonly url: string;
  readonly failureReason?: string;
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
export function isMoving(run: Run): boolean {
  return moving.has(run.status);
}

/** What a run proves. A green pipeline hides a job that was allowed to fail: named jobs must be green themselves. */
export function verdict(target: PipelineTarget, run: Run): Verdict {
  if (isMoving(run)) return { running: true };
  if (run.status !== "success") return { failed: failure(run) };
  for (const name of target.jobs ?? []) {
    const job = run.jobs.find((one) => one.name === name);
    if (job === undefined) return { failed: `it passed, but has no job "${name}"` };
    if (job.status !== "success") return { failed: `it passed, but ${jobText(job)}` };
  }
  return { passed: true };
}

function failure({ status, jobs }: Run): string {
  if (status === ownStatuses.absent)
    return "GitLab took the order, but made no pipeline: perhaps no job would run, .gitlab-ci.yml is broken, the project is archived, or our user may not run it on that branch";
  if (status === ownStatuses.deleted) return "it is deleted";
  if (status === "manual") return "it waits for a person to start a manual job, which proves nothing";
  if (status === "skipped") return "it was skipped, which proves nothing";
  const bad = jobs.filter((job) => job.status !== "success").map(jobText);
  return `its status is "${status}"${bad.length === 0 ? "" : `: ${bad.join("; ")}`}`;
}

function jobText({ name, status, failureReason, url }: RunJob): string {
  return `job "${name}" is "${status}"${failureReason === undefined ? "" : ` (${failureReason})`}, see ${url}`;
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
  const named = new Set(target.jobs);
  return jobs
    .filter(({ name, status, allowFailure }) => named.has(name) || (!passed && status === "failed" && !allowFailure))
    .map(({ name, status, url, failureReason }) => ({
      name,
      status,
      url,
      ...(failureReason === undefined ? {} : { failureReason }),
    }));
}
