import type { Day, Weekday } from "../../ground/day";
import type { DeclaredPlaces } from "../../places/declared";
import type { TokenPermissions } from "../permissions/permissions";

/**
 * What a stack declares, complete: every default is filled in.
 *
 * Written as stack configuration in the namespace `pat-rotation`. Days are quoted texts such as `"2026-11-23"`, in UTC.
 */
export interface Settings {
  /**
   * Names this set of accounts in the mark at the end of each token's description, so that tokens of ours are told from
   * all others. Letters, digits, `.`, `_`, `-`; at most 60 characters. Never change it while tokens live.
   */
  readonly fleet: string;
  /** Days on which nothing rotates; rotations that fall on them move earlier. @default none */
  readonly freezes: readonly Freeze[];
  /** The rules that a plan holds the accounts against. @default every rule at its own default */
  readonly policies: Policies;
  /**
   * How many accounts rotate in a run, of which there is one a day. The others wait for the next day from Monday to Friday
   * outside freezes; those go first whose token dies first, and one whose token dies before the next day never waits.
   * @default no limit
   */
  readonly maxRotationsPerRun?: number;
  /**
   * The day from which the instance or the top-level group refuses legacy tokens, as `npm run doctor` tells it: plan and health
   * name the accounts that it ends. @default none is known
   */
  readonly legacyTokensEnd?: Day;
  /**
   * Whether each preview and each update asks GitLab for the tokens of every account: one list each. A current token that
   * is found dead is then minted anew in the same run. @default false
   */
  readonly health: boolean;
  /** The service accounts whose tokens are rotated. At least one. */
  readonly accounts: readonly AccountDeclaration[];
}

/** A stretch of days on which nothing rotates, unless a token would otherwise run out. */
export interface Freeze {
  /** First day of the freeze. */
  readonly from: Day;
  /** Last day of the freeze, itself frozen. */
  readonly to: Day;
  /** Told where a date explains itself. @default none */
  readonly reason?: string;
}

/** One service account, its token, and every place that holds the token. */
export interface AccountDeclaration extends DeclaredPlaces {
  /**
   * Key of the account in resource names and marks: letters, digits, `.`, `_`, `-`; at most 60 characters. Unique.
   * To change it, give the old one in `formerly`.
   */
  readonly name: string;
  /**
   * The name this account had before. It stands in the marks of the tokens that were minted until then: leave it here while
   * one of them lives. @default none
   */
  readonly formerly?: string;
  /** The GitLab user that the token acts as. */
  readonly account: AccountUser;
  /** What each token is called and may do. */
  readonly token: TokenSettings;
  /** When a new token takes over. */
  readonly rotation: Rotation;
  /** The token made by hand that is in use when this declaration begins. @default none */
  readonly adopt?: Adoption;
  /**
   * A generation, such as `"2026-11-23"` or `adopted`, that stays current, or becomes so again, although later ones have
   * opened. The hold ends by itself `rotation.marginDays` before that token expires: consumers must not be left with a dead
   * token. @default none
   */
  readonly holdAt?: string;
  /** Generations whose token leaked. @default none */
  readonly compromised: readonly Compromise[];
  /** Proofs that gave up and are taken up: each allows as many attempts again. @default none */
  readonly retries: readonly Retry[];
  /** Consumers that cannot be written from here: told, and waited for. @default none */
  readonly external: readonly ExternalConsumer[];
  /** Pipelines that must pass with the new token before the old one is revoked. @default none */
  readonly proof: readonly PipelineDeclaration[];
  /** Where rotations are announced and reported. @default none */
  readonly issue?: Issue;
  /**
   * Ends the account: the next run revokes every token of ours that it has, whoever still uses one, and leaves the places as
   * they are. After that the block may go. @default none
   */
  readonly decommission?: Decommission;
  /**
   * What happens to a token that lives when its account leaves the declaration: `refuse` fails, `revoke` revokes it,
   * `release` leaves it alive and forgets it. @default "refuse"
   */
  readonly onRemoval: OnRemoval;
}

/** The end of an account. */
export interface Decommission {
  /** Why; told wherever its generations explain themselves. */
  readonly reason: string;
}

/** See {@link AccountDeclaration.onRemoval}. */
export type OnRemoval = "refuse" | "revoke" | "release";

/** A service account, a plain user, or the group or project itself. Exactly one of `group`, `project`, `instance` and `self`. */
export interface AccountUser {
  /** Full path of the group that owns the account, such as `security`. */
  readonly group?: string;
  /** Full path of the project that owns the account. */
  readonly project?: string;
  /** The account belongs to the instance: a self-managed GitLab, with an administrator's credential. */
  readonly instance?: true;
  /**
   * A plain user, whose token nobody else may make: it rotates itself. GitLab revokes the old token in the same moment, so
   * there is no overlap and no way back. Its scopes have `api` or `self_rotate`; `adopt` names the token in use; the first of
   * `onePassword` names the field that holds it, where the new one is stored before anything else. GitLab keeps the name, the
   * description and the scopes.
   */
  readonly self?: true;
  /**
   * A plain user mints its next token itself, beside the one in use, as GitLab lets it from 19.2 on: so there is an overlap, and a
   * way back. Only with `self` and `token.permissions`, among them `create_personal_access_token`, `read_personal_access_token` and
   * `revoke_personal_access_token` for `user`. The first of `onePassword` names the field of an item that exists, which holds the
   * token in use: with that the user's tokens are made, listed and revoked. @default it rotates itself, without an overlap
   */
  readonly mints?: true;
  /** Username, without `@`; empty with `accessToken`, where each token has a bot of its own. */
  readonly username: string;
  /**
   * The tokens are access tokens of the group or project itself (GitLab's group access token, project access token), in place
   * of a service account's: GitLab makes a bot with each of them, and this is its role there. Only with `group` or `project`,
   * and without `username` and `own`; they have `scopes`, no `permissions`. @default the tokens of a service account
   */
  readonly accessToken?: (typeof accessTokenRoles)[number];
  /**
   * The stack owns the service account itself: it is made when there is none of that user name, and taken over otherwise. It
   * is never deleted. @default none: the account is there already
   */
  readonly own?: OwnAccount;
}

/** The roles that the bot of a group's or project's access token may have. */
export const accessTokenRoles = ["guest", "planner", "reporter", "developer", "maintainer", "owner"] as const;

/** A service account that the stack makes and keeps. */
export interface OwnAccount {
  /** The name, as people see it; an edit renames the account. At most 255 characters. */
  readonly name: string;
  /** Where it is a member. One that is no longer declared stays. @default none */
  readonly memberships: readonly Membership[];
}

/** A membership of a group or of a project. Exactly one of `group` and `project`. */
export interface Membership {
  /** Full path of the group. */
  readonly group?: string;
  /** Full path of the project. */
  readonly project?: string;
  /** GitLab's access level, the least that does the work. */
  readonly accessLevel: (typeof membershipLevels)[number];
  /** The day on which the membership ends. @default never */
  readonly expiresAt?: Day;
}

/** The access levels that a membership may have. */
export const membershipLevels = [
  "minimal",
  "guest",
  "planner",
  "reporter",
  "developer",
  "maintainer",
  "owner",
] as const;

/** What each token is called and may do. An edit takes effect with the next generation. */
export interface TokenSettings {
  /** GitLab's name of the token, the same for every generation. At most 255 characters. */
  readonly name: string;
  /**
   * GitLab's description. The mark ` [<fleet>/<account>/<generation>]` is put at its end; together at most 255
   * characters. @default ""
   */
  readonly description: string;
  /**
   * GitLab's scopes of a legacy token, the least that do the work, such as `read_api`. At least one; not with `permissions`,
   * where GitLab shows the only scope `granular`.
   */
  readonly scopes: readonly string[];
  /**
   * What a fine-grained token may do, the least that does the work; not with `scopes`. GitLab takes from 19.2 on what the
   * account is itself a member of. `read_personal_access_token` for `user` is among them: without it nobody can ask a token
   * who it is. @default none: a legacy token
   */
  readonly permissions?: readonly TokenPermissions[];
  /** Why legacy tokens follow fine-grained ones, which no run does without it. Not shown in GitLab. @default none */
  readonly legacyReason?: string;
  /**
   * Why it needs a scope as wide as `api`, for those who review it; see {@link Policies.wideScopes}. Not shown in GitLab.
   * @default none
   */
  readonly scopeReason?: string;
}

/**
 * When a new token takes over: `startsOn`, then every so many days or months, plus the extra dates.
 *
 * What is to come may be edited freely. An edit that takes a generation whose token lives out of the calendar fails the
 * account until that date stands among `extraDates`, or the edit is taken back.
 */
export interface Rotation {
  /** Day of the first generation. Moved earlier, as every rotation, when it is no allowed day. */
  readonly startsOn: Day;
  /** Days from one rotation to the next, counted from `startsOn`. 1 to 3650. Not with `everyMonths`. @default 336 */
  readonly everyDays?: number;
  /**
   * Months from one rotation to the next, counted from `startsOn`, whose day of the month is kept; a month that lacks it
   * gives its last day. 1 to 120. Not with `everyDays`. @default none
   */
  readonly everyMonths?: number;
  /** The day of the week on which rotations fall, by moving earlier; `any` to leave them. @default "monday" */
  readonly weekday: Weekday | "any";
  /**
   * Days for which the old token stays alive beside the new one. At least 1; none where a token rotates itself.
   * @default 7, or the longest `usedEvery` of `external` where that is more
   */
  readonly overlapDays: number;
  /** Days from a token's date to its expiry. At most 365; up to 400 where the instance allows it. @default 365 */
  readonly lifetimeDays: number;
  /**
   * Days that must be left of a token when its overlap ends, so that missed runs and red pipelines cost nobody access. At
   * least 1. A gap between rotations is at most `lifetimeDays - overlapDays - marginDays`: where the dates leave a longer
   * one, a rotation is inserted. @default 14, or a quarter of `lifetimeDays` where that is less
   */
  readonly marginDays: number;
  /**
   * Hours for which GitLab must have seen no use of the old token before it is revoked; 0 to revoke without looking. Whoever
   * uses it more often than that, and was forgotten in the declaration, is noticed before it breaks. Not less than the longest
   * `usedEvery` of `external`. @default the hours of `overlapDays`, or the longest `usedEvery` of `external` where that is more
   */
  readonly quietHours: number;
  /**
   * Rotations beside the regular ones, on exactly these days: a leak, a person who left. They open a generation of their
   * own, also on a day that has one. Days before `startsOn` are fine: so the dates of a calendar that was changed stay
   * declared while their tokens live. Each `compromised` entry with `on` is added here. @default none
   */
  readonly extraDates: readonly ExtraDate[];
}

/** A rotation beside the regular ones. */
export interface ExtraDate {
  /** The day; never moved. */
  readonly date: Day;
  /** Told where the date explains itself. @default none */
  readonly reason?: string;
}

/** The hand-made token that the first generation replaces: generation `adopted`. */
export interface Adoption {
  /** GitLab's id of the token (a number, as in its list of tokens; never the token itself). */
  readonly tokenId: number;
  /** Day on which it expires: dead from 00:00 UTC. */
  readonly expiresAt: Day;
}

/** A proof that gave up is taken up: its cause is mended. */
export interface Retry {
  /** The generation whose token is tried again. */
  readonly generation: string;
  /** The day on which that was asked for; a later one asks for it once more. */
  readonly on: Day;
  /** What was mended, in a sentence. */
  readonly reason: string;
}

/**
 * A generation whose token leaked. Once another generation is current, its token is revoked without overlap, in this order:
 * the new token is minted and tested, every place holds it, the leaked one is revoked whoever uses it, and only then the
 * pipelines run. When these fail, the leaked value is not put back. By itself this opens nothing: say `on` to have a new
 * generation opened.
 */
export interface Compromise {
  /** Name of the generation, such as `"2026-11-23"` or `adopted`. */
  readonly generation: string;
  /** Why; told where the dates explain themselves. */
  readonly reason: string;
  /** Day on which a new generation opens to replace it, usually today. @default none: the next date replaces it */
  readonly on?: Day;
}

/** A consumer that cannot be written from here. */
export interface ExternalConsumer {
  /** What it is: `laptop of the on-call`. */
  readonly name: string;
  /** Who updates it: a GitLab user or group with its `@`. */
  readonly owner: string;
  /**
   * How often it uses the token at least, in hours (`12h`) or days (`30d`). Prolongs `overlapDays` and
   * `quietHours`. @default none
   */
  readonly usedEvery?: string;
}

/** A pipeline that proves the token. Exactly one of `schedule`, `ref`, `job` and `observed`; `observed` may have a `ref`. */
export interface PipelineDeclaration {
  /** Full path of the project. */
  readonly project: string;
  /** Description of a pipeline schedule to play. */
  readonly schedule?: string;
  /** Branch or tag to start a pipeline for; where it is `observed`, the one that counts. */
  readonly ref?: string;
  /** Name of a job whose newest failed run is retried. */
  readonly job?: string;
  /** Start nothing; wait until the named `jobs` have run by themselves on `ref`. @default on the default branch */
  readonly observed?: true;
  /**
   * Jobs that must themselves succeed. When they have, they prove the token, whatever else the pipeline waits for, such as a
   * manual job. @default none: the pipeline's own status counts
   */
  readonly jobs: readonly string[];
  /**
   * How long a run waits before it leaves the proof to the next run. 1 to 1440 minutes. @default 30, or 1 where it is
   * observed
   */
  readonly waitMinutes: number;
}

/** Where rotations are announced and reported. */
export interface Issue {
  /** Full path of the project. */
  readonly project: string;
  /** An issue that exists, used for the next rotation. @default none: one is opened */
  readonly iid?: number;
  /** Days before a rotation at which it is announced. 0 to 365. @default 30 */
  readonly noticeDays: number;
  /** Whether issues that are opened are for the project's reporters and up only. @default true */
  readonly confidential: boolean;
  /** Labels of issues that are opened. @default none */
  readonly labels: readonly string[];
  /** GitLab users and groups to mention, each with its `@`. @default none */
  readonly notify: readonly string[];
}

/** The names of the rules, as exceptions and findings give them. */
export const policyNames = [
  "longest-lifetime",
  "least-overlap",
  "proof-for-every-consumer",
  "scope-reason",
  "masked-variables",
  "concealed-fields",
  "vault-for-every-token",
  "allowed-targets",
] as const;

/** One of {@link policyNames}. */
export type PolicyName = (typeof policyNames)[number];

/**
 * The rules that every account of the stack is held against by the plan; a run does not look at them.
 *
 * They stand beside the accounts, never inside one, and so do the exceptions: where accounts live in files of their own,
 * the owners of those files cannot loosen the rules that bind them.
 */
export interface Policies {
  /** `longest-lifetime`: the longest `lifetimeDays`. 1 to 400. @default 365 */
  readonly longestLifetimeDays: number;
  /** `least-overlap`: the least `overlapDays`. 1 to 398. A week lets every weekly consumer run once. @default 7 */
  readonly leastOverlapDays: number;
  /**
   * `scope-reason`: scopes for which the account must give `token.scopeReason`; an empty list for none.
   * @default api, sudo, admin_mode
   */
  readonly wideScopes: readonly string[];
  /**
   * `allowed-targets`: where tokens may go beside the group (or the project) that owns their account, which is always
   * allowed with all below it. @default none
   */
  readonly allowedTargets: readonly AllowedTargets[];
  /** Accounts that one rule does not bind, for a time. @default none */
  readonly exceptions: readonly PolicyException[];
}

/** Where the tokens of some accounts may go. Exactly one of `group`, `project`, `instance` and `self`. */
export interface AllowedTargets {
  /** For accounts owned by this group, or by a group or project below it. */
  readonly group?: string;
  /** For accounts owned by this project. */
  readonly project?: string;
  /** For accounts of the instance. */
  readonly instance?: true;
  /** For plain users, whose tokens rotate themselves. */
  readonly self?: true;
  /** Full paths of groups, each with all below it, and of projects. @default none */
  readonly targets: readonly string[];
  /** The vaults that may hold these tokens, by the name or UUID that accounts give. @default any */
  readonly vaults?: readonly string[];
}

/** An account that one rule does not bind, for a time. */
export interface PolicyException {
  /** Name of the account. */
  readonly account: string;
  /** Name of the rule. */
  readonly policy: PolicyName;
  /** Why; told wherever the exception is. */
  readonly reason: string;
  /** The last day on which it holds. */
  readonly until: Day;
}
