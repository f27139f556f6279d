import { flag, integer, list, object, one, optional, text, type ValueOf } from "../form/kinds";

export const pipelineTarget = object("Pipeline", "A pipeline whose success proves a new token.", {
  project: text("Full path or id of its project."),
  schedule: optional(
    text(
      "Description of the pipeline schedule to play. One of `schedule`, `ref` and `job` is given, unless `observed` jobs are waited for.",
    ),
  ),
  ref: optional(text("Branch or tag to start a pipeline on.")),
  job: optional(text("Name of the job whose newest failed run is retried.")),
  observed: optional(
    flag(
      "Start nothing: wait for it to run by itself. Without `schedule` and `job`: for the named jobs, on `ref` or else on the default branch.",
    ),
  ),
  jobs: optional(
    list(
      text(),
      "Names of jobs that must each succeed themselves: a pipeline can pass although one failed. When they have, they prove the token, whatever else their pipeline waits for.",
    ),
  ),
  waitMinutes: optional(
    integer("How long one run waits for it; then the proof is carried on by the next run. 30 when left out."),
  ),
});
export type PipelineTarget = ValueOf<typeof pipelineTarget>;

export const lastRun = object("LastRun", "What ran last with the earlier token.", {
  id: optional(integer("GitLab's number of the pipeline, or of the job where jobs are what counts.")),
  status: text("GitLab's status of it when it was looked at."),
  at: text("When it was made, an instant."),
  url: text("Its page."),
});
export type LastRun = ValueOf<typeof lastRun>;

export const targetMark = object(
  "Mark",
  "What a pipeline target looked like when the places began to hold a token: only what came later can prove that token.",
  {
    project: text("Its project."),
    target: text("The target, in words."),
    after: integer("The newest pipeline (or, where jobs are what counts, job) of then; 0 when there was none."),
    retry: optional(integer("The job to retry.")),
    last: optional(one(lastRun, "What ran last.")),
  },
);
export type TargetMark = ValueOf<typeof targetMark>;

export const runJob = object("RunJob", "A job that the proof looked at.", {
  name: text("Its name."),
  status: text("GitLab's status."),
  url: text("Its page."),
  failureReason: optional(text("GitLab's reason when it failed.")),
  pipelineId: optional(integer("GitLab's id of its pipeline.")),
  projectId: optional(integer("GitLab's id of the project that its pipeline is of.")),
});
export type RunJob = ValueOf<typeof runJob>;

export const runPipeline = object("RunPipeline", "A pipeline that the run's own one started.", {
  job: text("The job that started it."),
  status: text("GitLab's status."),
  url: text("Its page."),
  allowFailure: flag("That job may fail."),
});
export type RunPipeline = ValueOf<typeof runPipeline>;

export const run = object("Run", "A pipeline that the proof started or found.", {
  project: text("Its project."),
  target: text('What was started, in words: `schedule "…"`, `ref "…"` or `job "…"`.'),
  pipelineId: optional(integer("GitLab's id of it; absent while it is not there yet.")),
  jobId: optional(integer("GitLab's id of the job, when a job was retried.")),
  after: optional(integer("While it is not there yet: only a pipeline (or job) with a greater id counts.")),
  url: text("Its page; the project's list of pipelines while it is not there yet."),
  status: text("GitLab's status; `waiting` while it is not there yet."),
  jobs: list(runJob, "The named jobs, or those that failed."),
  downstream: optional(list(runPipeline, "The pipelines that it started, and that these started.")),
  last: optional(
    one(
      lastRun,
      "What ran last with the earlier token: tells a pipeline that was red before from one that the rotation broke.",
    ),
  ),
  backAfter: optional(
    integer(
      "The newest pipeline (or job) of when the places held an earlier token again: what has a greater number ran with that.",
    ),
  ),
  doubt: optional(text("It may have been fed by something else than the places: by what.")),
});
export type Run = ValueOf<typeof run>;
