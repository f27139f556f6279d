import type { Clock } from "../clock";
import { roles, type WorldValue } from "../world";
import type { Enforcement, Group, Job, Namespace, Pipeline, Project, Schedule, User, Variable } from "./records";
import { hash } from "./repository";
import { Tokens } from "./tokens";

/** Whose is what users wrote who are deleted. */
const ghost = "ghost";

/** All that this GitLab holds. */
export class GitLabState {
  readonly users = new Map<number, User>();
  readonly groups = new Map<string, Group>();
  readonly projects = new Map<string, Project>();
  /** Old paths of projects that have moved, with the numbers of these. */
  readonly formerPaths = new Map<string, number>();
  readonly schedules = new Map<number, Schedule>();
  readonly pipelines = new Map<number, Pipeline>();
  readonly jobs = new Map<number, Job>();
  readonly instanceVariables: Variable[] = [];
  /** What is asked of tokens: nothing, unless somebody sets it. */
  enforcement: Enforcement = {};
  /** Users by the value of a CI/CD job token that acts for them. */
  readonly jobTokens = new Map<string, User>();
  readonly tokens: Tokens;
  readonly #counters = new Map<string, number>();
  readonly #jobsByPipeline = new Map<number, Job[]>();
  readonly #pipelinesByProject = new Map<number, Pipeline[]>();
  readonly #byUsername = new Map<string, User>();

  constructor(readonly clock: Clock) {
    this.tokens = new Tokens(clock);
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

  /** Forget a user, who is a member of nothing any more; the tokens stay on record, and what it wrote is the Ghost User's. */
  forgetUser(user: User): void {
    for (const token of this.tokens.of(user.id)) token.revoked = true;
    for (const { members, memberExpiry } of [...this.groups.values(), ...this.projects.values()]) {
      members.delete(user.id);
      memberExpiry.delete(user.id);
    }
    this.#keepGhost();
    this.users.delete(user.id);
    this.#byUsername.delete(user.username.toLowerCase());
  }

  /** The user of that name; usernames know no case. */
  userNamed(username: string): User | undefined {
    return this.#byUsername.get(username.toLowerCase());
  }

  /** A user that must exist: a gap here is a fault of the world, not of a request. */
  user(id: number): User {
    const isForgotten = id <= (this.#counters.get("user") ?? 0);
    const user = this.users.get(id) ?? (isForgotten ? this.userNamed(ghost) : undefined);
    if (!user) throw new Error(`The sandbox's GitLab holds no user ${id}, yet something refers to it`);
    return user;
  }

  #keepGhost(): void {
    if (this.userNamed(ghost) !== undefined) return;
    const id = this.nextId("user");
    const email = `${ghost}@example.com`;
    this.keepUser({ id, username: ghost, name: "Ghost User", email, admin: false, createdAt: this.stamp() });
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

  /** Gives a project another path; the old one leads to it. */
  moveProject(from: string, to: string): void {
    const project = this.projects.get(from);
    if (project === undefined) throw new Error(`The sandbox's GitLab has no project "${from}"`);
    this.projects.delete(from);
    this.projects.set(to, { ...project, path: to });
    this.formerPaths.set(from, project.id);
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
