// Generated from providers/runbook/schema.json by `npm run sdks`: change that file instead.
import * as pulumi from "@pulumi/pulumi";
import type * as types from "./types";

export type * as types from "./types";

/** The provider's version: with it the engine finds the plugin. */
const version = "0.1.0";

/** A service account: looked up, guarded against a rewritten history, and checked before a generation opens. */
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
  /** Full path or id of the group that owns the account. Exactly one of `group`, `project` and `instance` is given. */
  declare readonly group: pulumi.Output<string | undefined>;
  /** Full path or id of the project that owns the account. */
  declare readonly project: pulumi.Output<string | undefined>;
  /** True for an account of the whole instance; takes an administrator's credential. */
  declare readonly instance: pulumi.Output<boolean | undefined>;
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
  /** GitLab's id of the account's user. */
  declare readonly userId: pulumi.Output<number>;
  /** The generations that were opened and have not expired: the history that no edit may rewrite. */
  declare readonly opened: pulumi.Output<types.Opened[]>;

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
      username: undefined,
      scopes: undefined,
      generations: undefined,
      variables: undefined,
      items: undefined,
      pipelines: undefined,
      adopt: undefined,
      userId: undefined,
      opened: undefined,
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
        username: args?.username,
        scopes: args?.scopes,
        generations: args?.generations,
        variables: args?.variables,
        items: args?.items,
        pipelines: args?.pipelines,
        adopt: args?.adopt,
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
  /** Full path or id of the group that owns the account. Exactly one of `group`, `project` and `instance` is given. */
  readonly group?: pulumi.Input<string | undefined>;
  /** Full path or id of the project that owns the account. */
  readonly project?: pulumi.Input<string | undefined>;
  /** True for an account of the whole instance; takes an administrator's credential. */
  readonly instance?: pulumi.Input<boolean | undefined>;
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
}

/** One generation of an account's personal access token: minted once, retired when its successor is proven. */
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
   * What the dates ask for: `current` (minted once), `previous` (left alone) or `retired` (revoked as soon as it may
   * be).
   */
  declare readonly lifecycle: pulumi.Output<string>;
  /** Take over the token of this id instead of minting one. */
  declare readonly adoptTokenId: pulumi.Output<number | undefined>;
  /** The places that hold the account's token: read before revoking, and to get to know an adopted token's value. */
  declare readonly consumers: pulumi.Output<types.Consumer[] | undefined>;
  /**
   * What happens to a token that lives when its declaration is removed: `refuse`, `revoke` or `release` (left alive,
   * forgotten).
   */
  declare readonly onRemoval: pulumi.Output<string>;
  /** GitLab's id of the token; absent while it is not minted. */
  declare readonly tokenId: pulumi.Output<number | undefined>;
  /** The token's value, while it lives and is known. */
  declare readonly token: pulumi.Output<string | undefined>;
  /** When GitLab made it, an instant. */
  declare readonly mintedAt: pulumi.Output<string | undefined>;
  /** `unminted`, `live`, `revoked` or `expired`. */
  declare readonly status: pulumi.Output<string>;
  /** Why a retired token still lives. */
  declare readonly hold: pulumi.Output<string | undefined>;
  /** When it was retired, leftovers of lost answers were looked for, and revoked. */
  declare readonly swept: pulumi.Output<boolean | undefined>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: PersonalAccessTokenArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      account: undefined,
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
      hold: undefined,
      swept: undefined,
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
        retire: args?.retire,
        onRemoval: args?.onRemoval ?? "refuse",
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
   * What the dates ask for: `current` (minted once), `previous` (left alone) or `retired` (revoked as soon as it may
   * be).
   */
  readonly lifecycle: pulumi.Input<string>;
  /** Take over the token of this id instead of minting one. */
  readonly adoptTokenId?: pulumi.Input<number | undefined>;
  /** The places that hold the account's token: read before revoking, and to get to know an adopted token's value. */
  readonly consumers?: pulumi.Input<readonly pulumi.Input<types.ConsumerArgs>[] | undefined>;
  /** What must hold before it is revoked. */
  readonly retire?: pulumi.Input<types.RetireArgs | undefined>;
  /**
   * What happens to a token that lives when its declaration is removed: `refuse`, `revoke` or `release` (left alive,
   * forgotten).
   */
  readonly onRemoval?: pulumi.Input<string | undefined>;
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
      });
    }
    super(TokenProof.__pulumiType, name, inputs, pulumi.mergeOptions({ version }, opts));
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
}

/**
 * Proof that the pipelines which depend on a token pass with it. When they do not, the last proven value is put
 * back.
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
  /** The token that was last proven. */
  declare readonly lastProven: pulumi.Output<types.LastProven | undefined>;
  /** The consumers hold the last proven value again, not the new one. */
  declare readonly putBack: pulumi.Output<boolean>;

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
        previousToken: args?.previousToken === undefined ? undefined : pulumi.secret(args.previousToken),
        previousGeneration: args?.previousGeneration,
        consumers: args?.consumers,
        pipelines: args?.pipelines,
        maxAttempts: args?.maxAttempts ?? 3,
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
}
