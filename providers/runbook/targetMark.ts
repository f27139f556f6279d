import { type Job, listJobs, newestJobs } from "../gitlab/api/jobs";
import { getSchedule, newestPipelines, type Pipeline } from "../gitlab/api/pipelines";
import { type PipelineTarget, targetTitle } from "./accountInputs";
import { findSchedule } from "./schedules";
import type { Servers } from "./servers";

/** What ran last with the earlier token. */
export interface LastRun {
  /** GitLab's status of it when it was looked at. */
  readonly status: string;
  /** When it was made, an instant. */
  readonly at: string;
  /** Its page. */
  readonly url: string;
}

/** What a pipeline target looked like when the places began to hold a token: only what came later can prove that token. */
export interface TargetMark {
  readonly project: string;
  /** The target, in words. */
  readonly target: string;
  /** The newest pipeline (or, where jobs are what counts, job) of then; 0 when there was none. */
  readonly after: number;
  /** The job to retry. */
  readonly retry?: number;
  /** What ran last. */
  readonly last?: LastRun;
}

/** The mark of a target among those that were taken. */
export function targetMarkOf(target: PipelineTarget, marks: readonly TargetMark[]): TargetMark | undefined {
  const title = targetTitle(target);
  return marks.find((mark) => mark.project === target.project && mark.target === title);
}

/** Looks what a target's newest pipeline or job is. */
export async function takeMark(target: PipelineTarget, at: Servers): Promise<TargetMark> {
  const { project, schedule, ref, job, observed } = target;
  const mark = { project, target: targetTitle(target) };
  if (schedule !== undefined) {
    const { id } = await findSchedule(project, schedule, at);
    return { ...mark, ...newest((await getSchedule(at.gitlab(), project, id)).lastPipeline) };
  }
  if (job !== undefined) return { ...mark, ...(await jobMark(project, job, observed === true, at)) };
  if (observed === true) {
    const jobs = await listJobs(at.gitlab(), project, () => true);
    const last = jobs.find(({ name }) => target.jobs?.includes(name));
    return { ...mark, after: jobs[0]?.id ?? 0, ...(last === undefined ? {} : { last: lastOf(last) }) };
  }
  return { ...mark, ...newest((await newestPipelines(at.gitlab(), project, ref ?? ""))[0]) };
}

async function jobMark(
  project: string,
  name: string,
  isObserved: boolean,
  at: Servers,
): Promise<Partial<TargetMark> & { after: number }> {
  const jobs = await newestJobs(at.gitlab(), project, name, ({ status }) => isObserved || status === "failed");
  const [first] = jobs;
  if (first === undefined) return { after: 0 };
  const retry = jobs.find(({ status }) => status === "failed") ?? first;
  return { after: first.id, retry: retry.id, last: lastOf(first) };
}

function newest(pipeline: Pipeline | undefined): Pick<TargetMark, "after" | "last"> {
  return pipeline === undefined ? { after: 0 } : { after: pipeline.id, last: lastOf(pipeline) };
}

function lastOf({ status, createdAt, url }: Pipeline | Job): LastRun {
  return { status, at: createdAt, url };
}
