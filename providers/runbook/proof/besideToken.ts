import type { PipelineTarget, Run, RunJob } from "../../../contract/types/pipelines";
import { isNamed } from "../pipelines/runs";

/** Reasons that GitLab gives for a job that ended without a fault of its script. */
const runnerReasons: ReadonlySet<string> = new Set([
  "runner_system_failure",
  "runner_unsupported",
  "no_matching_runner",
  "stuck_or_timeout_failure",
  "stuck_pending_no_matching_runners",
  "stuck_pending_with_matching_runners",
  "job_execution_timeout",
  "job_execution_server_timeout",
  "stale_schedule",
  "unmet_prerequisites",
  "scheduler_failure",
  "data_integrity_failure",
  "archived_failure",
  "ci_quota_exceeded",
  "api_failure",
  "missing_dependency_failure",
]);

/** Whether a run failed of something that no token has a part in: what it did with the earlier one says nothing then. */
export function isBesideToken(target: PipelineTarget, run: Run): boolean {
  return missingJob(target, run) !== undefined || isOfRunners(run);
}

/** Whether each job that failed did so for another cause than its script. */
export function isOfRunners({ jobs }: Run): boolean {
  const broken = jobs.filter(({ status }) => status === "failed");
  return broken.length > 0 && broken.every(isRunners);
}

function isRunners({ failureReason }: RunJob): boolean {
  return failureReason !== undefined && runnerReasons.has(failureReason);
}

/** The declared job that a pipeline which passed does not have. */
export function missingJob({ jobs: names = [] }: PipelineTarget, { status, jobs }: Run): string | undefined {
  if (status !== "success") return undefined;
  return names.find((name) => !jobs.some((one) => isNamed(one.name, name)));
}
