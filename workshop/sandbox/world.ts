/** How much a member may do, in GitLab's numbers. */
export const roles = { guest: 10, reporter: 20, developer: 30, maintainer: 40, owner: 50 } as const;

/** A role's name. */
export type Role = keyof typeof roles;

/** A value in the world: literal text, or the value of the token of that handle (values are made when a sandbox starts). */
export type WorldValue = string | { readonly tokenOf: string };

/** A person, or a service account when it has an owner. */
export interface WorldUser {
  /** @default counted up from 101 in the order of the list */
  readonly id?: number;
  readonly username: string;
  readonly name: string;
  readonly admin?: boolean;
  /** Makes it a service account: of that group, project, or of the instance. */
  readonly serviceAccountOf?: { readonly group: string } | { readonly project: string } | "instance";
}

/** A personal access token that exists at the start. */
export interface WorldToken {
  /** What the world's own data calls it. */
  readonly handle: string;
  /** @default counted up from 1001 in the order of the list */
  readonly id?: number;
  readonly user: string;
  readonly name: string;
  readonly description?: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  /** The day at whose 00:00 UTC it dies; `null`: never. */
  readonly expiresAt: string | null;
  readonly lastUsedAt?: string;
  readonly revoked?: boolean;
  /** Makes it a fine-grained one, of the only scope `granular`. */
  readonly permissions?: readonly WorldPermissions[];
}

/** What a fine-grained token may do in a group and all below it, in a project, or as its user. */
export interface WorldPermissions {
  readonly group?: string;
  readonly project?: string;
  readonly access?: "all_memberships" | "user" | "instance";
  readonly allow: readonly string[];
}

/** A CI/CD variable. */
export interface WorldVariable {
  readonly key: string;
  readonly value: WorldValue;
  /** @default "*" */
  readonly environmentScope?: string;
  readonly protected?: boolean;
  readonly masked?: boolean;
  readonly hidden?: boolean;
  readonly raw?: boolean;
  readonly variableType?: "env_var" | "file";
  readonly description?: string;
}

/** A job as the project's pipelines run it. */
export interface WorldJob {
  readonly name: string;
  readonly stage: string;
  /** The token it works with: in which variable, whose it must be (username), and the scope it must have. */
  readonly needs?: {
    readonly variable: string;
    readonly user?: string;
    readonly scope?: string;
    /** What it asks with the token, where permissions decide: `GET /projects/security%2Fbuilder/jobs`. @default who it is */
    readonly request?: string;
  };
  readonly allowFailure?: boolean;
  /** @default "on_success" */
  readonly when?: "on_success" | "manual" | "always";
  /** Chooses among variables of one key by their environment scope. */
  readonly environment?: string;
  /** Real milliseconds. @default the sandbox's `jobMilliseconds` */
  readonly milliseconds?: number;
  /** Only in pipelines of these refs. @default all */
  readonly refs?: readonly string[];
  /** Makes it a trigger job: it starts another pipeline instead of running a script. */
  readonly trigger?: WorldTrigger;
}

/** The pipeline that a trigger job starts: of another project, or a child pipeline with jobs of its own. */
export interface WorldTrigger {
  /** @default its own project: a child pipeline */
  readonly project?: string;
  /** The jobs of a child pipeline. */
  readonly jobs?: readonly WorldJob[];
  /** Whether the job waits for that pipeline and ends as it does (`strategy: depend`). @default false */
  readonly waits?: boolean;
}

/** A pipeline schedule. */
export interface WorldSchedule {
  readonly description: string;
  /** @default the default branch */
  readonly ref?: string;
  readonly cron: string;
  readonly owner: string;
  /** @default true */
  readonly active?: boolean;
  /** What it gives to its pipelines. */
  readonly variables?: Readonly<Record<string, WorldValue>>;
}

/** A pipeline that ran before the world begins. */
export interface WorldPipeline {
  readonly schedule?: string;
  readonly ref?: string;
  readonly user: string;
  readonly at: string;
  /** The jobs that failed; those in later stages were skipped. @default none */
  readonly failed?: readonly string[];
}

/** An issue. */
export interface WorldIssue {
  readonly title: string;
  readonly description: string;
  readonly author: string;
  readonly createdAt: string;
  readonly labels?: readonly string[];
  readonly confidential?: boolean;
  readonly notes?: readonly { readonly author: string; readonly body: string; readonly at: string }[];
}

/** A merge request. */
export interface WorldMergeRequest {
  readonly title: string;
  readonly author: string;
  readonly createdAt: string;
  readonly sourceBranch: string;
  /** Path of the fork that it comes from. @default the project itself */
  readonly fork?: string;
  /** @default the default branch */
  readonly targetBranch?: string;
  /** The commit at the head of its branch. @default one that looks like it */
  readonly sha?: string;
}

/** A group; parents are found by path. */
export interface WorldGroup {
  readonly path: string;
  readonly name?: string;
  /** Role by username; inherited downwards. */
  readonly members?: Readonly<Record<string, Role>>;
  readonly variables?: readonly WorldVariable[];
}

/** A project. */
export interface WorldProject extends WorldGroup {
  /** @default "main" */
  readonly defaultBranch?: string;
  /** Further branches. */
  readonly branches?: readonly string[];
  /** Names or wildcards. @default the default branch */
  readonly protectedBranches?: readonly string[];
  readonly jobs?: readonly WorldJob[];
  readonly schedules?: readonly WorldSchedule[];
  readonly pipelines?: readonly WorldPipeline[];
  readonly issues?: readonly WorldIssue[];
  readonly mergeRequests?: readonly WorldMergeRequest[];
  /** The text of its files by path, the same on every branch. @default none */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether a pipeline may be started with variables (GitLab.com's default since 17.7 is no). @default false */
  readonly pipelineVariables?: boolean;
}

/** One field of a vault item, in Connect's own words. */
export interface WorldField {
  readonly id?: string;
  readonly label: string;
  readonly type: string;
  readonly purpose?: string;
  readonly section?: string;
  readonly value?: WorldValue;
}

/** A vault item. */
export interface WorldItem {
  readonly title: string;
  readonly category: string;
  readonly tags?: readonly string[];
  readonly urls?: readonly string[];
  readonly sections?: readonly string[];
  readonly fields: readonly WorldField[];
  readonly createdAt: string;
}

/** A vault. */
export interface WorldVault {
  readonly name: string;
  readonly description?: string;
  readonly items: readonly WorldItem[];
}

/** A Connect token and what it reaches. */
export interface WorldConnectToken {
  readonly handle: string;
  readonly vaults: Readonly<Record<string, readonly ("read" | "write")[]>>;
}

/** Everything that exists when a sandbox starts: data, no behaviour. */
export interface World {
  readonly startsAt: string;
  readonly users: readonly WorldUser[];
  readonly groups: readonly WorldGroup[];
  readonly projects: readonly WorldProject[];
  readonly tokens: readonly WorldToken[];
  readonly instanceVariables?: readonly WorldVariable[];
  readonly vaults: readonly WorldVault[];
  readonly connectTokens: readonly WorldConnectToken[];
  /** Which GitLab and Connect token `environment` hands out. */
  readonly credentials: { readonly gitlab: string; readonly onePassword: string };
}
