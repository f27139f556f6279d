import { setTimeout as sleep } from "node:timers/promises";
import { getJob, newestJobs, pipelineJobs } from "../gitlab/api/jobs";
import { getPipeline, getSchedule, newestPipelines, type Pipeline } from "../gitlab/api/pipelines";
import type { Context } from "../host/provider";
import { NotFound } from "../http";
import type { PipelineTarget } from "./accountInputs";
import { family } from "./downstream";
import { observe } from "./observing";
import { isMoving, ownStatuses, type Run, relevant } from "./runs";
import { findSchedule } from "./schedules";
import type { Servers } from "./servers";
import { findOwn, ofJob, ofPipeline } from "./starting";

/** The wait between two looks grows from the first to the longest, in milliseconds. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
/** What runs by itself is looked for once a minute. */
const OBSERVED_WAIT = 60_000;
/** How long a schedule that was played may take to make its pipeline, in milliseconds. */
const APPEARANCE = 300_000;

/**
 * Follows a run until it is over or the target's time is up; then it is returned as it is, still moving.
 *
 * @param isFresh - it was started just now.
 * @param keep - told of every state seen, so that nothing is lost when a look fails.
 */
export async function follow(
  target: PipelineTarget,
  started: Run,
  isFresh: boolean,
  at: Servers,
  context: Context,
  keep: (run: Run) => void,
): Promise<void> {
  const begin = performance.now();
  const patience = (target.waitMinutes ?? 30) * 60_000;
  let run = started;
  let wait = FIRST_WAIT;
  // A pipeline takes its time; a look at once would find nothing new.
  if (isFresh) await sleep(Math.min(wait, patience), undefined, { signal: context.signal });
  for (;;) {
    run = await look(target, run, at);
    const elapsed = performance.now() - begin;
    if (run.status === ownStatuses.waiting && target.observed !== true && elapsed > APPEARANCE)
      run = { ...run, status: ownStatuses.absent };
    keep(run);
    if (!isMoving(run) || elapsed >= patience) return;
    const minutes = Math.ceil((patience - elapsed) / 60_000);
    context.log.status(`${run.target} of "${run.project}": ${run.status}, for ${minutes} more min at most, ${run.url}`);
    const isObserving = run.status === ownStatuses.waiting && target.observed === true;
    await sleep(Math.min(isObserving ? OBSERVED_WAIT : wait, patience - elapsed), undefined, {
      signal: context.signal,
    });
    wait = Math.min(wait * 1.5, LONGEST_WAIT);
  }
}

/** One look at a run. */
async function look(target: PipelineTarget, run: Run, at: Servers): Promise<Run> {
  const { schedule, ref, job } = target;
  if (schedule === undefined && ref === undefined && job === undefined) return observe(target, run, at);
  try {
    const found = run.pipelineId === undefined && run.jobId === undefined ? await appear(target, run, at) : run;
    if (found.status === ownStatuses.waiting) return found;
    return found.jobId === undefined
      ? await lookAtPipeline(target, found, found !== run, at)
      : await lookAtJob(target, found, found.jobId, at);
  } catch (error) {
    if (error instanceof NotFound && run.pipelineId !== undefined) return { ...run, status: ownStatuses.deleted };
    throw error;
  }
}

async function lookAtPipeline(target: PipelineTarget, run: Run, isFresh: boolean, at: Servers): Promise<Run> {
  const { project } = target;
  const id = run.pipelineId ?? 0;
  const seen = isFresh ? run : { ...run, ...ofPipeline(await getPipeline(at.gitlab(), project, id)) };
  if (isMoving(seen)) return seen;
  const passed = seen.status === "success";
  // Of a failed one the jobs are wanted anyway, to say which failed.
  const names = passed ? (target.jobs ?? []) : [];
  const { jobs, pipelines } = await family(project, id, { own: !passed || names.length > 0, names }, at);
  const pending = passed ? pipelines.find(isMoving) : undefined;
  if (pending !== undefined) return { ...seen, status: pending.status };
  const downstream = pipelines.length === 0 ? {} : { downstream: pipelines };
  return { ...seen, jobs: relevant(target, jobs, passed), ...downstream };
}

/** A retried job stands for itself: what else failed in its pipeline long ago says nothing about the token. */
async function lookAtJob(target: PipelineTarget, run: Run, jobId: number, at: Servers): Promise<Run> {
  const { project } = target;
  const job = await getJob(at.gitlab(), project, jobId);
  const seen: Run = { ...run, ...ofJob(job) };
  if (isMoving(seen)) return seen;
  const passed = job.status === "success";
  const others = (target.jobs ?? []).some((name) => name !== job.name);
  if (!others || job.pipelineId === undefined)
    return { ...seen, jobs: relevant({ ...target, jobs: [job.name] }, [job], passed) };
  const jobs = await pipelineJobs(at.gitlab(), project, job.pipelineId);
  const named = jobs.filter(({ name }) => name === job.name || target.jobs?.includes(name));
  const stillMoving = named.find(({ status }) => isMoving({ ...seen, status }));
  if (passed && stillMoving !== undefined) return { ...seen, status: stillMoving.status };
  return { ...seen, jobs: relevant(target, named, passed) };
}

/** Looks whether what was ordered, or is waited for, is there. */
async function appear(target: PipelineTarget, run: Run, at: Servers): Promise<Run> {
  const { project, schedule, ref, job } = target;
  const after = run.after ?? 0;
  if (target.observed !== true) {
    const own = await findOwn(target, after, at);
    return own === undefined ? run : { ...run, ...own };
  }
  if (job !== undefined) {
    const [newest] = await newestJobs(at.gitlab(), project, job, () => true);
    return newest !== undefined && newest.id > after ? { ...run, ...ofJob(newest) } : run;
  }
  const newest: Pipeline | undefined =
    schedule !== undefined
      ? (await getSchedule(at.gitlab(), project, (await findSchedule(project, schedule, at)).id)).lastPipeline
      : (await newestPipelines(at.gitlab(), project, ref ?? ""))[0];
  return newest !== undefined && newest.id > after ? { ...run, ...ofPipeline(newest) } : run;
}
