import type { PipelineTarget } from "../../../contract/types/pipelines";

/** What a pipeline target means, in words. */
export function targetTitle(target: PipelineTarget): string {
  const { schedule, ref, job, jobs = [] } = target;
  if (isByJobs(target)) {
    const named = `job ${jobs.map((name) => `"${name}"`).join(", ")}`;
    return ref === undefined ? named : `${named} on "${ref}"`;
  }
  if (schedule !== undefined) return `schedule "${schedule}"`;
  return ref !== undefined ? `ref "${ref}"` : `job "${job}"`;
}

/** Whether the named jobs alone are observed, wherever on their branch they run. */
export function isByJobs({ schedule, ref, job, observed, jobs = [] }: PipelineTarget): boolean {
  return schedule === undefined && job === undefined && (ref === undefined || (observed === true && jobs.length > 0));
}
