import { isGranular, rendered } from "../granular/scopes";
import type {
  GivenVariable,
  Group,
  Issue,
  Job,
  MergeRequest,
  Note,
  Pipeline,
  Project,
  Schedule,
  User,
  Variable,
} from "../records";
import { nextRun } from "../running/cron";
import { commitId, type GitLabState } from "../state";
import type { Token } from "../tokens";

/** Turns what the server holds into the bodies that GitLab answers. `base` is the server's own address. */
export class Render {
  constructor(
    private readonly state: GitLabState,
    private readonly base: () => string,
    private readonly version: string,
  ) {}

  /** A user as lists and other objects show it. */
  userBasic = (user: User) => ({
    id: user.id,
    username: user.username,
    public_email: "",
    name: user.name,
    state: user.blocked === true ? "blocked" : "active",
    locked: false,
    avatar_url: null,
    web_url: `${this.base()}/${user.username}`,
  });

  /** A user as an administrator sees them. */
  userToAdmin = (user: User) => ({
    ...this.userBasic(user),
    email: user.email,
    is_admin: user.admin,
  });

  /** The caller's own user. */
  userSelf = (user: User) => ({
    ...this.userBasic(user),
    created_at: user.createdAt,
    bio: "",
    bot: user.owner !== undefined || user.botOf !== undefined,
    email: user.email,
    commit_email: user.email,
    two_factor_enabled: false,
    external: false,
    private_profile: false,
    can_create_group: user.owner === undefined,
    can_create_project: user.owner === undefined,
    ...(user.admin ? { is_admin: true } : {}),
  });

  /** A service account. */
  serviceAccount = (user: User) => ({
    id: user.id,
    username: user.username,
    name: user.name,
    email: user.email,
    public_email: "",
  });

  /** A token, without its value. */
  #token = (token: Token, showsScopesSince: string) => ({
    id: token.id,
    name: token.name,
    revoked: token.revoked,
    created_at: token.createdAt,
    description: token.description,
    scopes: token.scopes,
    user_id: token.userId,
    last_used_at: token.lastUsedAt,
    active: this.state.tokens.isActive(token),
    expires_at: token.expiresAt,
    granular: isGranular(token),
    ...(token.granularScopes === undefined || this.version < showsScopesSince
      ? {}
      : { granular_scopes: token.granularScopes.map(rendered) }),
  });

  /** A token in the list of a service account. */
  token = (token: Token) => this.#token(token, "19.6");

  /** A token as `/personal_access_tokens` shows it. */
  tokenWithIps = (token: Token) => ({ ...this.#token(token, "19.2"), last_used_ips: token.lastUsedIps });

  /** The caller's own token, which shows what it may do from 19.5 on. */
  tokenSelf = (token: Token) => ({ ...this.#token(token, "19.5"), last_used_ips: token.lastUsedIps });

  /** A token in the only answer that shows its value. */
  tokenWithValue = (token: Token) => ({ ...this.#token(token, "19.6"), token: token.value });

  /** An access token of a group or project, with the role of its bot there. */
  accessToken = (token: Token, owner: Group | Project) => ({
    ...this.#token(token, "19.6"),
    access_level: owner.members.get(token.userId) ?? null,
    resource_type: owner.kind,
    resource_id: owner.id,
  });

  /** The same in the only answer that shows its value. */
  accessTokenWithValue = (token: Token, owner: Group | Project) => ({
    ...this.accessToken(token, owner),
    token: token.value,
  });

  /** A variable; a hidden one without its value. */
  variable = (variable: Variable) => ({
    variable_type: variable.variableType,
    key: variable.key,
    value: variable.hidden ? null : variable.value,
    hidden: variable.hidden,
    protected: variable.protected,
    masked: variable.masked,
    raw: variable.raw,
    environment_scope: variable.environmentScope,
    description: variable.description,
  });

  /** Instance variables know no scope. */
  instanceVariable = (variable: Variable) => {
    const { environment_scope: _scope, hidden: _hidden, ...rest } = this.variable(variable);
    return rest;
  };

  /** A group. */
  group = (group: Group) => ({
    id: group.id,
    name: group.name,
    path: group.path.slice(group.path.lastIndexOf("/") + 1),
    full_path: group.path,
    full_name: group.path.replaceAll("/", " / "),
    parent_id: this.state.ancestors(group.path)[0]?.id ?? null,
    visibility: "private",
    created_at: group.createdAt,
    web_url: `${this.base()}/groups/${group.path}`,
  });

  /** A project. */
  project = (project: Project) => {
    const parent = this.state.ancestors(project.path)[0];
    return {
      id: project.id,
      name: project.name,
      path: project.path.slice(project.path.lastIndexOf("/") + 1),
      path_with_namespace: project.path,
      default_branch: project.defaultBranch,
      visibility: "private",
      archived: false,
      created_at: project.createdAt,
      web_url: `${this.base()}/${project.path}`,
      namespace: parent ? { id: parent.id, kind: "group", full_path: parent.path, name: parent.name } : null,
      ci_pipeline_variables_minimum_override_role: project.pipelineVariables ? "developer" : "no_one_allowed",
    };
  };

  /** A pipeline as other objects show it. */
  pipelineBasic = (pipeline: Pipeline) => {
    const project = this.state.projectById(pipeline.projectId);
    return {
      id: pipeline.id,
      iid: pipeline.iid,
      project_id: pipeline.projectId,
      sha: commitId(project, pipeline.ref),
      ref: pipeline.ref,
      status: pipeline.status,
      source: pipeline.source,
      created_at: pipeline.createdAt,
      updated_at: pipeline.updatedAt,
      web_url: `${this.base()}/${project.path}/-/pipelines/${pipeline.id}`,
    };
  };

  /** A pipeline in a list. */
  pipelineListed = (pipeline: Pipeline) => ({ ...this.pipelineBasic(pipeline), name: null });

  /** A pipeline by itself. */
  pipeline = (pipeline: Pipeline) => ({
    ...this.pipelineBasic(pipeline),
    before_sha: "0".repeat(40),
    tag: false,
    yaml_errors: null,
    user: this.userBasic(this.state.user(pipeline.userId)),
    started_at: pipeline.startedAt,
    finished_at: pipeline.finishedAt,
    committed_at: null,
    duration: pipeline.startedAt && pipeline.finishedAt ? seconds(pipeline.startedAt, pipeline.finishedAt) : null,
    queued_duration: pipeline.startedAt ? seconds(pipeline.createdAt, pipeline.startedAt) : null,
    coverage: null,
    detailed_status: {
      icon: `status_${pipeline.status}`,
      text: pipeline.status,
      label: pipeline.status,
      group: pipeline.status,
      tooltip: pipeline.status,
      has_details: true,
      details_path: `/${this.state.projectById(pipeline.projectId).path}/-/pipelines/${pipeline.id}`,
      illustration: null,
      favicon: null,
    },
    archived: false,
  });

  /** A job. */
  job = (job: Job) => ({
    ...this.jobBasic(job),
    artifacts: [],
    runner: null,
    runner_manager: null,
    artifacts_expire_at: null,
    archived: false,
    tag_list: [],
  });

  /** What playing a job answers. */
  jobBasic = (job: Job) => {
    const pipeline = this.state.pipelines.get(job.pipelineId);
    const project = this.state.projectById(job.projectId);
    const ref = pipeline?.ref ?? project.defaultBranch;
    return {
      id: job.id,
      status: job.status,
      stage: job.definition.stage,
      name: job.definition.name,
      ref,
      tag: false,
      coverage: null,
      allow_failure: job.definition.allowFailure ?? job.definition.when === "manual",
      created_at: job.createdAt,
      started_at: job.startedAt,
      finished_at: job.finishedAt,
      erased_at: null,
      duration:
        job.startedAt && job.finishedAt ? (Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1000 : null,
      queued_duration: job.startedAt ? (Date.parse(job.startedAt) - Date.parse(job.createdAt)) / 1000 : null,
      user: { ...this.userBasic(this.state.user(job.userId)), bot: this.state.user(job.userId).owner !== undefined },
      commit: {
        id: commitId(project, ref),
        short_id: commitId(project, ref).slice(0, 8),
        title: "Build the inventory",
      },
      ...(pipeline ? { pipeline: this.pipelineBasic(pipeline) } : {}),
      ...(job.failureReason ? { failure_reason: job.failureReason } : {}),
      web_url: `${this.base()}/${project.path}/-/jobs/${job.id}`,
      project: { ci_job_token_scope_enabled: false },
    };
  };

  /** A trigger job, with the pipeline that it started. */
  bridge = (job: Job) => ({
    ...this.jobBasic(job),
    downstream_pipeline: job.downstream ? this.pipelineBasic(job.downstream) : null,
  });

  /** When a schedule runs next; of one that is switched off, when it would have. */
  #nextRun({ active, cron, nextRunAt }: Schedule): string {
    const now = this.state.clock.now();
    return active && Date.parse(nextRunAt) <= now.getTime() ? nextRun(cron, now).toISOString() : nextRunAt;
  }

  /** A schedule in a list. */
  schedule = (schedule: Schedule) => ({
    id: schedule.id,
    description: schedule.description,
    ref: schedule.ref,
    cron: schedule.cron,
    cron_timezone: "UTC",
    next_run_at: this.#nextRun(schedule),
    active: schedule.active,
    created_at: schedule.createdAt,
    updated_at: schedule.updatedAt,
    owner: this.userBasic(this.state.user(schedule.ownerId)),
    inputs: [],
  });

  /** A schedule by itself, with its newest pipeline. Its variables are for those who may edit it. */
  scheduleDetails = (schedule: Schedule, last: Pipeline | undefined, mayEdit: boolean) => ({
    ...this.schedule(schedule),
    last_pipeline: last ? this.pipelineBasic(last) : null,
    ...(mayEdit ? { variables: (schedule.variables ?? []).map(this.givenVariable) } : {}),
  });

  /** A variable that was given to a pipeline. */
  givenVariable = ({ key, value, variableType = "env_var" }: GivenVariable) => ({
    key,
    value,
    variable_type: variableType,
    raw: false,
  });

  /** An issue. */
  issue = (issue: Issue) => {
    const project = this.state.projectById(issue.projectId);
    const assignees = issue.assigneeIds.map((id) => this.userBasic(this.state.user(id)));
    return {
      id: issue.id,
      iid: issue.iid,
      project_id: issue.projectId,
      title: issue.title,
      description: issue.description,
      state: issue.state,
      created_at: issue.createdAt,
      updated_at: issue.updatedAt,
      closed_at: issue.closedAt,
      closed_by: issue.closedById === null ? null : this.userBasic(this.state.user(issue.closedById)),
      labels: issue.labels,
      milestone: null,
      assignees,
      author: this.userBasic(this.state.user(issue.authorId)),
      type: issue.issueType.toUpperCase(),
      assignee: assignees[0] ?? null,
      user_notes_count: issue.notes.filter((note) => !note.system).length,
      due_date: issue.dueDate,
      confidential: issue.confidential,
      discussion_locked: null,
      issue_type: issue.issueType,
      web_url: `${this.base()}/${project.path}/-/issues/${issue.iid}`,
      references: { short: `#${issue.iid}`, relative: `#${issue.iid}`, full: `${project.path}#${issue.iid}` },
    };
  };

  /** A comment. */
  note = (note: Note, on: Issue | MergeRequest, type: "Issue" | "MergeRequest") => ({
    id: note.id,
    type: null,
    body: note.body,
    author: this.userBasic(this.state.user(note.authorId)),
    created_at: note.createdAt,
    updated_at: note.updatedAt,
    system: note.system,
    noteable_id: on.id,
    noteable_type: type,
    project_id: on.projectId,
    resolvable: false,
    confidential: note.internal,
    internal: note.internal,
    noteable_iid: on.iid,
    commands_changes: {},
  });
}

function seconds(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 1000);
}
