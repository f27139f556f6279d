import * as pulumi from "@pulumi/pulumi";
import * as runbook from "runbook";
import { adopted, type Generation } from "../rotation/generations";
import { rotatesItself } from "../rotation/self";
import type { AccountArgs } from "./account";
import { Consumers } from "./consumers";
import { failure } from "./failures";
import { owner } from "./owner";
import type { Predecessor, Tracking } from "./tracking";

/** A token's id and value. */
export interface Minted {
  readonly tokenId: pulumi.Output<number>;
  readonly token: pulumi.Output<string>;
}

/** A resource that tells which token it proved, and when. */
export interface Proof extends pulumi.Resource {
  readonly tokenId: pulumi.Output<number>;
  readonly provedAt: pulumi.Output<string | undefined>;
}

/** The token of the current generation, whichever way it came. */
export interface TokenInUse extends pulumi.Resource {
  readonly tokenId: pulumi.Output<number | undefined>;
  readonly token: pulumi.Output<string | undefined>;
  readonly scopes: pulumi.Output<string[]>;
  readonly expiresAt: pulumi.Output<string>;
}

/** What takes over from a token that is to be retired. */
export interface Successor extends Minted {
  readonly generation: string;
  readonly proof: Proof;
  /** The places that must hold it. */
  readonly consumers: Consumers;
  /** The ids of all tokens in use: no leftovers. */
  readonly knownTokenIds: pulumi.Output<number[]>;
}

/** The tokens of an account: one resource for each generation, which mints it, keeps it and in the end revokes it. */
export class Tokens {
  /** Each, in the order of their making. */
  readonly all: (runbook.PersonalAccessToken | runbook.SelfRotatingToken)[] = [];
  /** What GitLab says lives of the account's tokens; absent when it is not asked. A fault is data: it fails nothing. */
  readonly listed: pulumi.Output<runbook.GetTokensResult> | undefined;

  constructor(
    private readonly name: string,
    private readonly args: AccountArgs,
    private readonly account: runbook.Account,
    private readonly told: Tracking["told"],
    private readonly options: pulumi.CustomResourceOptions,
  ) {
    // Nobody but the user may list a plain user's tokens.
    if (args.health === true && !rotatesItself(args.declaration.account))
      // The SDK would print a stack trace for an argument that a failed account never gives.
      this.listed = account.userId.apply((userId) => runbook.getTokens({ ...owner(args.declaration), userId }));
  }

  /** The token of a generation that is in use, or lives on beside its successor. */
  living(generation: Generation): runbook.PersonalAccessToken {
    const seen = this.listed === undefined ? {} : { liveTokenIds: this.listed.apply(liveIds) };
    return this.token(generation, { consumers: Consumers.named(this.args.declaration), ...seen });
  }

  /** The token of a generation that is revoked, if it may, after these steps. */
  retired(generation: Generation, to: Successor, after: pulumi.Resource[]): runbook.PersonalAccessToken {
    const { generation: name, tokenId, token, proof, consumers, knownTokenIds } = to;
    const provedAt = provedFor(tokenId, proof) as pulumi.Output<string>;
    const { external, rotation } = this.args.declaration;
    const retire = {
      successor: { generation: name, tokenId, token, provedAt },
      overlapDays: generation.overlapDays,
      // A compromised token is revoked at once, whoever still uses it.
      quietHours: generation.overlapDays === 0 ? 0 : rotation.quietHours,
      knownTokenIds,
      ...(external.length === 0 ? {} : { external: external.map(({ name, owner }) => ({ name, owner })) }),
    };
    return this.token(generation, { consumers: [...consumers.places], retire }, after);
  }

  /** The token of a generation that is revoked because the account ends. */
  ended(generation: Generation, reason: string): runbook.PersonalAccessToken {
    return this.token(generation, { decommission: reason });
  }

  /** The token of a plain user, which rotates itself: one resource for all its generations, of which one lives. */
  rotating(generation: Generation): runbook.SelfRotatingToken {
    const { declaration, fleet } = this.args;
    const { account, adopt, decommission, onePassword, token, onRemoval } = declaration;
    const [place] = onePassword;
    if (adopt === undefined || place === undefined)
      throw failure(`Account "${this.name}": a plain user needs "adopt", and a place in "onePassword".`);
    const made = new runbook.SelfRotatingToken(
      this.name,
      {
        account: this.name,
        fleet,
        username: account.username,
        userId: this.account.userId,
        generation: generation.name,
        name: token.name,
        scopes: [...token.scopes],
        expiresAt: generation.expiresAt,
        place: { ...place },
        adopt: { ...adopt },
        onRemoval,
        ...(decommission === undefined ? {} : { decommission: decommission.reason }),
        ...this.told,
      },
      this.options,
    );
    this.all.push(made);
    return made;
  }

  private token(
    generation: Generation,
    more: Partial<runbook.PersonalAccessTokenArgs>,
    dependsOn?: pulumi.Resource[],
  ): runbook.PersonalAccessToken {
    const { declaration, fleet } = this.args;
    const { adopt, formerly, token, onRemoval } = declaration;
    const made = new runbook.PersonalAccessToken(
      `${this.name}-${generation.name}`,
      {
        account: this.name,
        ...(formerly === undefined ? {} : { formerly }),
        fleet,
        ...owner(declaration),
        userId: this.account.userId,
        generation: generation.name,
        name: token.name,
        description: token.description,
        scopes: [...token.scopes],
        expiresAt: generation.expiresAt,
        lifecycle: generation.lifecycle,
        onRemoval,
        ...(generation.name === adopted && adopt !== undefined ? { adoptTokenId: adopt.tokenId } : {}),
        ...this.told,
        ...more,
      },
      dependsOn === undefined ? this.options : { ...this.options, dependsOn },
    );
    this.all.push(made);
    return made;
  }
}

/** Where they could not be listed, nothing is concluded. */
function liveIds({ tokens, fault }: runbook.GetTokensResult): number[] | undefined {
  return fault === undefined ? tokens.map(({ id }) => id) : undefined;
}

/**
 * The id and the value of a token in use: it has both once it is minted; a hand-made one that is held has a value only if
 * some place showed it.
 */
export function minted(token: TokenInUse, title: string): Minted {
  return { tokenId: known(token.tokenId, title), token: known(token.token, title) };
}

/** The token that one which rotated itself took over from: dead since that moment. */
export function predecessorOf({ predecessor }: runbook.SelfRotatingToken): Predecessor {
  return {
    generation: predecessor.apply((old) => old?.generation ?? adopted),
    lifecycle: pulumi.output("retired"),
    tokenId: predecessor.apply((old) => old?.tokenId),
    status: pulumi.output("revoked"),
    expiresAt: predecessor.apply((old) => old?.expiresAt ?? ""),
  };
}

/** When a token was proven. A proof that a run passes over (`--target`) still tells of the token before: that one's day would revoke early. */
export function provedFor(tokenId: pulumi.Output<number>, proof: Proof): pulumi.Output<string | undefined> {
  return pulumi
    .all([proof.tokenId, tokenId, proof.provedAt])
    .apply(([proven, wanted, instant]) => (proven === wanted ? instant : undefined));
}

function known<T extends string | number>(output: pulumi.Output<T | undefined>, of: string): pulumi.Output<T> {
  return output.apply((value) => {
    if (value === undefined) {
      throw failure(
        `${of}: the value of its token is not in the state: it was made by hand, and is dead, or no place showed its value when it was taken over. Take "holdAt" back: then the newest generation is current, and is minted where it has no token.`,
      );
    }
    return value;
  });
}
