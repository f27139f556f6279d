import {
  roles,
  type World,
  type WorldGroup,
  type WorldIssue,
  type WorldMergeRequest,
  type WorldPermissions,
  type WorldPipeline,
  type WorldProject,
  type WorldSchedule,
  type WorldToken,
  type WorldUser,
  type WorldVariable,
} from "../world";
import type { GranularScope } from "./granular/scope";
import type { Namespace, Owner, Pipeline, Project, User, Variable } from "./records";
import { Repository } from "./repository";
import { nextRun } from "./running/cron";
import { commitId, type GitLabState } from "./state";

/** Fill an empty GitLab with what the world declares. */
export function populate(state: GitLabState, world: World): void {
  const start = world.startsAt;
  for (const group of world.groups) addGroup(state, group, start);
  for (const project of world.projects) addProject(state, project, start);
  for (const user of world.users) addUser(state, user, start);
  for (const token of world.tokens) addToken(state, token);
  for (const declared of [...world.groups, ...world.projects]) fillNamespace(state, declared);
  state.instanceVariables.push(...(world.instanceVariables ?? []).map((variable) => variableOf(state, variable)));
  for (const declared of world.projects) {
    const project = found(state.projects.get(declared.path), declared.path);
    for (const schedule of declared.schedules ?? []) addSchedule(state, project, schedule, start);
    for (const pipeline of declared.pipelines ?? []) addPipeline(state, project, pipeline);
    for (const issue of declared.issues ?? []) addIssue(state, project, issue);
    for (const request of declared.mergeRequests ?? []) addMergeRequest(state, project, request);
  }
}

/** A group or project in which there is nothing yet. */
function emptyNamespace({ path, name }: WorldGroup | WorldProject, start: string): Omit<Namespace, "id" | "kind"> {
  return {
    path,
    name: name ?? lastSegment(path),
    members: new Map(),
    memberExpiry: new Map(),
    variables: [],
    createdAt: yearBefore(start),
  };
}

function addGroup(state: GitLabState, group: WorldGroup, start: string): void {
  state.groups.set(group.path, {
    id: state.nextId("group", 51),
    kind: "group",
    ...emptyNamespace(group, start),
  });
}

function addProject(state: GitLabState, project: WorldProject, start: string): void {
  const defaultBranch = project.defaultBranch ?? "main";
  const branches = [defaultBranch, ...(project.branches ?? [])];
  state.projects.set(project.path, {
    id: state.nextId("project", 301),
    kind: "project",
    ...emptyNamespace(project, start),
    defaultBranch,
    branches,
    protectedBranches: [...(project.protectedBranches ?? [defaultBranch])],
    jobs: [...(project.jobs ?? [])],
    issues: [],
    mergeRequests: [],
    repository: new Repository(project.path, branches, project.files ?? {}, yearBefore(start)),
    deployments: [],
    pipelineVariables: project.pipelineVariables ?? false,
  });
}

function addUser(state: GitLabState, user: WorldUser, start: string): void {
  const id = user.id ? state.claimId("user", user.id) : state.nextId("user", 101);
  const of = user.serviceAccountOf;
  state.keepUser({
    id,
    username: user.username,
    name: user.name,
    email: of ? `service_account_${id}@noreply.gitlab.example.com` : `${user.username}@example.com`,
    admin: user.admin ?? false,
    createdAt: yearBefore(start),
    ...(of ? { owner: ownerOf(state, of) } : {}),
  });
}

function addToken(state: GitLabState, token: WorldToken): void {
  state.tokens.issue({
    id: token.id ? state.claimId("token", token.id) : state.nextId("token", 1001),
    handle: token.handle,
    userId: named(state, token.user).id,
    name: token.name,
    description: token.description ?? null,
    scopes: token.scopes,
    createdAt: token.createdAt,
    expiresAt: token.expiresAt,
    lastUsedAt: token.lastUsedAt ?? null,
    revoked: token.revoked ?? false,
    ...(token.permissions === undefined
      ? {}
      : { granularScopes: token.permissions.map((one) => granularScope(state, one)) }),
  });
}

function granularScope(state: GitLabState, { access, group, project, allow }: WorldPermissions): GranularScope {
  const path = group ?? project;
  if (path === undefined) return { access: access ?? "user", permissions: allow };
  const { kind, id } = found(group === undefined ? state.projects.get(path) : state.groups.get(path), path);
  return { access: "selected_memberships", permissions: allow, namespace: { kind, id } };
}

/** Members and variables of a group or a project. */
function fillNamespace(state: GitLabState, declared: WorldGroup | WorldProject): void {
  const namespace = found(state.groups.get(declared.path) ?? state.projects.get(declared.path), declared.path);
  for (const [username, role] of Object.entries(declared.members ?? {})) {
    namespace.members.set(named(state, username).id, roles[role]);
  }
  namespace.variables.push(...(declared.variables ?? []).map((variable) => variableOf(state, variable)));
}

function addSchedule(state: GitLabState, project: Project, schedule: WorldSchedule, start: string): void {
  const id = state.nextId("schedule", 11);
  state.schedules.set(id, {
    id,
    projectId: project.id,
    description: schedule.description,
    ref: schedule.ref ?? project.defaultBranch,
    cron: schedule.cron,
    active: schedule.active ?? true,
    ownerId: named(state, schedule.owner).id,
    nextRunAt: nextRun(schedule.cron, new Date(start)).toISOString(),
    createdAt: yearBefore(start),
    updatedAt: yearBefore(start),
    variables: Object.entries(schedule.variables ?? {}).map(([key, value]) => ({ key, value: state.resolve(value) })),
  });
}

function addIssue(state: GitLabState, project: Project, issue: WorldIssue): void {
  const authorId = named(state, issue.author).id;
  project.issues.push({
    id: state.nextId("issue", 7001),
    iid: project.issues.length + 1,
    projectId: project.id,
    title: issue.title,
    description: issue.description,
    state: "opened",
    labels: [...(issue.labels ?? [])],
    assigneeIds: [],
    authorId,
    confidential: issue.confidential ?? false,
    issueType: "issue",
    dueDate: null,
    createdAt: issue.createdAt,
    updatedAt: issue.createdAt,
    closedAt: null,
    closedById: null,
    notes: (issue.notes ?? []).map((note) => ({
      id: state.nextId("note", 9001),
      body: note.body,
      authorId: named(state, note.author).id,
      internal: false,
      system: false,
      createdAt: note.at,
      updatedAt: note.at,
    })),
  });
}

function addMergeRequest(state: GitLabState, project: Project, request: WorldMergeRequest): void {
  const source = found(state.projects.get(request.fork ?? project.path), request.fork ?? project.path);
  project.mergeRequests.push({
    id: state.nextId("merge request", 8001),
    iid: project.mergeRequests.length + 1,
    projectId: project.id,
    title: request.title,
    description: null,
    state: "opened",
    sourceBranch: request.sourceBranch,
    targetBranch: request.targetBranch ?? project.defaultBranch,
    sourceProjectId: source.id,
    sha: request.sha ?? commitId(source, request.sourceBranch),
    labels: [],
    assigneeIds: [],
    removeSourceBranch: false,
    authorId: named(state, request.author).id,
    createdAt: request.createdAt,
    updatedAt: request.createdAt,
    closedAt: null,
    closedById: null,
    notes: [],
  });
}

/** A pipeline that is over, with its jobs. */
function addPipeline(state: GitLabState, project: Project, past: WorldPipeline): void {
  const user = named(state, past.user);
  const schedule = [...state.schedules.values()].find(
    (one) => one.projectId === project.id && one.description === past.schedule,
  );
  const failed = past.failed ?? [];
  const pipeline: Pipeline = {
    id: state.nextId("pipeline", 20001),
    iid: state.nextId(`pipeline of ${project.id}`),
    projectId: project.id,
    ...(schedule ? { scheduleId: schedule.id } : {}),
    ref: past.ref ?? schedule?.ref ?? project.defaultBranch,
    source: schedule ? "schedule" : "push",
    userId: user.id,
    status: failed.length > 0 ? "failed" : "success",
    createdAt: past.at,
    updatedAt: past.at,
    startedAt: past.at,
    finishedAt: past.at,
  };
  state.keepPipeline(pipeline);
  const stages = [...new Set(project.jobs.map((job) => job.stage))];
  const failedStages = project.jobs.filter((job) => failed.includes(job.name)).map((job) => stages.indexOf(job.stage));
  const lastStage = failedStages.length > 0 ? Math.min(...failedStages) : stages.length;
  for (const definition of project.jobs) {
    const skipped = stages.indexOf(definition.stage) > lastStage;
    const status = skipped ? "skipped" : failed.includes(definition.name) ? "failed" : "success";
    state.keepJob({
      id: state.nextId("job", 50001),
      pipelineId: pipeline.id,
      projectId: project.id,
      definition,
      userId: user.id,
      status: definition.when === "manual" ? "manual" : status,
      ...(status === "failed" ? { failureReason: "script_failure" } : {}),
      createdAt: past.at,
      startedAt: skipped ? null : past.at,
      finishedAt: skipped ? null : past.at,
      retried: false,
      trace: status === "failed" ? "ERROR: 401 Unauthorized\n" : "",
    });
  }
}

function variableOf(state: GitLabState, variable: WorldVariable): Variable {
  return {
    key: variable.key,
    value: state.resolve(variable.value),
    environmentScope: variable.environmentScope ?? "*",
    protected: variable.protected ?? false,
    masked: variable.masked ?? variable.hidden ?? false,
    hidden: variable.hidden ?? false,
    raw: variable.raw ?? false,
    variableType: variable.variableType ?? "env_var",
    description: variable.description ?? null,
  };
}

function ownerOf(state: GitLabState, of: { group: string } | { project: string } | "instance"): Owner {
  if (of === "instance") return { kind: "instance" };
  return "group" in of
    ? { kind: "group", id: found(state.groups.get(of.group), of.group).id }
    : { kind: "project", id: found(state.projects.get(of.project), of.project).id };
}

function named(state: GitLabState, username: string): User {
  return found(state.userNamed(username), username);
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`The sandbox's world refers to "${name}", which it does not declare`);
  return value;
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function yearBefore(instant: string): string {
  return new Date(Date.parse(instant) - 365 * 86_400_000).toISOString();
}
