import type { Enforcement, Group, Job, Namespace, Pipeline, Project, Schedule, User, Variable } from "./records";
import { type Commit, Repository, type RepositoryFile } from "./repository";
import type { GitLabState } from "./state";
import type { Token } from "./tokens";

/** A group or a project with lists in place of maps. */
type Listed<T extends Namespace> = Omit<T, "members" | "memberExpiry" | "repository"> & {
  readonly members: readonly (readonly [number, number])[];
  readonly memberExpiry: readonly (readonly [number, string])[];
};

/** A repository as data. */
interface Commits {
  readonly heads: readonly (readonly [string, string])[];
  readonly commits: readonly (Omit<Commit, "files"> & {
    readonly files: readonly (readonly [string, RepositoryFile])[];
  })[];
}

/** All that a GitLab holds, as data that JSON can carry. Job tokens are not among it. */
export interface GitLabDump {
  readonly counters: readonly (readonly [string, number])[];
  readonly users: readonly User[];
  readonly groups: readonly Listed<Group>[];
  readonly projects: readonly (Listed<Project> & { readonly repository: Commits })[];
  readonly tokens: readonly (Token & { readonly handle?: string })[];
  readonly instanceVariables: readonly Variable[];
  /** Absent where nothing is asked of tokens. */
  readonly enforcement?: Enforcement;
  readonly schedules: readonly Schedule[];
  readonly pipelines: readonly Pipeline[];
  /** `downstream` by its id. */
  readonly jobs: readonly (Omit<Job, "downstream"> & { readonly downstream?: number })[];
}

/** Read all that a GitLab holds. */
export function dumpGitLab(state: GitLabState): GitLabDump {
  return {
    counters: [...state.counters],
    users: [...state.users.values()],
    groups: [...state.groups.values()].map(listed),
    projects: [...state.projects.values()].map((project) => ({
      ...listed(project),
      repository: commitsOf(project.repository),
    })),
    tokens: state.tokens.all().map((token) => {
      const handle = state.tokens.handleOf(token);
      return handle === undefined ? token : { ...token, handle };
    }),
    instanceVariables: state.instanceVariables,
    ...(Object.keys(state.enforcement).length === 0 ? {} : { enforcement: state.enforcement }),
    schedules: [...state.schedules.values()],
    pipelines: [...state.pipelines.values()],
    jobs: [...state.jobs.values()].map(({ downstream, ...job }) =>
      downstream === undefined ? job : { ...job, downstream: downstream.id },
    ),
  };
}

/** Fill an empty GitLab with what another held. */
export function restoreGitLab(state: GitLabState, dump: GitLabDump): void {
  for (const [kind, number] of dump.counters) state.claimId(kind, number);
  for (const user of dump.users) state.keepUser(user);
  for (const group of dump.groups) state.groups.set(group.path, mapped(group));
  for (const { repository, ...project } of dump.projects) {
    const { heads, commits } = repository;
    const restored = Repository.of(
      commits.map((commit) => ({ ...commit, files: new Map(commit.files) })),
      new Map(heads),
    );
    state.projects.set(project.path, { ...mapped(project), repository: restored });
  }
  for (const { handle, ...token } of dump.tokens) state.tokens.keep(token, handle);
  state.instanceVariables.push(...dump.instanceVariables);
  state.enforcement = dump.enforcement ?? {};
  for (const schedule of dump.schedules) state.schedules.set(schedule.id, schedule);
  for (const pipeline of dump.pipelines) state.keepPipeline(pipeline);
  for (const { downstream: id, ...job } of dump.jobs) {
    const downstream = id === undefined ? undefined : state.pipelines.get(id);
    state.keepJob(downstream === undefined ? job : { ...job, downstream });
  }
}

function commitsOf(repository: Repository): Commits {
  return {
    heads: [...repository.heads],
    commits: repository.commits.map((commit) => ({ ...commit, files: [...commit.files] })),
  };
}

function listed<T extends Namespace>({ members, memberExpiry, ...rest }: T) {
  return { ...rest, members: [...members], memberExpiry: [...memberExpiry] };
}

function mapped<T extends Listed<Namespace>>({ members, memberExpiry, ...rest }: T) {
  return { ...rest, members: new Map(members), memberExpiry: new Map(memberExpiry) };
}
