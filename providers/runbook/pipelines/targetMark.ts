import { type Job, listJobs, newestJobs } from "../../../clients/gitlab/pipelines/jobs";
import { getSchedule, newestPipelines, type Pipeline } from "../../../clients/gitlab/pipelines/pipelines";
import type { Servers } from "../../../clients/servers";
import type { LastRun, PipelineTarget, TargetMark } from "../../../contract/types/pipelines";
import { isByJobs, targetTitle } from "../account/accountInputs";
import { findSchedule } from "./schedules";

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
  if (isByJobs(target)) {
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

function lastOf({ id, status, createdAt, url }: Pipeline | Job): LastRun {
  return { id, status, at: createdAt, url };
}
