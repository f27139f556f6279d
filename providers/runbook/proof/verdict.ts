import type { PipelineTarget, Run, RunJob, RunPipeline } from "../../../contract/types/pipelines";
import { isMoving, isNamed, ownStatuses } from "../pipelines/runs";

/** What a run proves. */
export type Verdict =
  | { readonly passed: true }
  | { readonly running: true }
  /** Something failed that must not: evidence that the token may not do. */
  | { readonly failed: string }
  /** No evidence, neither for the token nor against it. */
  | {
      readonly undecided: string;
      /** Nothing more will come of it, and another one may be started; else it waits for a person. */
      readonly isOver: boolean;
    };

/** Statuses with which a run ends without a word about the token. */
const silent: ReadonlySet<string> = new Set(["canceled", "skipped", ownStatuses.deleted]);

/**
 * What a run proves. Named jobs that passed are proof, whatever else their pipeline waits for; one that failed beside them,
 * and must not, is evidence all the same. Without named jobs the pipeline itself must be green, and those that it started: a
 * green one hides a job that was allowed to fail. What was canceled or skipped, or waits for a person, says nothing.
 */
export function verdict(target: PipelineTarget, run: Run): Verdict {
  const { doubt } = run;
  if (doubt !== undefined) return { undecided: `it proves nothing: ${doubt}`, isOver: false };
  const names = target.jobs ?? [];
  const named = (name: string) => run.jobs.filter((one) => isNamed(one.name, name));
  const isShown = names.length > 0 && names.every((name) => isGreen(named(name)));
  const failed = failedIn(run);
  if (isShown && failed === undefined) return { passed: true };
  if (isMoving(run)) return { running: true };
  if (failed !== undefined) return { failed };
  if (run.status !== "success") return stopped(run, names);
  const open = run.downstream?.find(({ status, allowFailure }) => status !== "success" && !allowFailure);
  if (open !== undefined) return { undecided: `it passed, but ${pipelineText(open)}`, isOver: silent.has(open.status) };
  for (const name of names) {
    const jobs = named(name);
    if (jobs.length === 0) return { failed: `it passed, but has no job "${name}"` };
    const job = jobs.find(({ status }) => status !== "success");
    if (job !== undefined) return { undecided: `it passed, but ${jobText(job)}`, isOver: silent.has(job.status) };
  }
  return { passed: true };
}

/** Whether a run that ended leaves the question open, so that another one is to be started: now, or by the next run. */
export function isSpent(target: PipelineTarget, run: Run): boolean {
  if (needsMending(run)) return true;
  const found = verdict(target, run);
  return "undecided" in found && found.isOver;
}

/** Whether another one would end in the same way until somebody mends something. */
export function needsMending({ status, doubt }: Run): boolean {
  return status === ownStatuses.absent || status === ownStatuses.refused || doubt !== undefined;
}

function isGreen(jobs: readonly RunJob[]): boolean {
  return jobs.length > 0 && jobs.every(({ status }) => status === "success");
}

/** What failed in a run, or below it, and must not. */
function failedIn({ status, jobs, downstream = [] }: Run): string | undefined {
  const bad = [
    ...jobs.filter((job) => job.status === "failed").map(jobText),
    ...downstream.filter((one) => one.status === "failed" && !one.allowFailure).map(pipelineText),
  ];
  if (status === "success") return bad.length === 0 ? undefined : `it passed, but ${bad.join("; ")}`;
  if (status !== "failed" && bad.length === 0) return undefined;
  return `its status is "${status}"${bad.length === 0 ? "" : `: ${bad.join("; ")}`}`;
}

/** A run that came to no end of its own. */
function stopped({ status }: Run, names: readonly string[]): Verdict {
  const isOver = silent.has(status);
  if (status === ownStatuses.absent)
    return {
      undecided:
        "GitLab took the order, but made no pipeline: perhaps no job would run, .gitlab-ci.yml is broken, the project is archived, or our user may not run it on that branch",
      isOver,
    };
  if (status === ownStatuses.deleted) return { undecided: "it is deleted", isOver };
  if (status === "manual") {
    const jobs = names.map((name) => `"${name}"`).join(", ");
    const found =
      names.length === 0
        ? 'it waits for a person to start a manual job, and "proof" names no "jobs" that would prove the token without it'
        : `it waits for a person to start a manual job, and ${jobs} ${names.length === 1 ? "has" : "have"} not passed yet`;
    return { undecided: found, isOver };
  }
  return { undecided: `it was ${status}, which proves nothing`, isOver };
}

function jobText({ name, status, failureReason, url }: RunJob): string {
  return `job "${name}" is "${status}"${failureReason === undefined ? "" : ` (${failureReason})`}, see ${url}`;
}

function pipelineText({ job, status, url }: RunPipeline): string {
  return `the pipeline that its job "${job}" started is "${status}", see ${url}`;
}
