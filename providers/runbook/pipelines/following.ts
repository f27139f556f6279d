import { setTimeout as sleep } from "node:timers/promises";
import { getJob, newestJobs, pipelineJobs } from "../../../clients/gitlab/pipelines/jobs";
import {
  getPipeline,
  getSchedule,
  newestPipelines,
  type Pipeline,
  pipelinesOf,
} from "../../../clients/gitlab/pipelines/pipelines";
import { isVisible } from "../../../clients/gitlab/users/visibility";
import { NotFound } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";
import type { PipelineTarget, Run } from "../../../contract/types/pipelines";
import type { Context } from "../../host/provider";
import { isByJobs } from "../account/accountInputs";
import { isSpent, verdict } from "../proof/verdict";
import { WaitNotes } from "../waitNote";
import { family } from "./downstream";
import { observe } from "./observing";
import { isMoving, ownStatuses, relevant } from "./runs";
import { findSchedule } from "./schedules";
import { findOwn, ofJob, ofPipeline } from "./starting";

/** The wait between two looks grows from the first to the longest, in milliseconds. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
/** What runs by itself is looked for once a minute. */
const OBSERVED_WAIT = 60_000;
/** How long a schedule that was played may take to make its pipeline, in milliseconds. */
const APPEARANCE = 300_000;

/** Statuses in which a pipeline waits for a clock or for room: meanwhile its jobs may have shown enough. */
const waitingStatuses: ReadonlySet<string> = new Set(["scheduled", "waiting_for_resource", "waiting_for_callback"]);

/**
 * Follows a run until something is known of it or time is up; then it is returned as it is, still moving.
 *
 * @param time - until when, by the process's own clock, in milliseconds; and whether it was started just now.
 * @param keep - told of every state seen, so that nothing is lost when a look fails.
 */
export async function follow(
  target: PipelineTarget,
  started: Run,
  time: { readonly until: number; readonly isFresh: boolean },
  at: Servers,
  context: Context,
  keep: (run: Run) => void,
): Promise<void> {
  const { until, isFresh } = time;
  const begin = performance.now();
  const notes = new WaitNotes();
  let run = started;
  let wait = FIRST_WAIT;
  const left = () => Math.max(0, until - performance.now());
  try {
    // A pipeline takes its time; a look at once would find nothing new.
    if (isFresh) await sleep(Math.min(wait, left()), undefined, { signal: context.signal });
    for (;;) {
      const isLast = left() === 0;
      run = await look(target, run, isLast, at);
      const isLate = performance.now() - begin > APPEARANCE;
      if (run.status === ownStatuses.waiting && target.observed !== true && isLate)
        run = { ...run, status: ownStatuses.absent };
      keep(run);
      if (isLast || !("running" in verdict(target, run))) return;
      const minutes = Math.ceil(left() / 60_000);
      notes.note({ about: `${run.target} of "${run.project}"`, what: `${run.status}, ${run.url}`, left: left() });
      context.log.status(
        `${run.target} of "${run.project}": ${run.status}, for ${minutes} more min at most, ${run.url}`,
      );
      const isObserving = run.status === ownStatuses.waiting && target.observed === true;
      await sleep(Math.min(isObserving ? OBSERVED_WAIT : wait, left()), undefined, { signal: context.signal });
      wait = Math.min(wait * 1.5, LONGEST_WAIT);
    }
  } finally {
    notes.end();
  }
}

/** One look at a run. */
async function look(target: PipelineTarget, run: Run, isLast: boolean, at: Servers): Promise<Run> {
  if (isByJobs(target)) return observe(target, run, at);
  try {
    const isKnown = run.pipelineId !== undefined || run.jobId !== undefined;
    // One that waits for a person may have been overtaken.
    const isStuck = target.observed === true && run.status === "manual";
    const found = isKnown && !isStuck ? run : await appear(target, run, at);
    if (found.status === ownStatuses.waiting) return found;
    const seen =
      found.jobId === undefined
        ? await lookAtPipeline(target, found, { isFresh: found !== run, isLast }, at)
        : await lookAtJob(target, found, found.jobId, at);
    return target.observed === true && isSpent(target, seen) ? passedOver(seen) : seen;
  } catch (error) {
    if (!(error instanceof NotFound) || run.pipelineId === undefined) throw error;
    // What our credential may not see any more looks the same as what is gone.
    if (!(await isVisible(at.gitlab(), pipelinesOf(run.project)))) throw error;
    return { ...run, status: ownStatuses.deleted };
  }
}

/** One that ran by itself and says nothing: the next one is waited for. */
function passedOver({ pipelineId, jobId, jobs: _jobs, ...run }: Run): Run {
  const after = Math.max(run.after ?? 0, jobId ?? pipelineId ?? 0);
  return { ...run, jobs: [], after, status: ownStatuses.waiting };
}

async function lookAtPipeline(
  target: PipelineTarget,
  run: Run,
  { isFresh, isLast }: { readonly isFresh: boolean; readonly isLast: boolean },
  at: Servers,
): Promise<Run> {
  const { project, jobs: named = [] } = target;
  const id = run.pipelineId ?? 0;
  const seen = isFresh ? run : { ...run, ...ofPipeline(await getPipeline(at.gitlab(), project, id)) };
  const mayTell = named.length > 0 && (isLast || waitingStatuses.has(seen.status));
  if (isMoving(seen) && !mayTell) return seen;
  const passed = seen.status === "success";
  // Of a failed one the jobs are wanted anyway, to say which failed.
  const { jobs, pipelines } = await family(project, id, { own: !passed || named.length > 0, names: named }, at);
  const pending = passed ? pipelines.find(isMoving) : undefined;
  // One that runs will end by itself; one that waits may not, and the named jobs may have shown enough.
  const isRunning = pending !== undefined && !waitingStatuses.has(pending.status);
  if (isRunning && !isLast) return { ...seen, status: pending.status };
  const downstream = pipelines.length === 0 ? {} : { downstream: pipelines };
  const whole = { ...seen, jobs: relevant(target, jobs, passed), ...downstream };
  return pending === undefined ? whole : { ...whole, status: pending.status };
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
