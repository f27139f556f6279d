import { setTimeout as sleep } from "node:timers/promises";
import { type Job, newestJobs, retryJob } from "../../../clients/gitlab/pipelines/jobs";
import {
  createPipeline,
  getPipeline,
  getSchedule,
  newestPipelines,
  type Pipeline,
  playSchedule,
  schedulePipelines,
} from "../../../clients/gitlab/pipelines/pipelines";
import { mayHaveHappened } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";
import type { LastRun, PipelineTarget, Run, TargetMark } from "../../../contract/types/pipelines";
import { ownCredential } from "../account/credential";
import { creationTurn, inTurn, isTooMany } from "./creation";
import { isMoving, ownStatuses, unstarted } from "./runs";
import { findSchedule } from "./schedules";
import { takeMark } from "./targetMark";

/** How often, and after how long, to look for what an order did whose answer was lost, in milliseconds. */
const LOOKS = [500, 1000, 2000, 4000] as const;

/** Where a start may begin to count from. */
export interface Begin {
  /** What was there when the places began to hold the token; absent when that is not known: then what is there now. */
  readonly mark?: TargetMark | undefined;
  /** An earlier run may have started something since, and crashed: it is looked for first. */
  readonly mayBeStarted: boolean;
  /** What the last attempt that failed ran, of this token or of the one before it. */
  readonly tried?: Run | undefined;
}

/** What was found or made. */
type Found = Pick<Run, "pipelineId" | "jobId" | "status" | "url">;

/**
 * Starts what the target names, or, for an observed one, notes where to look from. An order whose answer was lost is looked
 * for before it is given once more; so is one that a crashed run gave. Only what our own user started since the places hold
 * the token counts as ours.
 */
export async function start(target: PipelineTarget, begin: Begin, at: Servers): Promise<Run> {
  const mark = begin.mark ?? (await takeMark(target, at));
  const last = lastWithEarlier(mark, begin);
  const run: Run = { ...unstarted(target, at.gitlab().baseUrl), after: mark.after, ...(last && { last }) };
  const waiting = { ...run, status: ownStatuses.waiting };
  if (target.observed === true) return waiting;
  const look = () => findOwn(target, mark.after, at);
  const left = begin.mark !== undefined && begin.mayBeStarted ? await look() : undefined;
  if (left !== undefined && isTelling({ ...run, ...left })) return { ...run, ...left };
  try {
    const found = await once(await order(target, mark, at), look);
    return found === undefined ? waiting : { ...run, ...found };
  } catch (error) {
    // Nothing was started, and nothing failed: the next run asks again.
    if (isTooMany(error)) return run;
    throw error;
  }
}

/**
 * What ran last with an earlier token. Whose token a run had is known by when it began, and by what the places held then: from
 * an attempt's own start until they held an earlier token again it was the one on trial. Where nobody knows what they held,
 * nothing is told.
 */
function lastWithEarlier({ last }: TargetMark, { mark, tried }: Begin): LastRun | undefined {
  if (tried === undefined) return mark === undefined ? undefined : last;
  const { after = 0, backAfter } = tried;
  const isSince = last?.id !== undefined && backAfter !== undefined && last.id > Math.max(after, backAfter);
  return isSince ? last : tried.last;
}

/** One that was canceled or skipped, or waits for a person, says nothing: another one is started. */
function isTelling(run: Run): boolean {
  return isMoving(run) || run.status === "success" || run.status === "failed";
}

/** What is sent to start a target. Its answer tells what was made, except for a schedule: that is looked for later. */
async function order(target: PipelineTarget, mark: TargetMark, at: Servers): Promise<() => Promise<Found | undefined>> {
  const { project, schedule, ref } = target;
  if (schedule !== undefined) {
    const { id } = await findSchedule(project, schedule, at);
    await creationTurn(project, at);
    return async () => {
      await playSchedule(at.gitlab(), project, id);
      return undefined;
    };
  }
  if (ref !== undefined) {
    await creationTurn(project, at);
    const create = () => createPipeline(at.gitlab(), project, ref);
    return async () => ofPipeline(await inTurn(create, target.waitMinutes ?? 30, at.signal));
  }
  const { retry } = mark;
  if (retry === undefined) throw new Error(`none of the newest 500 jobs of the project has that name. Correct "job"`);
  return async () => ofJob(await retryJob(at.gitlab(), project, retry));
}

/** The newest pipeline (or retried job) of a target, above a number, that our own user started. */
export async function findOwn(target: PipelineTarget, after: number, at: Servers): Promise<Found | undefined> {
  const { project, schedule, ref, job } = target;
  if (job !== undefined) {
    const jobs = await newestJobs(at.gitlab(), project, job, () => true);
    const later = jobs.filter(({ id }) => id > after);
    if (later.length === 0) return undefined;
    const { userId } = await ownCredential(at);
    const own = later.find((one) => one.userId === userId);
    return own === undefined ? undefined : ofJob(own);
  }
  if (schedule === undefined) {
    const pipelines = await newestPipelines(at.gitlab(), project, ref ?? "", "api");
    return ownAmong(project, pipelines, after, at);
  }
  const { id } = await findSchedule(project, schedule, at);
  const { lastPipeline: last } = await getSchedule(at.gitlab(), project, id);
  if (last === undefined || last.id <= after) return undefined;
  const own = await ownAmong(project, [last], after, at);
  if (own !== undefined) return own;
  // The schedule's own run came after ours.
  const others = (await schedulePipelines(at.gitlab(), project, id)).filter((one) => one.id !== last.id);
  return ownAmong(project, others, after, at);
}

async function ownAmong(
  project: string,
  pipelines: readonly Pipeline[],
  after: number,
  at: Servers,
): Promise<Found | undefined> {
  for (const { id } of pipelines.filter((one) => one.id > after)) {
    const [pipeline, { userId }] = await Promise.all([getPipeline(at.gitlab(), project, id), ownCredential(at)]);
    if (pipeline.userId === userId) return ofPipeline(pipeline);
  }
  return undefined;
}

/** Gives an order, and once more only when it is seen that the lost one had no effect. */
async function once<T>(order: () => Promise<T>, look: () => Promise<T | undefined>): Promise<T> {
  try {
    return await order();
  } catch (error) {
    if (!mayHaveHappened(error)) throw error;
    for (const wait of LOOKS) {
      await sleep(wait);
      const made = await look();
      if (made !== undefined) return made;
    }
    return order();
  }
}

/** What a run takes over from a pipeline. */
export function ofPipeline({ id, status, url }: Pipeline): Pick<Run, "pipelineId" | "status" | "url"> {
  return { pipelineId: id, status, url };
}

/** What a run takes over from a job that was retried. */
export function ofJob(job: Job): Pick<Run, "jobId" | "pipelineId" | "status" | "url"> {
  const pipeline = job.pipelineId === undefined ? {} : { pipelineId: job.pipelineId };
  return { jobId: job.id, ...pipeline, status: job.status, url: job.url };
}
