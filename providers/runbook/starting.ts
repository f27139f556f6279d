import { setTimeout as sleep } from "node:timers/promises";
import { type Job, newestJobs, retryJob } from "../gitlab/api/jobs";
import { createPipeline, getSchedule, newestPipelines, type Pipeline, playSchedule } from "../gitlab/api/pipelines";
import { mayHaveHappened, Refused } from "../http";
import type { PipelineTarget } from "./accountInputs";
import { ownStatuses, type Run, unstarted } from "./runs";
import { findSchedule } from "./schedules";
import type { Servers } from "./servers";

/** How often, and after how long, to look for what an order did whose answer was lost, in milliseconds. */
const LOOKS = [500, 1000, 2000, 4000] as const;

/** How often a pipeline is asked for while GitLab makes no more in this minute. */
const TURNS = 3;

/**
 * Starts what the target names, or, for an observed one, notes where to look from. What runs now is noted first: an order
 * whose answer was lost is looked for before it is given once more.
 *
 * A pipeline that a crashed run started cannot be told from one that another account's proof started earlier, before our
 * places held the new value; taking that for a proof would be wrong, so a crash costs a second pipeline.
 */
export function start(target: PipelineTarget, at: Servers): Promise<Run> {
  const run = unstarted(target, at.gitlab().baseUrl);
  if (target.schedule !== undefined) return startSchedule(target, target.schedule, run, at);
  return target.ref !== undefined ? startRef(target, target.ref, run, at) : startJob(target, target.job ?? "", run, at);
}

async function startSchedule(target: PipelineTarget, description: string, run: Run, at: Servers): Promise<Run> {
  const { project } = target;
  const { id } = await findSchedule(project, description, at);
  const last = async () => (await getSchedule(at.gitlab(), project, id)).lastPipeline;
  const after = (await last())?.id ?? 0;
  const waiting = { ...run, after, status: ownStatuses.waiting };
  if (target.observed === true) return waiting;
  const play = async (): Promise<Pipeline | undefined> => {
    await playSchedule(at.gitlab(), project, id);
    // The answer says nothing of the pipeline: it is looked for like one that is waited for.
    return undefined;
  };
  const made = await once(play, async () => {
    const pipeline = await last();
    return pipeline !== undefined && pipeline.id > after ? pipeline : undefined;
  });
  return made === undefined ? waiting : { ...waiting, ...ofPipeline(made) };
}

async function startRef(target: PipelineTarget, ref: string, run: Run, at: Servers): Promise<Run> {
  const { project } = target;
  const newest = async (source?: string) => (await newestPipelines(at.gitlab(), project, ref, source))[0];
  const after = (await newest())?.id ?? 0;
  if (target.observed === true) return { ...run, after, status: ownStatuses.waiting };
  const create = (): Promise<Pipeline> => inTurn(() => createPipeline(at.gitlab(), project, ref), at.signal);
  const made = await once(create, async () => {
    const pipeline = await newest("api");
    return pipeline !== undefined && pipeline.id > after ? pipeline : undefined;
  });
  return { ...run, ...ofPipeline(made) };
}

async function startJob(target: PipelineTarget, name: string, run: Run, at: Servers): Promise<Run> {
  const { project } = target;
  const jobs = await newestJobs(at.gitlab(), project, name, ({ status }) => status === "failed");
  const newest = jobs[0];
  const after = newest?.id ?? 0;
  if (target.observed === true) return { ...run, after, status: ownStatuses.waiting };
  const job = jobs.find(({ status }) => status === "failed") ?? newest;
  if (job === undefined) throw new Error(`none of the newest 500 jobs of the project has that name. Correct "job"`);
  const retry = () => retryJob(at.gitlab(), project, job.id);
  const made = await once(retry, async () => {
    const [found] = await newestJobs(at.gitlab(), project, name, () => true);
    return found !== undefined && found.id > after ? found : undefined;
  });
  return { ...run, ...ofJob(made) };
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

/** Waits a minute while GitLab says that too many pipelines were made: that is a 400 of its own, not a 429. */
async function inTurn<T>(create: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let turn = 1; ; turn++) {
    try {
      return await create();
    } catch (error) {
      const isTooMany = error instanceof Refused && /too many pipelines/i.test(error.serverMessage ?? "");
      if (!isTooMany || turn === TURNS) throw error;
      await sleep(60_000, undefined, { signal });
    }
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
