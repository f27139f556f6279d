import type { WorldJob } from "../world";
import type { Repository } from "./repository";

/** Who provisioned a service account. */
export type Owner = { readonly kind: "group" | "project"; readonly id: number } | { readonly kind: "instance" };

/** From which day on legacy tokens are refused. */
export interface Enforcement {
  /** On the whole instance: none is made, none rotated. */
  readonly instance?: string;
  /** By the path of a top-level group: none is taken below it. */
  readonly groups?: Readonly<Record<string, string>>;
  /** Whether service accounts are let be, as from 19.6. @default true */
  readonly sparesServiceAccounts?: boolean;
}

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
  /** The bot of an access token of a group or project. */
  readonly botOf?: { readonly kind: "group" | "project"; readonly id: number };
  /** No longer let in. @default false */
  blocked?: boolean;
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

/** A variable that a schedule, or whoever starts a pipeline, gives to it: it outranks those of projects, groups and the instance. */
export interface GivenVariable {
  readonly key: string;
  readonly value: string;
  /** @default "env_var" */
  readonly variableType?: "env_var" | "file";
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
  variables?: GivenVariable[];
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
  readonly variables?: readonly GivenVariable[];
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

/** Who provisioned a service account. */
