// Generated from providers/runbook/schema.json by `npm run sdks`: change that file instead.
import * as pulumi from "@pulumi/pulumi";
import type * as types from "./types";

export type * as types from "./types";

/** The provider's version: with it the engine finds the plugin. */
const version = "0.1.0";

/**
 * A service account, or a plain user: looked up, guarded against a rewritten history, and checked before a
 * generation opens.
 */
export class Account extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "runbook:index:Account";

  /** The state of a Account that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Account {
    return new Account(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a Account, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is Account {
    return (
      typeof obj === "object" && obj !== null && "__pulumiType" in obj && obj.__pulumiType === Account.__pulumiType
    );
  }

  /** The account's key in the declaration. */
  declare readonly account: pulumi.Output<string>;
  /** The fleet's id, part of the mark that each token's description ends with. */
  declare readonly fleet: pulumi.Output<string>;
  /**
   * Full path or id of the group that owns the account. Exactly one of `group`, `project`, `instance` and `self` is
   * given.
   */
  declare readonly group: pulumi.Output<string | undefined>;
  /** Full path or id of the project that owns the account. */
  declare readonly project: pulumi.Output<string | undefined>;
  /** True for an account of the whole instance; takes an administrator's credential. */
  declare readonly instance: pulumi.Output<boolean | undefined>;
  /** True for a plain user, whose token nobody else may make: it rotates itself. */
  declare readonly self: pulumi.Output<boolean | undefined>;
  /** The account's user name. */
  declare readonly username: pulumi.Output<string>;
  /** The scopes that its tokens get. */
  declare readonly scopes: pulumi.Output<string[]>;
  /** The generations that exist on the day of the run. */
  declare readonly generations: pulumi.Output<types.Generation[]>;
  /** The CI/CD variables that are to hold the token. */
  declare readonly variables: pulumi.Output<types.Variable[]>;
  /** The places in 1Password that are to hold the token. */
  declare readonly items: pulumi.Output<types.ItemTarget[]>;
  /** The pipelines whose success proves a token. */
  declare readonly pipelines: pulumi.Output<types.Pipeline[]>;
  /** The hand-made token to take over. */
  declare readonly adopt: pulumi.Output<types.Adopt | undefined>;
  /** GitLab's name of the token; for a plain user's, which keeps it when it rotates itself. */
  declare readonly tokenName: pulumi.Output<string | undefined>;
  /** The generations whose token leaked: none of them is ever in use again. */
  declare readonly compromised: pulumi.Output<types.Compromise[] | undefined>;
  /** GitLab's id of the account's user. */
  declare readonly userId: pulumi.Output<number>;
  /** The generations that were opened and have not expired: the history that no edit may rewrite. */
  declare readonly opened: pulumi.Output<types.Opened[]>;
  /** The tracking issue that is told of a failure; none when left out. */
  declare readonly issue: pulumi.Output<types.StepIssue | undefined>;
  /** What is wrong with the account's declaration: it fails, with nothing looked up or changed. None when left out. */
  declare readonly faults: pulumi.Output<string[] | undefined>;
  /** The account's number where the stack owns it: one that is not made yet is not looked for in a preview. */
  declare readonly serviceAccountId: pulumi.Output<string | undefined>;
  /**
   * Inside an `Account` component: what stopped this step, or a step before it; empty when nothing did. A step of
   * its own fails instead.
   */
  declare readonly fault: pulumi.Output<string>;
  /**
   * The day (UTC, `YYYY-MM-DD`) of the account's first rotation, while that is to come: what its places hold until
   * then must live so long.
   */
  declare readonly beginsOn: pulumi.Output<string | undefined>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: AccountArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      account: undefined,
      fleet: undefined,
      group: undefined,
      project: undefined,
      instance: undefined,
      self: undefined,
      username: undefined,
      scopes: undefined,
      generations: undefined,
      variables: undefined,
      items: undefined,
      pipelines: undefined,
      adopt: undefined,
      tokenName: undefined,
      compromised: undefined,
      userId: undefined,
      opened: undefined,
      issue: undefined,
      faults: undefined,
      serviceAccountId: undefined,
      fault: undefined,
      beginsOn: undefined,
    };
    if (opts.id === undefined) {
      if (args?.account === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Account "${name}": the property "account" is missing; it is required.`);
      }
      if (args?.fleet === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Account "${name}": the property "fleet" is missing; it is required.`);
      }
      if (args?.username === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Account "${name}": the property "username" is missing; it is required.`);
      }
      if (args?.scopes === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Account "${name}": the property "scopes" is missing; it is required.`);
      }
      if (args?.generations === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Account "${name}": the property "generations" is missing; it is required.`);
      }
      if (args?.variables === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Account "${name}": the property "variables" is missing; it is required.`);
      }
      if (args?.items === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Account "${name}": the property "items" is missing; it is required.`);
      }
      if (args?.pipelines === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Account "${name}": the property "pipelines" is missing; it is required.`);
      }
      Object.assign(inputs, {
        account: args?.account,
        fleet: args?.fleet,
        group: args?.group,
        project: args?.project,
        instance: args?.instance,
        self: args?.self,
        username: args?.username,
        scopes: args?.scopes,
        generations: args?.generations,
        variables: args?.variables,
        items: args?.items,
        pipelines: args?.pipelines,
        adopt: args?.adopt,
        tokenName: args?.tokenName,
        compromised: args?.compromised,
        issue: args?.issue,
        faults: args?.faults,
        serviceAccountId: args?.serviceAccountId,
        stoppedBy: args?.stoppedBy,
        beginsOn: args?.beginsOn,
      });
    }
    super(Account.__pulumiType, name, inputs, pulumi.mergeOptions({ version }, opts));
  }
}

/** What a {@link Account} is made with. */
export interface AccountArgs {
  /** The account's key in the declaration. */
  readonly account: pulumi.Input<string>;
  /** The fleet's id, part of the mark that each token's description ends with. */
  readonly fleet: pulumi.Input<string>;
  /**
   * Full path or id of the group that owns the account. Exactly one of `group`, `project`, `instance` and `self` is
   * given.
   */
  readonly group?: pulumi.Input<string | undefined>;
  /** Full path or id of the project that owns the account. */
  readonly project?: pulumi.Input<string | undefined>;
  /** True for an account of the whole instance; takes an administrator's credential. */
  readonly instance?: pulumi.Input<boolean | undefined>;
  /** True for a plain user, whose token nobody else may make: it rotates itself. */
  readonly self?: pulumi.Input<boolean | undefined>;
  /** The account's user name. */
  readonly username: pulumi.Input<string>;
  /** The scopes that its tokens get. */
  readonly scopes: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The generations that exist on the day of the run. */
  readonly generations: pulumi.Input<readonly pulumi.Input<types.GenerationArgs>[]>;
  /** The CI/CD variables that are to hold the token. */
  readonly variables: pulumi.Input<readonly pulumi.Input<types.VariableArgs>[]>;
  /** The places in 1Password that are to hold the token. */
  readonly items: pulumi.Input<readonly pulumi.Input<types.ItemTargetArgs>[]>;
  /** The pipelines whose success proves a token. */
  readonly pipelines: pulumi.Input<readonly pulumi.Input<types.PipelineArgs>[]>;
  /** The hand-made token to take over. */
  readonly adopt?: pulumi.Input<types.AdoptArgs | undefined>;
  /** GitLab's name of the token; for a plain user's, which keeps it when it rotates itself. */
  readonly tokenName?: pulumi.Input<string | undefined>;
  /** The generations whose token leaked: none of them is ever in use again. */
  readonly compromised?: pulumi.Input<readonly pulumi.Input<types.CompromiseArgs>[] | undefined>;
  /** The tracking issue that is told of a failure; none when left out. */
  readonly issue?: pulumi.Input<types.StepIssueArgs | undefined>;
  /** What is wrong with the account's declaration: it fails, with nothing looked up or changed. None when left out. */
  readonly faults?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /** The account's number where the stack owns it: one that is not made yet is not looked for in a preview. */
  readonly serviceAccountId?: pulumi.Input<string | undefined>;
  /** What an earlier step of the account failed of: then this one does nothing. Empty or left out: nothing failed. */
  readonly stoppedBy?: pulumi.Input<string | undefined>;
  /**
   * The day (UTC, `YYYY-MM-DD`) of the account's first rotation, while that is to come: what its places hold until
   * then must live so long.
   */
  readonly beginsOn?: pulumi.Input<string | undefined>;
}

/**
 * One generation of an account's personal access token: minted once, kept while the dates want it. Its end is a
 * `Retirement`.
 */
export class PersonalAccessToken extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "runbook:index:PersonalAccessToken";

  /** The state of a PersonalAccessToken that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): PersonalAccessToken {
    return new PersonalAccessToken(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a PersonalAccessToken, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is PersonalAccessToken {
    return (
      typeof obj === "object" &&
      obj !== null &&
      "__pulumiType" in obj &&
      obj.__pulumiType === PersonalAccessToken.__pulumiType
    );
  }

  /** The account's key in the declaration. */
  declare readonly account: pulumi.Output<string>;
  /** The key that the account had before: tokens whose mark has it are the account's as well. */
  declare readonly formerly: pulumi.Output<string | undefined>;
  /** The fleet's id, part of the mark that each token's description ends with. */
  declare readonly fleet: pulumi.Output<string>;
  /** Full path or id of the group that owns the account. Exactly one of `group`, `project` and `instance` is given. */
  declare readonly group: pulumi.Output<string | undefined>;
  /** Full path or id of the project that owns the account. */
  declare readonly project: pulumi.Output<string | undefined>;
  /** True for an account of the whole instance; takes an administrator's credential. */
  declare readonly instance: pulumi.Output<boolean | undefined>;
  /** The generation's name. */
  declare readonly generation: pulumi.Output<string>;
  /** GitLab's id of the account's user. */
  declare readonly userId: pulumi.Output<number>;
  /** The token's name. Fixed once minted, like description, scopes and expiry. */
  declare readonly name: pulumi.Output<string>;
  /** The token's description; the mark is put behind it. */
  declare readonly description: pulumi.Output<string>;
  /** The token's scopes. */
  declare readonly scopes: pulumi.Output<string[]>;
  /** The day (UTC, `YYYY-MM-DD`) at whose beginning the token dies. */
  declare readonly expiresAt: pulumi.Output<string>;
  /**
   * What the dates ask for: `current` (minted once), `previous` (left alone) or `retired` (left to its
   * `Retirement`).
   */
  declare readonly lifecycle: pulumi.Output<string>;
  /** Take over the token of this id instead of minting one. */
  declare readonly adoptTokenId: pulumi.Output<number | undefined>;
  /** The places that hold the account's token: read to get to know an adopted token's value. */
  declare readonly consumers: pulumi.Output<types.Consumer[] | undefined>;
  /**
   * What happens to a token that lives when its declaration is removed: `refuse`, `revoke` or `release` (left alive,
   * forgotten).
   */
  declare readonly onRemoval: pulumi.Output<string>;
  /** GitLab's id of the token; absent while it is not minted. */
  declare readonly tokenId: pulumi.Output<number | undefined>;
  /** The token's value, where it is known. Kept in the state, encrypted, until the generation's expiry. */
  declare readonly token: pulumi.Output<string | undefined>;
  /** When GitLab made it, an instant. */
  declare readonly mintedAt: pulumi.Output<string | undefined>;
  /** `unminted`, `live`, `revoked` or `expired`. */
  declare readonly status: pulumi.Output<string>;
  /** A retirement of the time when tokens retired themselves had looked for leftovers of lost answers. */
  declare readonly swept: pulumi.Output<boolean | undefined>;
  /** The tracking issue that is told of a failure; none when left out. */
  declare readonly issue: pulumi.Output<types.StepIssue | undefined>;
  /**
   * Inside an `Account` component: what stopped this step, or a step before it; empty when nothing did. A step of
   * its own fails instead.
   */
  declare readonly fault: pulumi.Output<string>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: PersonalAccessTokenArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      account: undefined,
      formerly: undefined,
      fleet: undefined,
      group: undefined,
      project: undefined,
      instance: undefined,
      generation: undefined,
      userId: undefined,
      name: undefined,
      description: undefined,
      scopes: undefined,
      expiresAt: undefined,
      lifecycle: undefined,
      adoptTokenId: undefined,
      consumers: undefined,
      onRemoval: undefined,
      tokenId: undefined,
      token: undefined,
      mintedAt: undefined,
      status: undefined,
      swept: undefined,
      issue: undefined,
      fault: undefined,
    };
    if (opts.id === undefined) {
      if (args?.account === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the PersonalAccessToken "${name}": the property "account" is missing; it is required.`,
        );
      }
      if (args?.fleet === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the PersonalAccessToken "${name}": the property "fleet" is missing; it is required.`,
        );
      }
      if (args?.generation === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the PersonalAccessToken "${name}": the property "generation" is missing; it is required.`,
        );
      }
      if (args?.userId === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the PersonalAccessToken "${name}": the property "userId" is missing; it is required.`,
        );
      }
      if (args?.name === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the PersonalAccessToken "${name}": the property "name" is missing; it is required.`);
      }
      if (args?.description === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the PersonalAccessToken "${name}": the property "description" is missing; it is required.`,
        );
      }
      if (args?.scopes === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the PersonalAccessToken "${name}": the property "scopes" is missing; it is required.`,
        );
      }
      if (args?.expiresAt === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the PersonalAccessToken "${name}": the property "expiresAt" is missing; it is required.`,
        );
      }
      if (args?.lifecycle === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the PersonalAccessToken "${name}": the property "lifecycle" is missing; it is required.`,
        );
      }
      Object.assign(inputs, {
        account: args?.account,
        formerly: args?.formerly,
        fleet: args?.fleet,
        group: args?.group,
        project: args?.project,
        instance: args?.instance,
        generation: args?.generation,
        userId: args?.userId,
        name: args?.name,
        description: args?.description,
        scopes: args?.scopes,
        expiresAt: args?.expiresAt,
        lifecycle: args?.lifecycle,
        adoptTokenId: args?.adoptTokenId,
        consumers: args?.consumers,
        onRemoval: args?.onRemoval ?? "refuse",
        issue: args?.issue,
        liveTokenIds: args?.liveTokenIds,
        renewDays: args?.renewDays,
        stoppedBy: args?.stoppedBy,
      });
    }
    super(
      PersonalAccessToken.__pulumiType,
      name,
      inputs,
      pulumi.mergeOptions({ version, additionalSecretOutputs: ["token"] }, opts),
    );
  }
}

/** What a {@link PersonalAccessToken} is made with. */
export interface PersonalAccessTokenArgs {
  /** The account's key in the declaration. */
  readonly account: pulumi.Input<string>;
  /** The key that the account had before: tokens whose mark has it are the account's as well. */
  readonly formerly?: pulumi.Input<string | undefined>;
  /** The fleet's id, part of the mark that each token's description ends with. */
  readonly fleet: pulumi.Input<string>;
  /** Full path or id of the group that owns the account. Exactly one of `group`, `project` and `instance` is given. */
  readonly group?: pulumi.Input<string | undefined>;
  /** Full path or id of the project that owns the account. */
  readonly project?: pulumi.Input<string | undefined>;
  /** True for an account of the whole instance; takes an administrator's credential. */
  readonly instance?: pulumi.Input<boolean | undefined>;
  /** The generation's name. */
  readonly generation: pulumi.Input<string>;
  /** GitLab's id of the account's user. */
  readonly userId: pulumi.Input<number>;
  /** The token's name. Fixed once minted, like description, scopes and expiry. */
  readonly name: pulumi.Input<string>;
  /** The token's description; the mark is put behind it. */
  readonly description: pulumi.Input<string>;
  /** The token's scopes. */
  readonly scopes: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The day (UTC, `YYYY-MM-DD`) at whose beginning the token dies. */
  readonly expiresAt: pulumi.Input<string>;
  /**
   * What the dates ask for: `current` (minted once), `previous` (left alone) or `retired` (left to its
   * `Retirement`).
   */
  readonly lifecycle: pulumi.Input<string>;
  /** Take over the token of this id instead of minting one. */
  readonly adoptTokenId?: pulumi.Input<number | undefined>;
  /** The places that hold the account's token: read to get to know an adopted token's value. */
  readonly consumers?: pulumi.Input<readonly pulumi.Input<types.ConsumerArgs>[] | undefined>;
  /**
   * What happens to a token that lives when its declaration is removed: `refuse`, `revoke` or `release` (left alive,
   * forgotten).
   */
  readonly onRemoval?: pulumi.Input<string | undefined>;
  /** The tracking issue that is told of a failure; none when left out. */
  readonly issue?: pulumi.Input<types.StepIssueArgs | undefined>;
  /**
   * The ids of all tokens of the account that live, as GitLab listed them in this run. A current or previous token
   * that is not among them was revoked by somebody: a current one is minted anew. Left out: nobody looked.
   */
  readonly liveTokenIds?: pulumi.Input<readonly pulumi.Input<number>[] | undefined>;
  /**
   * Days before its real expiry from which a current token is replaced within its generation, when the declaration
   * says that it lives longer than GitLab does. Left out: never.
   */
  readonly renewDays?: pulumi.Input<number | undefined>;
  /** What an earlier step of the account failed of: then this one does nothing. Empty or left out: nothing failed. */
  readonly stoppedBy?: pulumi.Input<string | undefined>;
}

/**
 * The end of a token: revoked when its successor is proven, in place and old enough, and no declared place of any
 * account holds it; until then held, with the reason.
 */
export class Retirement extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "runbook:index:Retirement";

  /** The state of a Retirement that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Retirement {
    return new Retirement(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a Retirement, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is Retirement {
    return (
      typeof obj === "object" && obj !== null && "__pulumiType" in obj && obj.__pulumiType === Retirement.__pulumiType
    );
  }

  /** The account's key in the declaration. */
  declare readonly account: pulumi.Output<string>;
  /** The key that the account had before: tokens whose mark has it are the account's as well. */
  declare readonly formerly: pulumi.Output<string | undefined>;
  /** The fleet's id, part of the mark that each token's description ends with. */
  declare readonly fleet: pulumi.Output<string>;
  /** Full path or id of the group that owns the account. Exactly one of `group`, `project` and `instance` is given. */
  declare readonly group: pulumi.Output<string | undefined>;
  /** Full path or id of the project that owns the account. */
  declare readonly project: pulumi.Output<string | undefined>;
  /** True for an account of the whole instance; takes an administrator's credential. */
  declare readonly instance: pulumi.Output<boolean | undefined>;
  /** The generation's name. */
  declare readonly generation: pulumi.Output<string>;
  /** GitLab's id of the account's user. */
  declare readonly userId: pulumi.Output<number>;
  /** GitLab's id of the token; absent when none was minted: then only leftovers of lost answers are looked for. */
  declare readonly tokenId: pulumi.Output<number | undefined>;
  /** What became of the token: `live`, `revoked`, `expired`, or `unminted` when there was none. */
  declare readonly status: pulumi.Output<string>;
  /** Why it still lives; empty when it does not. */
  declare readonly hold: pulumi.Output<string>;
  /** Leftovers of lost answers were looked for, and revoked. */
  declare readonly swept: pulumi.Output<boolean>;
  /** When it was revoked by this step, an instant. */
  declare readonly revokedAt: pulumi.Output<string | undefined>;
  /**
   * Inside an `Account` component: what stopped this step, or a step before it; empty when nothing did. A step of
   * its own fails instead.
   */
  declare readonly fault: pulumi.Output<string>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: RetirementArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      account: undefined,
      formerly: undefined,
      fleet: undefined,
      group: undefined,
      project: undefined,
      instance: undefined,
      generation: undefined,
      userId: undefined,
      tokenId: undefined,
      status: undefined,
      hold: undefined,
      swept: undefined,
      revokedAt: undefined,
      fault: undefined,
    };
    if (opts.id === undefined) {
      if (args?.account === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Retirement "${name}": the property "account" is missing; it is required.`);
      }
      if (args?.fleet === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Retirement "${name}": the property "fleet" is missing; it is required.`);
      }
      if (args?.generation === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Retirement "${name}": the property "generation" is missing; it is required.`);
      }
      if (args?.userId === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Retirement "${name}": the property "userId" is missing; it is required.`);
      }
      if (args?.expiresAt === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Retirement "${name}": the property "expiresAt" is missing; it is required.`);
      }
      if (args?.status === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Retirement "${name}": the property "status" is missing; it is required.`);
      }
      Object.assign(inputs, {
        account: args?.account,
        formerly: args?.formerly,
        fleet: args?.fleet,
        group: args?.group,
        project: args?.project,
        instance: args?.instance,
        generation: args?.generation,
        userId: args?.userId,
        tokenId: args?.tokenId,
        token: args?.token === undefined ? undefined : pulumi.secret(args.token),
        expiresAt: args?.expiresAt,
        status: args?.status,
        swept: args?.swept,
        adoptTokenId: args?.adoptTokenId,
        leaked: args?.leaked,
        decommission: args?.decommission,
        consumers: args?.consumers,
        retire: args?.retire,
        issue: args?.issue,
        stoppedBy: args?.stoppedBy,
      });
    }
    super(Retirement.__pulumiType, name, inputs, pulumi.mergeOptions({ version }, opts));
  }
}

/** What a {@link Retirement} is made with. */
export interface RetirementArgs {
  /** The account's key in the declaration. */
  readonly account: pulumi.Input<string>;
  /** The key that the account had before: tokens whose mark has it are the account's as well. */
  readonly formerly?: pulumi.Input<string | undefined>;
  /** The fleet's id, part of the mark that each token's description ends with. */
  readonly fleet: pulumi.Input<string>;
  /** Full path or id of the group that owns the account. Exactly one of `group`, `project` and `instance` is given. */
  readonly group?: pulumi.Input<string | undefined>;
  /** Full path or id of the project that owns the account. */
  readonly project?: pulumi.Input<string | undefined>;
  /** True for an account of the whole instance; takes an administrator's credential. */
  readonly instance?: pulumi.Input<boolean | undefined>;
  /** The generation's name. */
  readonly generation: pulumi.Input<string>;
  /** GitLab's id of the account's user. */
  readonly userId: pulumi.Input<number>;
  /** GitLab's id of the token; absent when none was minted: then only leftovers of lost answers are looked for. */
  readonly tokenId?: pulumi.Input<number | undefined>;
  /** The token's value, where it is known: places are compared with it. */
  readonly token?: pulumi.Input<string | undefined>;
  /** The day (UTC, `YYYY-MM-DD`) at whose beginning the token dies. */
  readonly expiresAt: pulumi.Input<string>;
  /** The token as its own resource knows it: `unminted`, `live`, `revoked` or `expired`. */
  readonly status: pulumi.Input<string>;
  /** The token was retired, and leftovers looked for, at the time when tokens retired themselves. */
  readonly swept?: pulumi.Input<boolean | undefined>;
  /** The id of a hand-made token, which bears no mark. */
  readonly adoptTokenId?: pulumi.Input<number | undefined>;
  /** The token is compromised: it is revoked without overlap, whoever else uses it. */
  readonly leaked?: pulumi.Input<boolean | undefined>;
  /**
   * Why the account ends. Then the token, and every other one with the account's mark, is revoked without a
   * successor.
   */
  readonly decommission?: pulumi.Input<string | undefined>;
  /** The account's own places, which must hold the successor. */
  readonly consumers?: pulumi.Input<readonly pulumi.Input<types.ConsumerArgs>[] | undefined>;
  /** What must hold before it is revoked; absent when the account ends. */
  readonly retire?: pulumi.Input<types.RetireArgs | undefined>;
  /** The tracking issue that is told of a failure; none when left out. */
  readonly issue?: pulumi.Input<types.StepIssueArgs | undefined>;
  /** What an earlier step of the account failed of: then this one does nothing. Empty or left out: nothing failed. */
  readonly stoppedBy?: pulumi.Input<string | undefined>;
}

/**
 * A plain user's personal access token, which nobody else may make: it rotates itself when a generation opens.
 * GitLab revokes the old value in the same moment; the new one is in 1Password before the step ends.
 */
export class SelfRotatingToken extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "runbook:index:SelfRotatingToken";

  /** The state of a SelfRotatingToken that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): SelfRotatingToken {
    return new SelfRotatingToken(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a SelfRotatingToken, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is SelfRotatingToken {
    return (
      typeof obj === "object" &&
      obj !== null &&
      "__pulumiType" in obj &&
      obj.__pulumiType === SelfRotatingToken.__pulumiType
    );
  }

  /** The account's key in the declaration. */
  declare readonly account: pulumi.Output<string>;
  /** The fleet's id: part of the note that is kept beside the token. */
  declare readonly fleet: pulumi.Output<string>;
  /** The user's name. */
  declare readonly username: pulumi.Output<string>;
  /** GitLab's id of the user. */
  declare readonly userId: pulumi.Output<number>;
  /**
   * The generation that is current; `adopted` for the token that was made by hand. When it changes, the token
   * rotates itself.
   */
  declare readonly generation: pulumi.Output<string>;
  /** GitLab's name of the token, which it keeps. */
  declare readonly name: pulumi.Output<string>;
  /** The token's scopes, which it keeps; `api` or `self_rotate` is among them. */
  declare readonly scopes: pulumi.Output<string[]>;
  /** The day on which the token of the generation dies. */
  declare readonly expiresAt: pulumi.Output<string>;
  /**
   * The field in 1Password that holds the token in use. A note beside it tells, after a crash, that a rotation had
   * begun.
   */
  declare readonly place: pulumi.Output<types.ItemTarget>;
  /** The token that was made by hand: only that one is taken over. */
  declare readonly adopt: pulumi.Output<types.Adopt>;
  /**
   * What deleting the resource does while the token lives: `refuse`, `revoke` or `release` (leave it alive and
   * forget it).
   */
  declare readonly onRemoval: pulumi.Output<string>;
  /** The tracking issue that is told of a failure; none when left out. */
  declare readonly issue: pulumi.Output<types.StepIssue | undefined>;
  /** Why the account ends: then the token is revoked. */
  declare readonly decommission: pulumi.Output<string | undefined>;
  /** GitLab's id of the token in use. */
  declare readonly tokenId: pulumi.Output<number>;
  /** Its value. */
  declare readonly token: pulumi.Output<string>;
  /** `live` or `revoked`. */
  declare readonly status: pulumi.Output<string>;
  /** When it took over, an instant; absent while the token that was made by hand is in use. */
  declare readonly rotatedAt: pulumi.Output<string | undefined>;
  /** The token that it took over from, which died in that moment. */
  declare readonly predecessor: pulumi.Output<types.Rotated | undefined>;
  /**
   * Inside an `Account` component: what stopped this step, or a step before it; empty when nothing did. A step of
   * its own fails instead.
   */
  declare readonly fault: pulumi.Output<string>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: SelfRotatingTokenArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      account: undefined,
      fleet: undefined,
      username: undefined,
      userId: undefined,
      generation: undefined,
      name: undefined,
      scopes: undefined,
      expiresAt: undefined,
      place: undefined,
      adopt: undefined,
      onRemoval: undefined,
      issue: undefined,
      decommission: undefined,
      tokenId: undefined,
      token: undefined,
      status: undefined,
      rotatedAt: undefined,
      predecessor: undefined,
      fault: undefined,
    };
    if (opts.id === undefined) {
      if (args?.account === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the SelfRotatingToken "${name}": the property "account" is missing; it is required.`,
        );
      }
      if (args?.fleet === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the SelfRotatingToken "${name}": the property "fleet" is missing; it is required.`);
      }
      if (args?.username === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the SelfRotatingToken "${name}": the property "username" is missing; it is required.`,
        );
      }
      if (args?.userId === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the SelfRotatingToken "${name}": the property "userId" is missing; it is required.`);
      }
      if (args?.generation === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the SelfRotatingToken "${name}": the property "generation" is missing; it is required.`,
        );
      }
      if (args?.name === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the SelfRotatingToken "${name}": the property "name" is missing; it is required.`);
      }
      if (args?.scopes === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the SelfRotatingToken "${name}": the property "scopes" is missing; it is required.`);
      }
      if (args?.expiresAt === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the SelfRotatingToken "${name}": the property "expiresAt" is missing; it is required.`,
        );
      }
      if (args?.place === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the SelfRotatingToken "${name}": the property "place" is missing; it is required.`);
      }
      if (args?.adopt === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the SelfRotatingToken "${name}": the property "adopt" is missing; it is required.`);
      }
      Object.assign(inputs, {
        account: args?.account,
        fleet: args?.fleet,
        username: args?.username,
        userId: args?.userId,
        generation: args?.generation,
        name: args?.name,
        scopes: args?.scopes,
        expiresAt: args?.expiresAt,
        place: args?.place,
        adopt: args?.adopt,
        onRemoval: args?.onRemoval ?? "refuse",
        issue: args?.issue,
        decommission: args?.decommission,
        stoppedBy: args?.stoppedBy,
        renewDays: args?.renewDays,
      });
    }
    super(
      SelfRotatingToken.__pulumiType,
      name,
      inputs,
      pulumi.mergeOptions({ version, additionalSecretOutputs: ["token"] }, opts),
    );
  }
}

/** What a {@link SelfRotatingToken} is made with. */
export interface SelfRotatingTokenArgs {
  /** The account's key in the declaration. */
  readonly account: pulumi.Input<string>;
  /** The fleet's id: part of the note that is kept beside the token. */
  readonly fleet: pulumi.Input<string>;
  /** The user's name. */
  readonly username: pulumi.Input<string>;
  /** GitLab's id of the user. */
  readonly userId: pulumi.Input<number>;
  /**
   * The generation that is current; `adopted` for the token that was made by hand. When it changes, the token
   * rotates itself.
   */
  readonly generation: pulumi.Input<string>;
  /** GitLab's name of the token, which it keeps. */
  readonly name: pulumi.Input<string>;
  /** The token's scopes, which it keeps; `api` or `self_rotate` is among them. */
  readonly scopes: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The day on which the token of the generation dies. */
  readonly expiresAt: pulumi.Input<string>;
  /**
   * The field in 1Password that holds the token in use. A note beside it tells, after a crash, that a rotation had
   * begun.
   */
  readonly place: pulumi.Input<types.ItemTargetArgs>;
  /** The token that was made by hand: only that one is taken over. */
  readonly adopt: pulumi.Input<types.AdoptArgs>;
  /**
   * What deleting the resource does while the token lives: `refuse`, `revoke` or `release` (leave it alive and
   * forget it).
   */
  readonly onRemoval?: pulumi.Input<string | undefined>;
  /** The tracking issue that is told of a failure; none when left out. */
  readonly issue?: pulumi.Input<types.StepIssueArgs | undefined>;
  /** Why the account ends: then the token is revoked. */
  readonly decommission?: pulumi.Input<string | undefined>;
  /** What an earlier step of the account failed of: then this one does nothing. Empty or left out: nothing failed. */
  readonly stoppedBy?: pulumi.Input<string | undefined>;
  /**
   * Days before its real expiry from which the token rotates once more within its generation, when the declaration
   * says that it lives longer than GitLab does. Left out: never.
   */
  readonly renewDays?: pulumi.Input<number | undefined>;
}

/** Proof that a token authenticates as the right user with exactly the declared scopes. */
export class TokenProof extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "runbook:index:TokenProof";

  /** The state of a TokenProof that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): TokenProof {
    return new TokenProof(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a TokenProof, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is TokenProof {
    return (
      typeof obj === "object" && obj !== null && "__pulumiType" in obj && obj.__pulumiType === TokenProof.__pulumiType
    );
  }

  /** The account's key in the declaration. */
  declare readonly account: pulumi.Output<string>;
  /** The generation of the token. */
  declare readonly generation: pulumi.Output<string>;
  /** GitLab's id of the token. */
  declare readonly tokenId: pulumi.Output<number>;
  /** The user that it must belong to. */
  declare readonly userId: pulumi.Output<number>;
  /** The scopes that it must have, no more and no fewer. */
  declare readonly scopes: pulumi.Output<string[]>;
  /** The day that it must expire on. */
  declare readonly expiresAt: pulumi.Output<string>;
  /** When it was proven, an instant. */
  declare readonly provedAt: pulumi.Output<string>;
  /** The value of the hand-made token, as a place held it before anything was set. */
  declare readonly adoptedToken: pulumi.Output<string | undefined>;
  /** The tracking issue that is told of a failure; none when left out. */
  declare readonly issue: pulumi.Output<types.StepIssue | undefined>;
  /**
   * Inside an `Account` component: what stopped this step, or a step before it; empty when nothing did. A step of
   * its own fails instead.
   */
  declare readonly fault: pulumi.Output<string>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: TokenProofArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      account: undefined,
      generation: undefined,
      tokenId: undefined,
      userId: undefined,
      scopes: undefined,
      expiresAt: undefined,
      provedAt: undefined,
      adoptedToken: undefined,
      issue: undefined,
      fault: undefined,
    };
    if (opts.id === undefined) {
      if (args?.account === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TokenProof "${name}": the property "account" is missing; it is required.`);
      }
      if (args?.generation === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TokenProof "${name}": the property "generation" is missing; it is required.`);
      }
      if (args?.tokenId === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TokenProof "${name}": the property "tokenId" is missing; it is required.`);
      }
      if (args?.token === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TokenProof "${name}": the property "token" is missing; it is required.`);
      }
      if (args?.userId === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TokenProof "${name}": the property "userId" is missing; it is required.`);
      }
      if (args?.scopes === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TokenProof "${name}": the property "scopes" is missing; it is required.`);
      }
      if (args?.expiresAt === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TokenProof "${name}": the property "expiresAt" is missing; it is required.`);
      }
      Object.assign(inputs, {
        account: args?.account,
        generation: args?.generation,
        tokenId: args?.tokenId,
        token: args?.token === undefined ? undefined : pulumi.secret(args.token),
        userId: args?.userId,
        scopes: args?.scopes,
        expiresAt: args?.expiresAt,
        adoptTokenId: args?.adoptTokenId,
        consumers: args?.consumers,
        issue: args?.issue,
        stoppedBy: args?.stoppedBy,
      });
    }
    super(
      TokenProof.__pulumiType,
      name,
      inputs,
      pulumi.mergeOptions({ version, additionalSecretOutputs: ["adoptedToken"] }, opts),
    );
  }
}

/** What a {@link TokenProof} is made with. */
export interface TokenProofArgs {
  /** The account's key in the declaration. */
  readonly account: pulumi.Input<string>;
  /** The generation of the token. */
  readonly generation: pulumi.Input<string>;
  /** GitLab's id of the token. */
  readonly tokenId: pulumi.Input<number>;
  /** The token's value. */
  readonly token: pulumi.Input<string>;
  /** The user that it must belong to. */
  readonly userId: pulumi.Input<number>;
  /** The scopes that it must have, no more and no fewer. */
  readonly scopes: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The day that it must expire on. */
  readonly expiresAt: pulumi.Input<string>;
  /**
   * The hand-made token that is retired as soon as this one is proven: its value is looked for before any place is
   * set.
   */
  readonly adoptTokenId?: pulumi.Input<number | undefined>;
  /** The places where that is looked for. */
  readonly consumers?: pulumi.Input<readonly pulumi.Input<types.ConsumerArgs>[] | undefined>;
  /** The tracking issue that is told of a failure; none when left out. */
  readonly issue?: pulumi.Input<types.StepIssueArgs | undefined>;
  /** What an earlier step of the account failed of: then this one does nothing. Empty or left out: nothing failed. */
  readonly stoppedBy?: pulumi.Input<string | undefined>;
}

/** The moment from which all places hold a token, as GitLab counts time: the newest pipelines of then. */
export class Placement extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "runbook:index:Placement";

  /** The state of a Placement that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Placement {
    return new Placement(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a Placement, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is Placement {
    return (
      typeof obj === "object" && obj !== null && "__pulumiType" in obj && obj.__pulumiType === Placement.__pulumiType
    );
  }

  /** The account's key in the declaration. */
  declare readonly account: pulumi.Output<string>;
  /** The generation of the token. */
  declare readonly generation: pulumi.Output<string>;
  /** GitLab's id of the token. */
  declare readonly tokenId: pulumi.Output<number>;
  /** The places that hold the token. */
  declare readonly consumers: pulumi.Output<types.Consumer[]>;
  /** The pipelines that are to prove it. */
  declare readonly pipelines: pulumi.Output<types.Pipeline[]>;
  /** One for each pipeline that could be looked at. */
  declare readonly marks: pulumi.Output<types.Mark[]>;
  /** The run that took them. */
  declare readonly run: pulumi.Output<string>;
  /** The tracking issue that is told of a failure; none when left out. */
  declare readonly issue: pulumi.Output<types.StepIssue | undefined>;
  /**
   * Inside an `Account` component: what stopped this step, or a step before it; empty when nothing did. A step of
   * its own fails instead.
   */
  declare readonly fault: pulumi.Output<string>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: PlacementArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      account: undefined,
      generation: undefined,
      tokenId: undefined,
      consumers: undefined,
      pipelines: undefined,
      marks: undefined,
      run: undefined,
      issue: undefined,
      fault: undefined,
    };
    if (opts.id === undefined) {
      if (args?.account === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Placement "${name}": the property "account" is missing; it is required.`);
      }
      if (args?.generation === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Placement "${name}": the property "generation" is missing; it is required.`);
      }
      if (args?.tokenId === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Placement "${name}": the property "tokenId" is missing; it is required.`);
      }
      if (args?.consumers === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Placement "${name}": the property "consumers" is missing; it is required.`);
      }
      if (args?.pipelines === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Placement "${name}": the property "pipelines" is missing; it is required.`);
      }
      Object.assign(inputs, {
        account: args?.account,
        generation: args?.generation,
        tokenId: args?.tokenId,
        consumers: args?.consumers,
        pipelines: args?.pipelines,
        issue: args?.issue,
        stoppedBy: args?.stoppedBy,
      });
    }
    super(Placement.__pulumiType, name, inputs, pulumi.mergeOptions({ version }, opts));
  }
}

/** What a {@link Placement} is made with. */
export interface PlacementArgs {
  /** The account's key in the declaration. */
  readonly account: pulumi.Input<string>;
  /** The generation of the token. */
  readonly generation: pulumi.Input<string>;
  /** GitLab's id of the token. */
  readonly tokenId: pulumi.Input<number>;
  /** The places that hold the token. */
  readonly consumers: pulumi.Input<readonly pulumi.Input<types.ConsumerArgs>[]>;
  /** The pipelines that are to prove it. */
  readonly pipelines: pulumi.Input<readonly pulumi.Input<types.PipelineArgs>[]>;
  /** The tracking issue that is told of a failure; none when left out. */
  readonly issue?: pulumi.Input<types.StepIssueArgs | undefined>;
  /** What an earlier step of the account failed of: then this one does nothing. Empty or left out: nothing failed. */
  readonly stoppedBy?: pulumi.Input<string | undefined>;
}

/**
 * Proof that the pipelines which depend on a token pass with it, and the one place that decides what the account's
 * places hold.
 */
export class PipelineProof extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "runbook:index:PipelineProof";

  /** The state of a PipelineProof that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): PipelineProof {
    return new PipelineProof(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a PipelineProof, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is PipelineProof {
    return (
      typeof obj === "object" &&
      obj !== null &&
      "__pulumiType" in obj &&
      obj.__pulumiType === PipelineProof.__pulumiType
    );
  }

  /** The account's key in the declaration. */
  declare readonly account: pulumi.Output<string>;
  /** The generation of the token. */
  declare readonly generation: pulumi.Output<string>;
  /** GitLab's id of the token. */
  declare readonly tokenId: pulumi.Output<number>;
  /** The places that hold the token: where the last proven value is put back when the proof fails. */
  declare readonly consumers: pulumi.Output<types.Consumer[]>;
  /** The pipelines that must pass. */
  declare readonly pipelines: pulumi.Output<types.Pipeline[]>;
  /** After so many failed attempts nothing is rerun until the pipelines or the generation change. */
  declare readonly maxAttempts: pulumi.Output<number>;
  /** `passed`, `running` or `failed`. */
  declare readonly status: pulumi.Output<string>;
  /** When all had passed, an instant. */
  declare readonly provedAt: pulumi.Output<string | undefined>;
  /** Attempts that came to an end for this generation and these pipelines. */
  declare readonly attempts: pulumi.Output<number>;
  /** The pipelines of the last attempt. */
  declare readonly runs: pulumi.Output<types.Run[]>;
  /** The token that was last proven, or served when it was put back. */
  declare readonly lastProven: pulumi.Output<types.LastProven | undefined>;
  /** The consumers hold the last proven value again, not the new one. */
  declare readonly putBack: pulumi.Output<boolean>;
  /** The tracking issue that is told of a failure; none when left out. */
  declare readonly issue: pulumi.Output<types.StepIssue | undefined>;
  /**
   * Inside an `Account` component: what stopped this step, or a step before it; empty when nothing did. A step of
   * its own fails instead.
   */
  declare readonly fault: pulumi.Output<string>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: PipelineProofArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      account: undefined,
      generation: undefined,
      tokenId: undefined,
      consumers: undefined,
      pipelines: undefined,
      maxAttempts: undefined,
      status: undefined,
      provedAt: undefined,
      attempts: undefined,
      runs: undefined,
      lastProven: undefined,
      putBack: undefined,
      issue: undefined,
      fault: undefined,
    };
    if (opts.id === undefined) {
      if (args?.account === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the PipelineProof "${name}": the property "account" is missing; it is required.`);
      }
      if (args?.generation === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the PipelineProof "${name}": the property "generation" is missing; it is required.`);
      }
      if (args?.tokenId === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the PipelineProof "${name}": the property "tokenId" is missing; it is required.`);
      }
      if (args?.token === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the PipelineProof "${name}": the property "token" is missing; it is required.`);
      }
      if (args?.consumers === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the PipelineProof "${name}": the property "consumers" is missing; it is required.`);
      }
      if (args?.pipelines === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the PipelineProof "${name}": the property "pipelines" is missing; it is required.`);
      }
      Object.assign(inputs, {
        account: args?.account,
        generation: args?.generation,
        tokenId: args?.tokenId,
        token: args?.token === undefined ? undefined : pulumi.secret(args.token),
        expiresAt: args?.expiresAt,
        previousToken: args?.previousToken === undefined ? undefined : pulumi.secret(args.previousToken),
        previousGeneration: args?.previousGeneration,
        consumers: args?.consumers,
        pipelines: args?.pipelines,
        maxAttempts: args?.maxAttempts ?? 3,
        marks: args?.marks,
        markedBy: args?.markedBy,
        issue: args?.issue,
        earlierIsDead: args?.earlierIsDead,
        stoppedBy: args?.stoppedBy,
        marginDays: args?.marginDays ?? 14,
      });
    }
    super(PipelineProof.__pulumiType, name, inputs, pulumi.mergeOptions({ version }, opts));
  }
}

/** What a {@link PipelineProof} is made with. */
export interface PipelineProofArgs {
  /** The account's key in the declaration. */
  readonly account: pulumi.Input<string>;
  /** The generation of the token. */
  readonly generation: pulumi.Input<string>;
  /** GitLab's id of the token. */
  readonly tokenId: pulumi.Input<number>;
  /** The token's value. */
  readonly token: pulumi.Input<string>;
  /** The day (UTC, `YYYY-MM-DD`) at whose beginning the token dies: items that have an expiry say so. */
  readonly expiresAt?: pulumi.Input<string | undefined>;
  /** The value to put back when no other was proven before. */
  readonly previousToken?: pulumi.Input<string | undefined>;
  /** The generation of that value. */
  readonly previousGeneration?: pulumi.Input<string | undefined>;
  /** The places that hold the token: where the last proven value is put back when the proof fails. */
  readonly consumers: pulumi.Input<readonly pulumi.Input<types.ConsumerArgs>[]>;
  /** The pipelines that must pass. */
  readonly pipelines: pulumi.Input<readonly pulumi.Input<types.PipelineArgs>[]>;
  /** After so many failed attempts nothing is rerun until the pipelines or the generation change. */
  readonly maxAttempts?: pulumi.Input<number | undefined>;
  /** What there was when the places began to hold the token; without it, what there is when the proof starts. */
  readonly marks?: pulumi.Input<readonly pulumi.Input<types.MarkArgs>[] | undefined>;
  /** The run that took the marks. In a later one, what a crashed run started is looked for first. */
  readonly markedBy?: pulumi.Input<string | undefined>;
  /** The tracking issue that is told of a failure; none when left out. */
  readonly issue?: pulumi.Input<types.StepIssueArgs | undefined>;
  /** The earlier token died when this one was made: it is neither put back nor tried. */
  readonly earlierIsDead?: pulumi.Input<boolean | undefined>;
  /** What an earlier step of the account failed of: then this one does nothing. Empty or left out: nothing failed. */
  readonly stoppedBy?: pulumi.Input<string | undefined>;
  /** Days that an earlier token must still live to be put back. */
  readonly marginDays?: pulumi.Input<number | undefined>;
}

/**
 * The issue in which a rotation is announced and reported: a person's, or one that is opened for it, once. What
 * goes wrong is a warning, and tried again by the next run.
 */
export class TrackingIssue extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "runbook:index:TrackingIssue";

  /** The state of a TrackingIssue that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): TrackingIssue {
    return new TrackingIssue(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a TrackingIssue, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is TrackingIssue {
    return (
      typeof obj === "object" &&
      obj !== null &&
      "__pulumiType" in obj &&
      obj.__pulumiType === TrackingIssue.__pulumiType
    );
  }

  /** The fleet's id. */
  declare readonly fleet: pulumi.Output<string>;
  /** The account's key in the declaration. */
  declare readonly account: pulumi.Output<string>;
  /** The generation that the rotation is to. */
  declare readonly generation: pulumi.Output<string>;
  /** The service account's username. */
  declare readonly username: pulumi.Output<string>;
  /** Full path of the project that the issue is in. */
  declare readonly project: pulumi.Output<string>;
  /** The number of the issue; absent when there is none. */
  declare readonly iid: pulumi.Output<number | undefined>;
  /** The day of the rotation, and the issue's due date. */
  declare readonly date: pulumi.Output<string>;
  /** The day on which the new token will die. */
  declare readonly expiresAt: pulumi.Output<string>;
  /** Why on that day. */
  declare readonly reasons: pulumi.Output<string[]>;
  /** Whether an issue that is opened is for the project's reporters and up only. */
  declare readonly confidential: pulumi.Output<boolean>;
  /** Labels of an issue that is opened. */
  declare readonly labels: pulumi.Output<string[]>;
  /** Where the token is stored, in words. */
  declare readonly places: pulumi.Output<string[]>;
  /** The pipelines that prove the token, in words. */
  declare readonly pipelines: pulumi.Output<string[]>;
  /** Days for which the old token lives beside the new one. */
  declare readonly overlapDays: pulumi.Output<number>;
  /** Consumers that cannot be written from here: their owners are told what to do. */
  declare readonly external: pulumi.Output<types.ExternalConsumer[]>;
  /** Users and groups to mention, each with its `@`. Nobody else is. */
  declare readonly notify: pulumi.Output<string[]>;
  /** Its page. */
  declare readonly url: pulumi.Output<string | undefined>;
  /** A person opened it. */
  declare readonly isForeign: pulumi.Output<boolean | undefined>;
  /**
   * `opened`; `late` when the rotation was long ago, and has no issue; or `unopened` when GitLab could not be told:
   * the next run tries again.
   */
  declare readonly status: pulumi.Output<string>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: TrackingIssueArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      fleet: undefined,
      account: undefined,
      generation: undefined,
      username: undefined,
      project: undefined,
      iid: undefined,
      date: undefined,
      expiresAt: undefined,
      reasons: undefined,
      confidential: undefined,
      labels: undefined,
      places: undefined,
      pipelines: undefined,
      overlapDays: undefined,
      external: undefined,
      notify: undefined,
      url: undefined,
      isForeign: undefined,
      status: undefined,
    };
    if (opts.id === undefined) {
      if (args?.fleet === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TrackingIssue "${name}": the property "fleet" is missing; it is required.`);
      }
      if (args?.account === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TrackingIssue "${name}": the property "account" is missing; it is required.`);
      }
      if (args?.generation === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TrackingIssue "${name}": the property "generation" is missing; it is required.`);
      }
      if (args?.username === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TrackingIssue "${name}": the property "username" is missing; it is required.`);
      }
      if (args?.project === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TrackingIssue "${name}": the property "project" is missing; it is required.`);
      }
      if (args?.date === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TrackingIssue "${name}": the property "date" is missing; it is required.`);
      }
      if (args?.expiresAt === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TrackingIssue "${name}": the property "expiresAt" is missing; it is required.`);
      }
      if (args?.reasons === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TrackingIssue "${name}": the property "reasons" is missing; it is required.`);
      }
      if (args?.confidential === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the TrackingIssue "${name}": the property "confidential" is missing; it is required.`,
        );
      }
      if (args?.labels === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TrackingIssue "${name}": the property "labels" is missing; it is required.`);
      }
      if (args?.places === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TrackingIssue "${name}": the property "places" is missing; it is required.`);
      }
      if (args?.pipelines === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TrackingIssue "${name}": the property "pipelines" is missing; it is required.`);
      }
      if (args?.overlapDays === undefined && opts.urn === undefined) {
        throw new Error(
          `Declaring the TrackingIssue "${name}": the property "overlapDays" is missing; it is required.`,
        );
      }
      if (args?.external === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TrackingIssue "${name}": the property "external" is missing; it is required.`);
      }
      if (args?.notify === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the TrackingIssue "${name}": the property "notify" is missing; it is required.`);
      }
      Object.assign(inputs, {
        fleet: args?.fleet,
        account: args?.account,
        generation: args?.generation,
        username: args?.username,
        project: args?.project,
        iid: args?.iid,
        date: args?.date,
        expiresAt: args?.expiresAt,
        reasons: args?.reasons,
        confidential: args?.confidential,
        labels: args?.labels,
        places: args?.places,
        pipelines: args?.pipelines,
        overlapDays: args?.overlapDays,
        external: args?.external,
        notify: args?.notify,
      });
    }
    super(TrackingIssue.__pulumiType, name, inputs, pulumi.mergeOptions({ version }, opts));
  }
}

/** What a {@link TrackingIssue} is made with. */
export interface TrackingIssueArgs {
  /** The fleet's id. */
  readonly fleet: pulumi.Input<string>;
  /** The account's key in the declaration. */
  readonly account: pulumi.Input<string>;
  /** The generation that the rotation is to. */
  readonly generation: pulumi.Input<string>;
  /** The service account's username. */
  readonly username: pulumi.Input<string>;
  /** Full path of the project that the issue is in. */
  readonly project: pulumi.Input<string>;
  /** A person's issue, used while it is open. One is opened when left out. */
  readonly iid?: pulumi.Input<number | undefined>;
  /** The day of the rotation, and the issue's due date. */
  readonly date: pulumi.Input<string>;
  /** The day on which the new token will die. */
  readonly expiresAt: pulumi.Input<string>;
  /** Why on that day. */
  readonly reasons: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Whether an issue that is opened is for the project's reporters and up only. */
  readonly confidential: pulumi.Input<boolean>;
  /** Labels of an issue that is opened. */
  readonly labels: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Where the token is stored, in words. */
  readonly places: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The pipelines that prove the token, in words. */
  readonly pipelines: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** Days for which the old token lives beside the new one. */
  readonly overlapDays: pulumi.Input<number>;
  /** Consumers that cannot be written from here: their owners are told what to do. */
  readonly external: pulumi.Input<readonly pulumi.Input<types.ExternalConsumerArgs>[]>;
  /** Users and groups to mention, each with its `@`. Nobody else is. */
  readonly notify: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/**
 * What came of a rotation, told on its issue: the facts, a record for auditors, those concerned mentioned, the
 * issue closed. What goes wrong is a warning, and tried again by the next run.
 */
export class Notice extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "runbook:index:Notice";

  /** The state of a Notice that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Notice {
    return new Notice(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a Notice, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is Notice {
    return typeof obj === "object" && obj !== null && "__pulumiType" in obj && obj.__pulumiType === Notice.__pulumiType;
  }

  /** The fleet's id. */
  declare readonly fleet: pulumi.Output<string>;
  /** The account's key in the declaration. */
  declare readonly account: pulumi.Output<string>;
  /** The generation that the rotation is to. */
  declare readonly generation: pulumi.Output<string>;
  /** The service account's username. */
  declare readonly username: pulumi.Output<string>;
  /** Full path of the project that the issue is in. */
  declare readonly project: pulumi.Output<string>;
  /** The number of the issue; while it is left out, nothing is told. */
  declare readonly iid: pulumi.Output<number | undefined>;
  /** The issue's page, for the webhook. */
  declare readonly issueUrl: pulumi.Output<string | undefined>;
  /** GitLab's id of the token. */
  declare readonly tokenId: pulumi.Output<number>;
  /** The day on which the token dies. */
  declare readonly expiresAt: pulumi.Output<string>;
  /** When it was proven, an instant; while it is left out, nothing is told. */
  declare readonly provedAt: pulumi.Output<string | undefined>;
  /** Where the token is stored, in words. */
  declare readonly places: pulumi.Output<string[]>;
  /** The pipelines that proved it. */
  declare readonly runs: pulumi.Output<types.Run[]>;
  /** The older tokens. */
  declare readonly predecessors: pulumi.Output<types.Predecessor[]>;
  /** Consumers that cannot be written from here: their owners are told what to do. */
  declare readonly external: pulumi.Output<types.ExternalConsumer[]>;
  /** Users and groups to mention, each with its `@`. Nobody else is. */
  declare readonly notify: pulumi.Output<string[]>;
  /** The day of the next rotation. */
  declare readonly nextDate: pulumi.Output<string | undefined>;
  /**
   * `told`; `waiting` for the proof or for an issue; or `untold` when GitLab could not be told: the next run tries
   * again.
   */
  declare readonly status: pulumi.Output<string>;
  /** When, an instant. */
  declare readonly toldAt: pulumi.Output<string | undefined>;
  /** Ids of the older tokens whose end was told. */
  declare readonly ended: pulumi.Output<number[]>;
  /**
   * Inside an `Account` component: what stopped this step, or a step before it; empty when nothing did. A step of
   * its own fails instead.
   */
  declare readonly fault: pulumi.Output<string>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: NoticeArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      fleet: undefined,
      account: undefined,
      generation: undefined,
      username: undefined,
      project: undefined,
      iid: undefined,
      issueUrl: undefined,
      tokenId: undefined,
      expiresAt: undefined,
      provedAt: undefined,
      places: undefined,
      runs: undefined,
      predecessors: undefined,
      external: undefined,
      notify: undefined,
      nextDate: undefined,
      status: undefined,
      toldAt: undefined,
      ended: undefined,
      fault: undefined,
    };
    if (opts.id === undefined) {
      if (args?.fleet === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Notice "${name}": the property "fleet" is missing; it is required.`);
      }
      if (args?.account === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Notice "${name}": the property "account" is missing; it is required.`);
      }
      if (args?.generation === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Notice "${name}": the property "generation" is missing; it is required.`);
      }
      if (args?.username === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Notice "${name}": the property "username" is missing; it is required.`);
      }
      if (args?.project === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Notice "${name}": the property "project" is missing; it is required.`);
      }
      if (args?.tokenId === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Notice "${name}": the property "tokenId" is missing; it is required.`);
      }
      if (args?.expiresAt === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Notice "${name}": the property "expiresAt" is missing; it is required.`);
      }
      if (args?.places === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Notice "${name}": the property "places" is missing; it is required.`);
      }
      if (args?.runs === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Notice "${name}": the property "runs" is missing; it is required.`);
      }
      if (args?.predecessors === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Notice "${name}": the property "predecessors" is missing; it is required.`);
      }
      if (args?.external === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Notice "${name}": the property "external" is missing; it is required.`);
      }
      if (args?.notify === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Notice "${name}": the property "notify" is missing; it is required.`);
      }
      Object.assign(inputs, {
        fleet: args?.fleet,
        account: args?.account,
        generation: args?.generation,
        username: args?.username,
        project: args?.project,
        iid: args?.iid,
        issueUrl: args?.issueUrl,
        tokenId: args?.tokenId,
        expiresAt: args?.expiresAt,
        provedAt: args?.provedAt,
        places: args?.places,
        runs: args?.runs,
        predecessors: args?.predecessors,
        external: args?.external,
        notify: args?.notify,
        nextDate: args?.nextDate,
        stoppedBy: args?.stoppedBy,
      });
    }
    super(Notice.__pulumiType, name, inputs, pulumi.mergeOptions({ version }, opts));
  }
}

/** What a {@link Notice} is made with. */
export interface NoticeArgs {
  /** The fleet's id. */
  readonly fleet: pulumi.Input<string>;
  /** The account's key in the declaration. */
  readonly account: pulumi.Input<string>;
  /** The generation that the rotation is to. */
  readonly generation: pulumi.Input<string>;
  /** The service account's username. */
  readonly username: pulumi.Input<string>;
  /** Full path of the project that the issue is in. */
  readonly project: pulumi.Input<string>;
  /** The number of the issue; while it is left out, nothing is told. */
  readonly iid?: pulumi.Input<number | undefined>;
  /** The issue's page, for the webhook. */
  readonly issueUrl?: pulumi.Input<string | undefined>;
  /** GitLab's id of the token. */
  readonly tokenId: pulumi.Input<number>;
  /** The day on which the token dies. */
  readonly expiresAt: pulumi.Input<string>;
  /** When it was proven, an instant; while it is left out, nothing is told. */
  readonly provedAt?: pulumi.Input<string | undefined>;
  /** Where the token is stored, in words. */
  readonly places: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The pipelines that proved it. */
  readonly runs: pulumi.Input<readonly pulumi.Input<types.RunArgs>[]>;
  /** The older tokens. */
  readonly predecessors: pulumi.Input<readonly pulumi.Input<types.PredecessorArgs>[]>;
  /** Consumers that cannot be written from here: their owners are told what to do. */
  readonly external: pulumi.Input<readonly pulumi.Input<types.ExternalConsumerArgs>[]>;
  /** Users and groups to mention, each with its `@`. Nobody else is. */
  readonly notify: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** The day of the next rotation. */
  readonly nextDate?: pulumi.Input<string | undefined>;
  /** What an earlier step of the account failed of: then this one does nothing. Empty or left out: nothing failed. */
  readonly stoppedBy?: pulumi.Input<string | undefined>;
}

/** A group that is looked up, since memberships go by its number. Nothing is made of it. */
export class Group extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "runbook:index:Group";

  /** The state of a Group that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Group {
    return new Group(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a Group, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is Group {
    return typeof obj === "object" && obj !== null && "__pulumiType" in obj && obj.__pulumiType === Group.__pulumiType;
  }

  /** Its full path. */
  declare readonly group: pulumi.Output<string>;
  /** Its number. */
  declare readonly groupId: pulumi.Output<number>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: GroupArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = { group: undefined, groupId: undefined };
    if (opts.id === undefined) {
      if (args?.group === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Group "${name}": the property "group" is missing; it is required.`);
      }
      Object.assign(inputs, { group: args?.group });
    }
    super(Group.__pulumiType, name, inputs, pulumi.mergeOptions({ version }, opts));
  }
}

/** What a {@link Group} is made with. */
export interface GroupArgs {
  /** Its full path. */
  readonly group: pulumi.Input<string>;
}

/**
 * Whose our own GitLab credential is, its scopes and its expiry: one request. A fault is data, never an error: it
 * would stop every account.
 */
export function getCredential(args?: GetCredentialArgs, opts: pulumi.InvokeOptions = {}): Promise<GetCredentialResult> {
  return pulumi.runtime.invoke("runbook:index:getCredential", { withUser: args?.withUser }, { version, ...opts });
}

/**
 * Whose our own GitLab credential is, its scopes and its expiry: one request. A fault is data, never an error: it
 * would stop every account.
 */
export function getCredentialOutput(
  args?: GetCredentialOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetCredentialResult> {
  return pulumi.runtime.invokeOutput("runbook:index:getCredential", { withUser: args?.withUser }, { version, ...opts });
}

/** What {@link getCredential} is called with. */
export interface GetCredentialArgs {
  /** Asks for the user's name as well, which is one more request. Default: false. */
  readonly withUser?: boolean;
}

/** What {@link getCredentialOutput} is called with. */
export interface GetCredentialOutputArgs {
  /** Asks for the user's name as well, which is one more request. Default: false. */
  readonly withUser?: pulumi.Input<boolean | undefined>;
}

/** What {@link getCredential} answers. */
export interface GetCredentialResult {
  /** GitLab's id of the token. */
  readonly tokenId?: number;
  /** What the token is called. */
  readonly name?: string;
  /** GitLab's id of its user. */
  readonly userId?: number;
  /** Its user, where that was asked for and told. */
  readonly username?: string;
  /** GitLab's scopes. */
  readonly scopes?: string[];
  /** The day at whose beginning it dies; absent when it never does. */
  readonly expiresAt?: string;
  /** Why nothing is known of it; absent when something is. */
  readonly fault?: string;
}

/** The tokens of an account that live, by one list. A fault is data, never an error: it would stop every account. */
export function getTokens(args: GetTokensArgs, opts: pulumi.InvokeOptions = {}): Promise<GetTokensResult> {
  return pulumi.runtime.invoke(
    "runbook:index:getTokens",
    { group: args.group, project: args.project, instance: args.instance, userId: args.userId },
    { version, ...opts },
  );
}

/** The tokens of an account that live, by one list. A fault is data, never an error: it would stop every account. */
export function getTokensOutput(
  args: GetTokensOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetTokensResult> {
  return pulumi.runtime.invokeOutput(
    "runbook:index:getTokens",
    { group: args.group, project: args.project, instance: args.instance, userId: args.userId },
    { version, ...opts },
  );
}

/** What {@link getTokens} is called with. */
export interface GetTokensArgs {
  /** Full path or id of the group that owns the account. Exactly one of `group`, `project` and `instance` is given. */
  readonly group?: string;
  /** Full path or id of the project that owns the account. */
  readonly project?: string;
  /** True for an account of the whole instance; takes an administrator's credential. */
  readonly instance?: boolean;
  /** GitLab's id of the account's user. */
  readonly userId: number;
}

/** What {@link getTokensOutput} is called with. */
export interface GetTokensOutputArgs {
  /** Full path or id of the group that owns the account. Exactly one of `group`, `project` and `instance` is given. */
  readonly group?: pulumi.Input<string | undefined>;
  /** Full path or id of the project that owns the account. */
  readonly project?: pulumi.Input<string | undefined>;
  /** True for an account of the whole instance; takes an administrator's credential. */
  readonly instance?: pulumi.Input<boolean | undefined>;
  /** GitLab's id of the account's user. */
  readonly userId: pulumi.Input<number>;
}

/** What {@link getTokens} answers. */
export interface GetTokensResult {
  /** Those that live; none when they could not be listed. */
  readonly tokens: types.ListedToken[];
  /** Why they could not be listed; absent when they could. */
  readonly fault?: string;
}

/**
 * Tells the provider, for the length of a run, which places the accounts of the stack declare: no token dies while
 * one of them holds it. Asks nobody anything.
 */
export function declareAccounts(
  args: DeclareAccountsArgs,
  opts: pulumi.InvokeOptions = {},
): Promise<DeclareAccountsResult> {
  return pulumi.runtime.invoke("runbook:index:declareAccounts", { accounts: args.accounts }, { version, ...opts });
}

/**
 * Tells the provider, for the length of a run, which places the accounts of the stack declare: no token dies while
 * one of them holds it. Asks nobody anything.
 */
export function declareAccountsOutput(
  args: DeclareAccountsOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<DeclareAccountsResult> {
  return pulumi.runtime.invokeOutput(
    "runbook:index:declareAccounts",
    { accounts: args.accounts },
    { version, ...opts },
  );
}

/** What {@link declareAccounts} is called with. */
export interface DeclareAccountsArgs {
  /** All accounts of the stack. */
  readonly accounts: types.DeclaredAccount[];
}

/** What {@link declareAccountsOutput} is called with. */
export interface DeclareAccountsOutputArgs {
  /** All accounts of the stack. */
  readonly accounts: pulumi.Input<readonly pulumi.Input<types.DeclaredAccountArgs>[]>;
}

/** What {@link declareAccounts} answers. */
export interface DeclareAccountsResult {
  /** How many. */
  readonly count: number;
}

/**
 * The steps that failed in this run and whose faults were data, so that the program can end in an error when all
 * accounts have come to their end.
 */
export function getFailures(args?: GetFailuresArgs, opts: pulumi.InvokeOptions = {}): Promise<GetFailuresResult> {
  return pulumi.runtime.invoke("runbook:index:getFailures", { account: args?.account }, { version, ...opts });
}

/**
 * The steps that failed in this run and whose faults were data, so that the program can end in an error when all
 * accounts have come to their end.
 */
export function getFailuresOutput(
  args?: GetFailuresOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetFailuresResult> {
  return pulumi.runtime.invokeOutput("runbook:index:getFailures", { account: args?.account }, { version, ...opts });
}

/** What {@link getFailures} is called with. */
export interface GetFailuresArgs {
  /** Those of one account only, by its key; all when left out. */
  readonly account?: string;
}

/** What {@link getFailuresOutput} is called with. */
export interface GetFailuresOutputArgs {
  /** Those of one account only, by its key; all when left out. */
  readonly account?: pulumi.Input<string | undefined>;
}

/** What {@link getFailures} answers. */
export interface GetFailuresResult {
  /** Each step. */
  readonly steps: types.FailedStep[];
}
