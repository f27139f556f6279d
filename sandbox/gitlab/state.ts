import type { Clock } from "../clock";
import { roles, type World, type WorldJob, type WorldValue } from "../world";
import { populate } from "./populate";
import { hash, type Repository } from "./repository";
import { Tokens } from "./tokens";

/** Who provisioned a service account. */
export type Owner = { readonly kind: "group" | "project"; readonly id: number } | { readonly kind: "instance" };

/** A user. */
export interface User {
  readonly id: number;
  username: string;
  name: string;
  email: string;
  readonly admin: boolean;
  readonly createdAt: string;
  /** Only service accounts have one. */
  readonly owner?: Owner;
}

/** A CI/CD variable. */
export interface Variable {
  readonly key: string;
  value: string;
  environmentScope: string;
  protected: boolean;
  masked: boolean;
  readonly hidden: boolean;
  raw: boolean;
  variableType: string;
  description: string | null;
}

/** What groups and projects have in common. */
export interface Namespace {
  readonly id: number;
  readonly kind: "group" | "project";
  /** Full path. */
  readonly path: string;
  readonly name: string;
  readonly members: Map<number, number>;
  /** The day on which a membership ends, at 00:00 UTC; those without one have no entry. */
  readonly memberExpiry: Map<number, string>;
  readonly variables: Variable[];
  readonly createdAt: string;
}

/** A group. */
export interface Group extends Namespace {
  readonly kind: "group";
}

/** A project. */
export interface Project extends Namespace {
  readonly kind: "project";
  readonly defaultBranch: string;
  readonly branches: string[];
  readonly protectedBranches: string[];
  readonly jobs: WorldJob[];
  readonly issues: Issue[];
  readonly mergeRequests: MergeRequest[];
  readonly repository: Repository;
  readonly deployments: Deployment[];
  readonly pipelineVariables: boolean;
}

/** A pipeline schedule. */
export interface Schedule {
  readonly id: number;
  readonly projectId: number;
  description: string;
  ref: string;
  cron: string;
  active: boolean;
  ownerId: number;
  nextRunAt: string;
  readonly createdAt: string;
  updatedAt: string;
}

/** A pipeline. */
export interface Pipeline {
  readonly id: number;
  readonly iid: number;
  readonly projectId: number;
  readonly scheduleId?: number;
  readonly ref: string;
  readonly source: string;
  readonly userId: number;
  /** The trigger job that started it. */
  readonly triggeredBy?: number;
  status: string;
  readonly createdAt: string;
  updatedAt: string;
  startedAt: string | null;
  finishedAt: string | null;
}

/** A job. */
export interface Job {
  readonly id: number;
  readonly pipelineId: number;
  readonly projectId: number;
  readonly definition: WorldJob;
  userId: number;
  status: string;
  failureReason?: string;
  readonly createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  /** A newer job of the same name took its place. */
  retried: boolean;
  /** Of a trigger job: the pipeline that it started. */
  downstream?: Pipeline;
  trace: string;
}

/** An issue. */
export interface Issue {
  readonly id: number;
  readonly iid: number;
  readonly projectId: number;
  title: string;
  description: string | null;
  state: "opened" | "closed";
  labels: string[];
  assigneeIds: number[];
  readonly authorId: number;
  confidential: boolean;
  issueType: string;
  dueDate: string | null;
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedById: number | null;
  readonly notes: Note[];
}

/** A deployment to an environment. */
export interface Deployment {
  readonly id: number;
  readonly environment: string;
  readonly ref: string;
  readonly sha: string;
  status: string;
  readonly userId: number;
  readonly createdAt: string;
  /** The job that makes it; none when it was entered through the API. */
  readonly job?: { readonly id: number; readonly name: string; readonly startedAt: string | null };
}

/** A merge request. */
export interface MergeRequest {
  readonly id: number;
  readonly iid: number;
  /** The project that it is to be merged into. */
  readonly projectId: number;
  title: string;
  description: string | null;
  state: "opened" | "closed" | "merged";
  readonly sourceBranch: string;
  targetBranch: string;
  /** Its fork, or the same project. */
  readonly sourceProjectId: number;
  /** The head of the source branch. */
  sha: string;
  labels: string[];
  assigneeIds: number[];
  readonly authorId: number;
  /** Whether the source branch goes when it is merged. */
  removeSourceBranch: boolean;
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedById: number | null;
  readonly notes: Note[];
}

/** A comment on an issue or a merge request. */
export interface Note {
  readonly id: number;
  body: string;
  readonly authorId: number;
  readonly internal: boolean;
  readonly system: boolean;
  readonly createdAt: string;
  updatedAt: string;
}

/** All that this GitLab holds. */
export class GitLabState {
  readonly users = new Map<number, User>();
  readonly groups = new Map<string, Group>();
  readonly projects = new Map<string, Project>();
  readonly schedules = new Map<number, Schedule>();
  readonly pipelines = new Map<number, Pipeline>();
  readonly jobs = new Map<number, Job>();
  readonly instanceVariables: Variable[] = [];
  /** Users by the value of a CI/CD job token that acts for them. */
  readonly jobTokens = new Map<string, User>();
  readonly tokens: Tokens;
  readonly #counters = new Map<string, number>();
  readonly #jobsByPipeline = new Map<number, Job[]>();
  readonly #pipelinesByProject = new Map<number, Pipeline[]>();
  readonly #byUsername = new Map<string, User>();

  constructor(
    world: World,
    readonly clock: Clock,
  ) {
    this.tokens = new Tokens(clock);
    populate(this, world);
  }

  /** The next number of a kind. */
  nextId(kind: string, first = 1): number {
    const next = (this.#counters.get(kind) ?? first - 1) + 1;
    this.#counters.set(kind, next);
    return next;
  }

  /** The last number of each kind. */
  get counters(): ReadonlyMap<string, number> {
    return this.#counters;
  }

  /** Take note of a number that the world chose, so that counting goes on above it. */
  claimId(kind: string, id: number): number {
    this.#counters.set(kind, Math.max(this.#counters.get(kind) ?? 0, id));
    return id;
  }

  /** The time, as GitLab writes it. */
  stamp(): string {
    return this.clock.now().toISOString();
  }

  /** Add or rename a user. */
  keepUser(user: User): void {
    for (const [username, other] of this.#byUsername) if (other.id === user.id) this.#byUsername.delete(username);
    this.users.set(user.id, user);
    this.#byUsername.set(user.username.toLowerCase(), user);
  }

  /** Forget a user; the tokens stay on record. */
  forgetUser(user: User): void {
    this.users.delete(user.id);
    this.#byUsername.delete(user.username.toLowerCase());
  }

  /** The user of that name; usernames know no case. */
  userNamed(username: string): User | undefined {
    return this.#byUsername.get(username.toLowerCase());
  }

  /** A user that must exist: a gap here is a fault of the world, not of a request. */
  user(id: number): User {
    const user = this.users.get(id);
    if (!user) throw new Error(`The sandbox's GitLab holds no user ${id}, yet something refers to it`);
    return user;
  }

  /** The groups above a path, nearest first. */
  ancestors(path: string): Group[] {
    const found: Group[] = [];
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const group = this.groups.get(path.slice(0, at));
      if (group) found.push(group);
    }
    return found;
  }

  /** The highest access level of a user here, inherited ones included; 0 for none. */
  accessLevel(user: User, namespace: Namespace): number {
    const today = this.clock.today();
    const levels = [namespace, ...this.ancestors(namespace.path)]
      .filter((one) => today < (one.memberExpiry.get(user.id) ?? "9999"))
      .map((one) => one.members.get(user.id) ?? 0);
    const own = user.owner;
    const provisioned = own && own.kind !== "instance" && own.kind === namespace.kind && own.id === namespace.id;
    return Math.max(...levels, provisioned ? roles.guest : 0);
  }

  /** By id; what the path of a request names was looked up before. */
  projectById(id: number): Project {
    for (const project of this.projects.values()) if (project.id === id) return project;
    throw new Error(`The sandbox's GitLab holds no project ${id}, yet something refers to it`);
  }

  /** Whether a branch is protected here. */
  isProtected(project: Project, ref: string): boolean {
    return project.protectedBranches.some((pattern) => wildcard(pattern).test(ref));
  }

  /** Keep a new pipeline. */
  keepPipeline(pipeline: Pipeline): void {
    this.pipelines.set(pipeline.id, pipeline);
    const siblings = this.#pipelinesByProject.get(pipeline.projectId) ?? [];
    siblings.push(pipeline);
    this.#pipelinesByProject.set(pipeline.projectId, siblings);
  }

  /** The pipelines of a project, oldest first. */
  pipelinesOf(projectId: number): readonly Pipeline[] {
    return this.#pipelinesByProject.get(projectId) ?? [];
  }

  /** Keep a new job. */
  keepJob(job: Job): void {
    this.jobs.set(job.id, job);
    const siblings = this.#jobsByPipeline.get(job.pipelineId) ?? [];
    this.#jobsByPipeline.set(job.pipelineId, [...siblings, job]);
  }

  /** The jobs of a pipeline, oldest first, those that were retried included. */
  jobsOf(pipelineId: number): readonly Job[] {
    return this.#jobsByPipeline.get(pipelineId) ?? [];
  }

  /** The text behind a value of the world. */
  resolve(value: WorldValue): string {
    return typeof value === "string" ? value : this.tokens.valueOf(value.tokenOf);
  }
}

/** A pattern with `*`, as protected branches and environment scopes know it. */
export function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`);
}

/** The commit that a ref stands for; a stable one that looks like it for branches that were long ago. */
export function commitId(project: Project, ref: string): string {
  return project.repository.find(ref)?.id ?? hash(`${project.path} ${ref}`);
}
