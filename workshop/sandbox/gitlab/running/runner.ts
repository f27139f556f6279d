import type { WorldJob, WorldTrigger } from "../../world";
import type { GivenVariable, Job, Pipeline, Project, Schedule, User } from "../records";
import type { GitLabState } from "../state";
import { judge, variableFor } from "./script";

/** How a job is made to behave, whatever its token. */
export type JobSwitch =
  /** Fails, with GitLab's `failure_reason`. */
  | { readonly does: "fail"; readonly reason?: string }
  /** Runs and never ends. */
  | { readonly does: "hang" }
  /** Waits for a runner that never comes. */
  | { readonly does: "wait" };

/** How long things take, in real milliseconds. */
export interface Pace {
  readonly jobMilliseconds: number;
  /** From a schedule's play to its pipeline. */
  readonly workerMilliseconds: number;
}

/** Where a pipeline comes from. */
interface Origin {
  readonly ref: string;
  readonly source: string;
  readonly scheduleId?: number;
  readonly triggeredBy?: number;
  readonly variables?: readonly GivenVariable[];
}

interface ArmedSwitch {
  readonly behaviour: JobSwitch;
  left: number;
}

const unfinished = new Set(["created", "pending", "running"]);

/** Runs pipelines: in real time, stage by stage, each job with the token that its variable holds when it starts. */
export class Runner {
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #switches = new Map<string, ArmedSwitch>();
  readonly #enqueued = new Set<string>();
  readonly #mutedSchedules = new Set<number>();

  constructor(
    private readonly state: GitLabState,
    private readonly pace: Pace,
  ) {}

  /** Make the next `times` runs of a job behave so. */
  arm(project: string, job: string, behaviour: JobSwitch, times = Number.POSITIVE_INFINITY): void {
    this.#switches.set(`${project} ${job}`, { behaviour, left: times });
  }

  /** Let a job run as it would by itself again. */
  disarm(project: string, job: string): void {
    this.#switches.delete(`${project} ${job}`);
  }

  /** Make a schedule's plays lead nowhere: answered with 201, no pipeline, as when its configuration is broken. */
  mute(scheduleId: number, muted: boolean): void {
    if (muted) this.#mutedSchedules.add(scheduleId);
    else this.#mutedSchedules.delete(scheduleId);
  }

  /** Whether a pipeline, or a schedule's play, is under way. */
  get isBusy(): boolean {
    return this.#timers.size > 0;
  }

  /** Stop everything that is under way. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Delete a user, as workers do it: blocked first, and gone after a while. */
  forget(user: User): void {
    user.blocked = true;
    this.#after(this.pace.workerMilliseconds, () => this.state.forgetUser(user));
  }

  /** The jobs that a pipeline of that ref would have. */
  jobsFor(project: Project, ref: string): WorldJob[] {
    return project.jobs.filter((job) => !job.refs || job.refs.includes(ref));
  }

  /** Make a pipeline; it starts at once. */
  create(project: Project, user: User, from: Origin, definitions = this.jobsFor(project, from.ref)): Pipeline {
    const { state } = this;
    const now = state.stamp();
    const pipeline: Pipeline = {
      id: state.nextId("pipeline", 20001),
      iid: state.nextId(`pipeline of ${project.id}`),
      projectId: project.id,
      ...from,
      userId: user.id,
      status: "created",
      createdAt: now,
      updatedAt: now,
      startedAt: null,
      finishedAt: null,
    };
    state.keepPipeline(pipeline);
    for (const definition of definitions) this.#newJob(pipeline, definition, user);
    this.#after(0, () => this.#advance(pipeline));
    return pipeline;
  }

  /** Put a schedule in the queue. `false`: the same play is queued already, so nothing was. */
  play(schedule: Schedule, user: User): boolean {
    const key = `${schedule.id} ${user.id}`;
    if (this.#enqueued.has(key)) return false;
    this.#enqueued.add(key);
    this.#after(this.pace.workerMilliseconds, () => {
      this.#enqueued.delete(key);
      const project = this.state.projectById(schedule.projectId);
      const nothingToRun = this.jobsFor(project, schedule.ref).length === 0 || !project.branches.includes(schedule.ref);
      // As in GitLab, nobody is told.
      if (this.#mutedSchedules.has(schedule.id) || nothingToRun) return;
      this.create(project, user, { ref: schedule.ref, source: "schedule", scheduleId: schedule.id });
    });
    return true;
  }

  /** Run a finished job again: a new job takes its place, and what was skipped because of it waits again. */
  retryJob(job: Job, user: User): Job {
    const pipeline = this.#pipelineOf(job);
    const again = this.#retry(pipeline, job, user);
    this.#resume(pipeline);
    return again;
  }

  /** Run all failed and canceled jobs of a pipeline again. Does nothing when there are none. */
  retryPipeline(pipeline: Pipeline, user: User): void {
    const again = this.state
      .jobsOf(pipeline.id)
      .filter((job) => !job.retried && (job.status === "failed" || job.status === "canceled"));
    for (const job of again) this.#retry(pipeline, job, user);
    if (again.length > 0) this.#resume(pipeline);
  }

  /** Start a manual job. */
  playJob(job: Job, user: User): void {
    job.userId = user.id;
    this.#start(this.#pipelineOf(job), job);
    this.#settle(this.#pipelineOf(job));
  }

  /** Cancel a job that is not finished. */
  cancelJob(job: Job): void {
    if (unfinished.has(job.status) || job.status === "manual") this.#finish(job, "canceled");
    this.#advance(this.#pipelineOf(job));
  }

  /** Cancel all unfinished jobs of a pipeline. */
  cancelPipeline(pipeline: Pipeline): void {
    for (const job of this.state.jobsOf(pipeline.id)) {
      if (!job.retried && unfinished.has(job.status)) this.#finish(job, "canceled");
    }
    this.#settle(pipeline);
  }

  #retry(pipeline: Pipeline, job: Job, user: User): Job {
    job.retried = true;
    return this.#newJob(pipeline, job.definition, user);
  }

  #resume(pipeline: Pipeline): void {
    for (const job of this.state.jobsOf(pipeline.id)) {
      if (!job.retried && job.status === "skipped") job.status = "created";
    }
    pipeline.finishedAt = null;
    this.#settle(pipeline);
    this.#after(0, () => this.#advance(pipeline));
  }

  #newJob(pipeline: Pipeline, definition: WorldJob, user: User): Job {
    const job: Job = {
      id: this.state.nextId("job", 50001),
      pipelineId: pipeline.id,
      projectId: pipeline.projectId,
      definition,
      userId: user.id,
      status: "created",
      createdAt: this.state.stamp(),
      startedAt: null,
      finishedAt: null,
      retried: false,
      trace: "",
    };
    this.state.keepJob(job);
    return job;
  }

  /** Start what may start now: a stage begins when all before it are done. */
  #advance(pipeline: Pipeline): void {
    const jobs = this.state.jobsOf(pipeline.id).filter((job) => !job.retried);
    const order = this.state.jobsOf(pipeline.id).map((job) => job.definition.stage);
    let broken = false;
    for (const stage of new Set(order)) {
      const here = jobs.filter((job) => job.definition.stage === stage);
      for (const job of here.filter((one) => one.status === "created")) {
        if (broken && job.definition.when !== "always") job.status = "skipped";
        else if (job.definition.when === "manual") job.status = "manual";
        else this.#start(pipeline, job);
      }
      if (here.some((job) => unfinished.has(job.status))) break;
      if (here.some((job) => job.status === "manual" && !mayFail(job))) break;
      broken ||= here.some((job) => (job.status === "failed" || job.status === "canceled") && !mayFail(job));
    }
    this.#settle(pipeline);
  }

  #start(pipeline: Pipeline, job: Job): void {
    job.status = "pending";
    const project = this.state.projectById(job.projectId);
    const armed = this.#switchFor(project, job);
    if (armed?.does === "wait") return;
    if (job.definition.trigger && !armed) {
      this.#trigger(pipeline, job, job.definition.trigger);
      return;
    }
    const milliseconds = job.definition.milliseconds ?? this.pace.jobMilliseconds;
    this.#after(Math.min(20, milliseconds / 10), () => {
      if (job.status !== "pending") return;
      job.status = "running";
      job.startedAt = this.state.stamp();
      this.#settle(pipeline);
      const value = job.definition.needs && variableFor(this.state, project, pipeline, job.definition);
      const early = judge(this.state, job.definition, value);
      if (armed?.does === "hang") return;
      this.#after(milliseconds, () => {
        if (job.status !== "running") return;
        // A token that dies while its job runs fails it as well.
        const fault = early ?? judge(this.state, job.definition, value);
        if (armed) this.#finish(job, "failed", armed.reason ?? "script_failure", "ERROR: made to fail\n");
        else if (fault) this.#finish(job, "failed", "script_failure", `ERROR: ${fault}\n`);
        else this.#finish(job, "success");
        this.#advance(pipeline);
      });
    });
  }

  /** A trigger job runs no script: it has another pipeline made, and is done with that, unless it waits for it. */
  #trigger(pipeline: Pipeline, job: Job, { project, jobs, waits }: WorldTrigger): void {
    const { state } = this;
    job.startedAt = state.stamp();
    const user = state.user(job.userId);
    const other = project === undefined ? undefined : state.projects.get(project);
    if (project !== undefined && other === undefined) {
      this.#finish(job, "failed", "downstream_bridge_project_not_found");
      this.#after(0, () => this.#advance(pipeline));
      return;
    }
    job.downstream =
      other === undefined
        ? this.create(
            state.projectById(pipeline.projectId),
            user,
            { ref: pipeline.ref, source: "parent_pipeline", triggeredBy: job.id },
            [...(jobs ?? [])],
          )
        : this.create(other, user, { ref: other.defaultBranch, source: "pipeline", triggeredBy: job.id });
    job.status = "running";
    if (waits === true) return;
    this.#finish(job, "success");
    this.#after(0, () => this.#advance(pipeline));
  }

  /** A trigger job that waits ends as its pipeline does. */
  #tell(pipeline: Pipeline): void {
    const job = pipeline.triggeredBy === undefined ? undefined : this.state.jobs.get(pipeline.triggeredBy);
    if (job?.status !== "running") return;
    if (pipeline.status === "success") this.#finish(job, "success");
    else this.#finish(job, "failed", "downstream_pipeline_failed");
    this.#advance(this.#pipelineOf(job));
  }

  #finish(job: Job, status: string, failureReason?: string, trace = ""): void {
    job.status = status;
    job.finishedAt = this.state.stamp();
    job.trace = trace;
    if (failureReason) job.failureReason = failureReason;
  }

  /** A pipeline's status follows from its jobs'. */
  #settle(pipeline: Pipeline): void {
    const jobs = this.state.jobsOf(pipeline.id).filter((job) => !job.retried);
    const before = pipeline.status;
    pipeline.status = statusOf(jobs);
    if (pipeline.status === "running") pipeline.startedAt ??= this.state.stamp();
    const finished = ["success", "failed", "canceled", "skipped"].includes(pipeline.status);
    if (finished) pipeline.finishedAt ??= this.state.stamp();
    if (pipeline.status !== before) pipeline.updatedAt = this.state.stamp();
    if (finished) this.#tell(pipeline);
  }

  #switchFor(project: Project, job: Job): JobSwitch | undefined {
    const armed = this.#switches.get(`${project.path} ${job.definition.name}`);
    if (!armed || armed.left <= 0) return undefined;
    armed.left -= 1;
    return armed.behaviour;
  }

  #pipelineOf(job: Job): Pipeline {
    const pipeline = this.state.pipelines.get(job.pipelineId);
    if (!pipeline) throw new Error(`The sandbox's GitLab holds no pipeline ${job.pipelineId}, yet job ${job.id} does`);
    return pipeline;
  }

  #after(milliseconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, milliseconds);
    this.#timers.add(timer);
  }
}

function mayFail(job: Job): boolean {
  return job.definition.allowFailure ?? job.definition.when === "manual";
}

function statusOf(jobs: readonly Job[]): string {
  const has = (...statuses: string[]) => jobs.some((job) => statuses.includes(job.status));
  const begun = jobs.some((job) => job.startedAt !== null || job.status === "success" || job.status === "failed");
  if (has("running")) return "running";
  if (has("pending")) return begun ? "running" : "pending";
  if (jobs.some((job) => job.status === "manual" && !mayFail(job))) return "manual";
  if (has("created")) return begun ? "running" : "created";
  if (jobs.some((job) => job.status === "canceled" && !mayFail(job))) return "canceled";
  if (jobs.some((job) => job.status === "failed" && !mayFail(job))) return "failed";
  return jobs.every((job) => job.status === "skipped") ? "skipped" : "success";
}
