// Generated from providers/runbook/schema.json by `npm run sdks`: change that file instead.
import type * as pulumi from "@pulumi/pulumi";

/** A generation of an account's token, as the calendar has it on the day of the run. */
export interface Generation {
  /** Its date, `2026-11-23`; a second one on a day `2026-11-23.2`; `adopted` for the hand-made token. */
  readonly name: string;
  /** `current`, `previous` or `retired`. */
  readonly lifecycle: string;
  /** The day (UTC, `YYYY-MM-DD`) at whose beginning its token dies. */
  readonly expiresAt: string;
}

/** A generation of an account's token, as the calendar has it on the day of the run. */
export interface GenerationArgs {
  /** Its date, `2026-11-23`; a second one on a day `2026-11-23.2`; `adopted` for the hand-made token. */
  readonly name: pulumi.Input<string>;
  /** `current`, `previous` or `retired`. */
  readonly lifecycle: pulumi.Input<string>;
  /** The day (UTC, `YYYY-MM-DD`) at whose beginning its token dies. */
  readonly expiresAt: pulumi.Input<string>;
}

/** A generation whose token leaked. */
export interface Compromise {
  /** Its name. */
  readonly generation: string;
  /** Why it is so. */
  readonly reason: string;
  /** The day (UTC, `YYYY-MM-DD`) on which a generation opens to replace it. */
  readonly on?: string;
}

/** A generation whose token leaked. */
export interface CompromiseArgs {
  /** Its name. */
  readonly generation: pulumi.Input<string>;
  /** Why it is so. */
  readonly reason: pulumi.Input<string>;
  /** The day (UTC, `YYYY-MM-DD`) on which a generation opens to replace it. */
  readonly on?: pulumi.Input<string | undefined>;
}

/** A generation that was opened and has not expired. */
export interface Opened {
  /** Its name. */
  readonly name: string;
  /** The day at whose beginning its token dies. */
  readonly expiresAt: string;
}

/** A generation that was opened and has not expired. */
export interface OpenedArgs {
  /** Its name. */
  readonly name: pulumi.Input<string>;
  /** The day at whose beginning its token dies. */
  readonly expiresAt: pulumi.Input<string>;
}

/** A CI/CD variable that is to hold the token. */
export interface Variable {
  /** Full path or id of the project it belongs to. One of `project`, `group` and `instance` is given. */
  readonly project?: string;
  /** Full path or id of the group it belongs to. */
  readonly group?: string;
  /** True for a variable of the whole instance. */
  readonly instance?: boolean;
  /** Its name. */
  readonly key: string;
  /** Its environment scope; `*` when left out. */
  readonly environmentScope?: string;
  /** Only for pipelines on protected branches and tags. */
  readonly protected?: boolean;
  /** Hidden in job logs. */
  readonly masked?: boolean;
  /** Masked, and never shown again. */
  readonly hidden?: boolean;
  /** `$` is not expanded. */
  readonly raw?: boolean;
  /** `env_var` or `file`. */
  readonly variableType?: string;
}

/** A CI/CD variable that is to hold the token. */
export interface VariableArgs {
  /** Full path or id of the project it belongs to. One of `project`, `group` and `instance` is given. */
  readonly project?: pulumi.Input<string | undefined>;
  /** Full path or id of the group it belongs to. */
  readonly group?: pulumi.Input<string | undefined>;
  /** True for a variable of the whole instance. */
  readonly instance?: pulumi.Input<boolean | undefined>;
  /** Its name. */
  readonly key: pulumi.Input<string>;
  /** Its environment scope; `*` when left out. */
  readonly environmentScope?: pulumi.Input<string | undefined>;
  /** Only for pipelines on protected branches and tags. */
  readonly protected?: pulumi.Input<boolean | undefined>;
  /** Hidden in job logs. */
  readonly masked?: pulumi.Input<boolean | undefined>;
  /** Masked, and never shown again. */
  readonly hidden?: pulumi.Input<boolean | undefined>;
  /** `$` is not expanded. */
  readonly raw?: pulumi.Input<boolean | undefined>;
  /** `env_var` or `file`. */
  readonly variableType?: pulumi.Input<string | undefined>;
}

/** A place in 1Password that is to hold the token. */
export interface ItemTarget {
  /** Name or uuid of the vault. */
  readonly vault: string;
  /** Title or uuid of an item that exists. */
  readonly item?: string;
  /** Label or id of the field of that item. */
  readonly field?: string;
  /** Label or id of the field's section, where several fields have the label. */
  readonly section?: string;
  /** Title of an item of its own, in the API Credential category, instead of `item` and `field`. */
  readonly newItem?: string;
}

/** A place in 1Password that is to hold the token. */
export interface ItemTargetArgs {
  /** Name or uuid of the vault. */
  readonly vault: pulumi.Input<string>;
  /** Title or uuid of an item that exists. */
  readonly item?: pulumi.Input<string | undefined>;
  /** Label or id of the field of that item. */
  readonly field?: pulumi.Input<string | undefined>;
  /** Label or id of the field's section, where several fields have the label. */
  readonly section?: pulumi.Input<string | undefined>;
  /** Title of an item of its own, in the API Credential category, instead of `item` and `field`. */
  readonly newItem?: pulumi.Input<string | undefined>;
}

/** A pipeline whose success proves a new token. */
export interface Pipeline {
  /** Full path or id of its project. */
  readonly project: string;
  /**
   * Description of the pipeline schedule to play. One of `schedule`, `ref` and `job` is given, unless `observed`
   * jobs are waited for.
   */
  readonly schedule?: string;
  /** Branch or tag to start a pipeline on. */
  readonly ref?: string;
  /** Name of the job whose newest failed run is retried. */
  readonly job?: string;
  /**
   * Start nothing: wait for it to run by itself. Without `schedule`, `ref` and `job`: for the named jobs, on the
   * default branch.
   */
  readonly observed?: boolean;
  /** Names of jobs that must each succeed themselves: a pipeline can pass although one failed. */
  readonly jobs?: string[];
  /** How long one run waits for it; then the proof is carried on by the next run. 30 when left out. */
  readonly waitMinutes?: number;
}

/** A pipeline whose success proves a new token. */
export interface PipelineArgs {
  /** Full path or id of its project. */
  readonly project: pulumi.Input<string>;
  /**
   * Description of the pipeline schedule to play. One of `schedule`, `ref` and `job` is given, unless `observed`
   * jobs are waited for.
   */
  readonly schedule?: pulumi.Input<string | undefined>;
  /** Branch or tag to start a pipeline on. */
  readonly ref?: pulumi.Input<string | undefined>;
  /** Name of the job whose newest failed run is retried. */
  readonly job?: pulumi.Input<string | undefined>;
  /**
   * Start nothing: wait for it to run by itself. Without `schedule`, `ref` and `job`: for the named jobs, on the
   * default branch.
   */
  readonly observed?: pulumi.Input<boolean | undefined>;
  /** Names of jobs that must each succeed themselves: a pipeline can pass although one failed. */
  readonly jobs?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /** How long one run waits for it; then the proof is carried on by the next run. 30 when left out. */
  readonly waitMinutes?: pulumi.Input<number | undefined>;
}

/** The hand-made token to take over as generation zero. */
export interface Adopt {
  /** GitLab's id of it. */
  readonly tokenId: number;
  /** The day at whose beginning it dies, `YYYY-MM-DD`. */
  readonly expiresAt: string;
}

/** The hand-made token to take over as generation zero. */
export interface AdoptArgs {
  /** GitLab's id of it. */
  readonly tokenId: pulumi.Input<number>;
  /** The day at whose beginning it dies, `YYYY-MM-DD`. */
  readonly expiresAt: pulumi.Input<string>;
}

/** A place that holds the token. */
export interface Consumer {
  /** `variable` or `item`. */
  readonly kind: string;
  /** Of a project's variable: full path or id of the project. */
  readonly project?: string;
  /** Of a group's variable: full path or id of the group. */
  readonly group?: string;
  /** Of a variable: its name. */
  readonly key?: string;
  /** Of a variable: its environment scope; `*` when left out. */
  readonly environmentScope?: string;
  /** Of an item: uuid of its vault. */
  readonly vaultUuid?: string;
  /** Of an item: its uuid. */
  readonly itemUuid?: string;
  /** Of an item: id of the field. */
  readonly fieldId?: string;
  /** Of an item whose ids are not known yet: name or uuid of its vault. */
  readonly vault?: string;
  /** Of such an item: its title or uuid. */
  readonly item?: string;
  /** Of such an item: label or id of the field. */
  readonly field?: string;
  /** Of such an item: label of the section that the field is in. */
  readonly section?: string;
  /** What people call the place; used in messages. */
  readonly title?: string;
}

/** A place that holds the token. */
export interface ConsumerArgs {
  /** `variable` or `item`. */
  readonly kind: pulumi.Input<string>;
  /** Of a project's variable: full path or id of the project. */
  readonly project?: pulumi.Input<string | undefined>;
  /** Of a group's variable: full path or id of the group. */
  readonly group?: pulumi.Input<string | undefined>;
  /** Of a variable: its name. */
  readonly key?: pulumi.Input<string | undefined>;
  /** Of a variable: its environment scope; `*` when left out. */
  readonly environmentScope?: pulumi.Input<string | undefined>;
  /** Of an item: uuid of its vault. */
  readonly vaultUuid?: pulumi.Input<string | undefined>;
  /** Of an item: its uuid. */
  readonly itemUuid?: pulumi.Input<string | undefined>;
  /** Of an item: id of the field. */
  readonly fieldId?: pulumi.Input<string | undefined>;
  /** Of an item whose ids are not known yet: name or uuid of its vault. */
  readonly vault?: pulumi.Input<string | undefined>;
  /** Of such an item: its title or uuid. */
  readonly item?: pulumi.Input<string | undefined>;
  /** Of such an item: label or id of the field. */
  readonly field?: pulumi.Input<string | undefined>;
  /** Of such an item: label of the section that the field is in. */
  readonly section?: pulumi.Input<string | undefined>;
  /** What people call the place; used in messages. */
  readonly title?: pulumi.Input<string | undefined>;
}

/** The token that takes over from one that is retired. */
export interface Successor {
  /** Its generation. */
  readonly generation: string;
  /** GitLab's id of it. */
  readonly tokenId: number;
  /** Its value. */
  readonly token: string;
  /** When it was proven, an instant; absent while it is not. */
  readonly provedAt?: string;
}

/** The token that takes over from one that is retired. */
export interface SuccessorArgs {
  /** Its generation. */
  readonly generation: pulumi.Input<string>;
  /** GitLab's id of it. */
  readonly tokenId: pulumi.Input<number>;
  /** Its value. */
  readonly token: pulumi.Input<string>;
  /** When it was proven, an instant; absent while it is not. */
  readonly provedAt?: pulumi.Input<string | undefined>;
}

/** What must hold before a retired token is revoked. */
export interface Retire {
  /** The token that takes over. */
  readonly successor: Successor;
  /** Days that both tokens live after the successor's proof. */
  readonly overlapDays: number;
  /** Hours that the old token must have been unused for; 0 switches this off. */
  readonly quietHours?: number;
  /**
   * Ids of the account's tokens that are to live on. Tokens of this and the successor's generation with other ids
   * are leftovers of lost answers, and are revoked as well.
   */
  readonly knownTokenIds: number[];
  /** Consumers that cannot be written, and who updates each: to be asked when the old token is still in use. */
  readonly external?: ExternalConsumer[];
}

/** What must hold before a retired token is revoked. */
export interface RetireArgs {
  /** The token that takes over. */
  readonly successor: pulumi.Input<SuccessorArgs>;
  /** Days that both tokens live after the successor's proof. */
  readonly overlapDays: pulumi.Input<number>;
  /** Hours that the old token must have been unused for; 0 switches this off. */
  readonly quietHours?: pulumi.Input<number | undefined>;
  /**
   * Ids of the account's tokens that are to live on. Tokens of this and the successor's generation with other ids
   * are leftovers of lost answers, and are revoked as well.
   */
  readonly knownTokenIds: pulumi.Input<readonly pulumi.Input<number>[]>;
  /** Consumers that cannot be written, and who updates each: to be asked when the old token is still in use. */
  readonly external?: pulumi.Input<readonly pulumi.Input<ExternalConsumerArgs>[] | undefined>;
}

/** A job that the proof looked at. */
export interface RunJob {
  /** Its name. */
  readonly name: string;
  /** GitLab's status. */
  readonly status: string;
  /** Its page. */
  readonly url: string;
  /** GitLab's reason when it failed. */
  readonly failureReason?: string;
}

/** A job that the proof looked at. */
export interface RunJobArgs {
  /** Its name. */
  readonly name: pulumi.Input<string>;
  /** GitLab's status. */
  readonly status: pulumi.Input<string>;
  /** Its page. */
  readonly url: pulumi.Input<string>;
  /** GitLab's reason when it failed. */
  readonly failureReason?: pulumi.Input<string | undefined>;
}

/** A pipeline that the proof started or found. */
export interface Run {
  /** Its project. */
  readonly project: string;
  /** What was started, in words: `schedule "…"`, `ref "…"` or `job "…"`. */
  readonly target: string;
  /** GitLab's id of it; absent while it is not there yet. */
  readonly pipelineId?: number;
  /** GitLab's id of the job, when a job was retried. */
  readonly jobId?: number;
  /** While it is not there yet: only a pipeline (or job) with a greater id counts. */
  readonly after?: number;
  /** Its page; the project's list of pipelines while it is not there yet. */
  readonly url: string;
  /** GitLab's status; `waiting` while it is not there yet. */
  readonly status: string;
  /** The named jobs, or those that failed. */
  readonly jobs: RunJob[];
  /** The pipelines that it started, and that these started. */
  readonly downstream?: RunPipeline[];
  /** What ran last with the earlier token: tells a pipeline that was red before from one that the rotation broke. */
  readonly last?: LastRun;
}

/** A pipeline that the proof started or found. */
export interface RunArgs {
  /** Its project. */
  readonly project: pulumi.Input<string>;
  /** What was started, in words: `schedule "…"`, `ref "…"` or `job "…"`. */
  readonly target: pulumi.Input<string>;
  /** GitLab's id of it; absent while it is not there yet. */
  readonly pipelineId?: pulumi.Input<number | undefined>;
  /** GitLab's id of the job, when a job was retried. */
  readonly jobId?: pulumi.Input<number | undefined>;
  /** While it is not there yet: only a pipeline (or job) with a greater id counts. */
  readonly after?: pulumi.Input<number | undefined>;
  /** Its page; the project's list of pipelines while it is not there yet. */
  readonly url: pulumi.Input<string>;
  /** GitLab's status; `waiting` while it is not there yet. */
  readonly status: pulumi.Input<string>;
  /** The named jobs, or those that failed. */
  readonly jobs: pulumi.Input<readonly pulumi.Input<RunJobArgs>[]>;
  /** The pipelines that it started, and that these started. */
  readonly downstream?: pulumi.Input<readonly pulumi.Input<RunPipelineArgs>[] | undefined>;
  /** What ran last with the earlier token: tells a pipeline that was red before from one that the rotation broke. */
  readonly last?: pulumi.Input<LastRunArgs | undefined>;
}

/** The token that was last proven by these pipelines: what is put back when a proof fails. */
export interface LastProven {
  /** Its generation. */
  readonly generation: string;
  /** Its value. */
  readonly token: string;
}

/** The token that was last proven by these pipelines: what is put back when a proof fails. */
export interface LastProvenArgs {
  /** Its generation. */
  readonly generation: pulumi.Input<string>;
  /** Its value. */
  readonly token: pulumi.Input<string>;
}

/** What ran last with the earlier token. */
export interface LastRun {
  /** GitLab's status of it when it was looked at. */
  readonly status: string;
  /** When it was made, an instant. */
  readonly at: string;
  /** Its page. */
  readonly url: string;
}

/** What ran last with the earlier token. */
export interface LastRunArgs {
  /** GitLab's status of it when it was looked at. */
  readonly status: pulumi.Input<string>;
  /** When it was made, an instant. */
  readonly at: pulumi.Input<string>;
  /** Its page. */
  readonly url: pulumi.Input<string>;
}

/**
 * What a pipeline target looked like when the places began to hold a token: only what came later can prove that
 * token.
 */
export interface Mark {
  /** Its project. */
  readonly project: string;
  /** The target, in words. */
  readonly target: string;
  /** The newest pipeline (or, where jobs are what counts, job) of then; 0 when there was none. */
  readonly after: number;
  /** The job to retry. */
  readonly retry?: number;
  /** What ran last. */
  readonly last?: LastRun;
}

/**
 * What a pipeline target looked like when the places began to hold a token: only what came later can prove that
 * token.
 */
export interface MarkArgs {
  /** Its project. */
  readonly project: pulumi.Input<string>;
  /** The target, in words. */
  readonly target: pulumi.Input<string>;
  /** The newest pipeline (or, where jobs are what counts, job) of then; 0 when there was none. */
  readonly after: pulumi.Input<number>;
  /** The job to retry. */
  readonly retry?: pulumi.Input<number | undefined>;
  /** What ran last. */
  readonly last?: pulumi.Input<LastRunArgs | undefined>;
}

/** A pipeline that the run's own one started. */
export interface RunPipeline {
  /** The job that started it. */
  readonly job: string;
  /** GitLab's status. */
  readonly status: string;
  /** Its page. */
  readonly url: string;
  /** That job may fail. */
  readonly allowFailure: boolean;
}

/** A pipeline that the run's own one started. */
export interface RunPipelineArgs {
  /** The job that started it. */
  readonly job: pulumi.Input<string>;
  /** GitLab's status. */
  readonly status: pulumi.Input<string>;
  /** Its page. */
  readonly url: pulumi.Input<string>;
  /** That job may fail. */
  readonly allowFailure: pulumi.Input<boolean>;
}

/** The tracking issue that a step tells of its failure. */
export interface StepIssue {
  /** Full path of the project that it is in. */
  readonly project: string;
  /** A person's issue, used while it is open. */
  readonly iid?: number;
  /** The fleet's id. */
  readonly fleet: string;
  /** The account's key in the declaration. */
  readonly account: string;
  /** The generation that the rotation is to; when left out, that of the account's newest issue which is open. */
  readonly generation?: string;
  /** The token is a plain user's, which rotates itself: what fails may come after the old one died. */
  readonly rotatesItself?: boolean;
}

/** The tracking issue that a step tells of its failure. */
export interface StepIssueArgs {
  /** Full path of the project that it is in. */
  readonly project: pulumi.Input<string>;
  /** A person's issue, used while it is open. */
  readonly iid?: pulumi.Input<number | undefined>;
  /** The fleet's id. */
  readonly fleet: pulumi.Input<string>;
  /** The account's key in the declaration. */
  readonly account: pulumi.Input<string>;
  /** The generation that the rotation is to; when left out, that of the account's newest issue which is open. */
  readonly generation?: pulumi.Input<string | undefined>;
  /** The token is a plain user's, which rotates itself: what fails may come after the old one died. */
  readonly rotatesItself?: pulumi.Input<boolean | undefined>;
}

/** A consumer that cannot be written from here. */
export interface ExternalConsumer {
  /** What it is. */
  readonly name: string;
  /** Who updates it: a GitLab user or group with its `@`. */
  readonly owner: string;
}

/** A consumer that cannot be written from here. */
export interface ExternalConsumerArgs {
  /** What it is. */
  readonly name: pulumi.Input<string>;
  /** Who updates it: a GitLab user or group with its `@`. */
  readonly owner: pulumi.Input<string>;
}

/** An older token of the account. */
export interface Predecessor {
  /** Its generation. */
  readonly generation: string;
  /** `previous` or `retired`. */
  readonly lifecycle: string;
  /** GitLab's id of it. */
  readonly tokenId?: number;
  /** `unminted`, `live`, `revoked` or `expired`. */
  readonly status: string;
  /** The day on which it dies. */
  readonly expiresAt: string;
}

/** An older token of the account. */
export interface PredecessorArgs {
  /** Its generation. */
  readonly generation: pulumi.Input<string>;
  /** `previous` or `retired`. */
  readonly lifecycle: pulumi.Input<string>;
  /** GitLab's id of it. */
  readonly tokenId?: pulumi.Input<number | undefined>;
  /** `unminted`, `live`, `revoked` or `expired`. */
  readonly status: pulumi.Input<string>;
  /** The day on which it dies. */
  readonly expiresAt: pulumi.Input<string>;
}

/** Whose a token is: written at the end of its description. */
export interface TokenMark {
  /** The fleet's id. */
  readonly fleet: string;
  /** The account's key in the declaration. */
  readonly account: string;
  /** The generation's name. */
  readonly generation: string;
}

/** Whose a token is: written at the end of its description. */
export interface TokenMarkArgs {
  /** The fleet's id. */
  readonly fleet: pulumi.Input<string>;
  /** The account's key in the declaration. */
  readonly account: pulumi.Input<string>;
  /** The generation's name. */
  readonly generation: pulumi.Input<string>;
}

/** A token that lives, without its value. */
export interface ListedToken {
  /** GitLab's id of it. */
  readonly id: number;
  /** Its name. */
  readonly name: string;
  /** Its scopes. */
  readonly scopes: string[];
  /** The mark at the end of its description; absent when it has none. */
  readonly mark?: TokenMark;
  /** The day (UTC, `YYYY-MM-DD`) at whose beginning it dies; absent when it never does. */
  readonly expiresAt?: string;
  /** When it was last used, an instant that GitLab writes every ten minutes at most; absent when it never was. */
  readonly lastUsedAt?: string;
}

/** A token that lives, without its value. */
export interface ListedTokenArgs {
  /** GitLab's id of it. */
  readonly id: pulumi.Input<number>;
  /** Its name. */
  readonly name: pulumi.Input<string>;
  /** Its scopes. */
  readonly scopes: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The mark at the end of its description; absent when it has none. */
  readonly mark?: pulumi.Input<TokenMarkArgs | undefined>;
  /** The day (UTC, `YYYY-MM-DD`) at whose beginning it dies; absent when it never does. */
  readonly expiresAt?: pulumi.Input<string | undefined>;
  /** When it was last used, an instant that GitLab writes every ten minutes at most; absent when it never was. */
  readonly lastUsedAt?: pulumi.Input<string | undefined>;
}

/** A token that rotated itself into another one. */
export interface Rotated {
  /** Its generation. */
  readonly generation: string;
  /** GitLab's id of it. */
  readonly tokenId: number;
  /** The day on which it would have died. */
  readonly expiresAt: string;
}

/** A token that rotated itself into another one. */
export interface RotatedArgs {
  /** Its generation. */
  readonly generation: pulumi.Input<string>;
  /** GitLab's id of it. */
  readonly tokenId: pulumi.Input<number>;
  /** The day on which it would have died. */
  readonly expiresAt: pulumi.Input<string>;
}

/** An account of the stack, as far as others must know of it. */
export interface DeclaredAccount {
  /** The account's key in the declaration. */
  readonly name: string;
  /** Its user in GitLab. */
  readonly username: string;
  /** A first token of its own was due: its places are known to be written. */
  readonly rotates: boolean;
  /** The places that it declares. */
  readonly places: Consumer[];
}

/** An account of the stack, as far as others must know of it. */
export interface DeclaredAccountArgs {
  /** The account's key in the declaration. */
  readonly name: pulumi.Input<string>;
  /** Its user in GitLab. */
  readonly username: pulumi.Input<string>;
  /** A first token of its own was due: its places are known to be written. */
  readonly rotates: pulumi.Input<boolean>;
  /** The places that it declares. */
  readonly places: pulumi.Input<readonly pulumi.Input<ConsumerArgs>[]>;
}

/** A step that failed in this run. */
export interface FailedStep {
  /** Pulumi's name of its resource. */
  readonly urn: string;
  /** What failed, in words. */
  readonly message: string;
}

/** A step that failed in this run. */
export interface FailedStepArgs {
  /** Pulumi's name of its resource. */
  readonly urn: pulumi.Input<string>;
  /** What failed, in words. */
  readonly message: pulumi.Input<string>;
}
