import * as pulumi from "@pulumi/pulumi";
import type { FoundTokens } from "../contract/tokenList";
import type { TokenPermissions } from "../contract/types/permissions";
import { adopted, type Generation } from "../rotation/calendar/generations";
import { tokenName } from "../rotation/checks/names";
import { rotatesItself } from "../rotation/declaration/self";
import { allowed } from "../rotation/permissions/permissions";
import type { AccountArgs } from "./args";
import { namedPlaces } from "./consumers";
import { failure } from "./failures";
import { owner } from "./owner";
import * as runbook from "./runbook";
import type { Predecessor, Tracking } from "./tracking";

/** A resource that tells which token it proved, and when. */
export interface Proof extends pulumi.Resource {
  readonly tokenId: pulumi.Output<number>;
  readonly provedAt: pulumi.Output<string | undefined>;
}

/** The token of the current generation, whichever way it came. */
export interface TokenInUse extends pulumi.Resource {
  readonly tokenId: pulumi.Output<number | undefined>;
  readonly token: pulumi.Output<string | undefined>;
  readonly scopes: pulumi.Output<readonly string[]>;
  readonly permissions: pulumi.Output<readonly TokenPermissions[] | undefined>;
  /** What lost answers left of it; absent of a token that rotates itself. */
  readonly strayTokenIds?: pulumi.Output<readonly number[] | undefined>;
  readonly expiresAt: pulumi.Output<string>;
  readonly fault: pulumi.Output<string | undefined>;
}

/** The tokens of an account: one resource for each generation, which mints it, keeps it and in the end revokes it. */
export class Tokens {
  /** Each, in the order of their making. */
  readonly all: (runbook.PersonalAccessToken | runbook.SelfRotatingToken)[] = [];
  /** What GitLab says lives of the account's tokens; absent when it is not asked. A fault is data: it fails nothing. */
  readonly listed: pulumi.Output<FoundTokens> | undefined;

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

  /** The token of a generation: it comes before all places, whatever the dates ask of it. */
  of(generation: Generation): runbook.PersonalAccessToken {
    const { declaration, fleet } = this.args;
    const { adopt, formerly, rotation, token, onRemoval } = declaration;
    const made = new runbook.PersonalAccessToken(
      tokenName(this.name, generation.name),
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
        ...permissionsOf(token),
        expiresAt: generation.expiresAt,
        lifecycle: generation.lifecycle,
        onRemoval,
        ...(generation.name === adopted && adopt !== undefined ? { adoptTokenId: adopt.tokenId } : {}),
        consumers: namedPlaces(declaration),
        renewDays: rotation.marginDays + rotation.overlapDays,
        ...(this.listed === undefined ? {} : { liveTokenIds: this.listed.apply(liveIds) }),
        ...this.told,
        stoppedBy: this.account.fault,
      },
      this.options,
    );
    this.all.push(made);
    return made;
  }

  /** The token of a plain user, which rotates itself: one resource for all its generations, of which one lives. */
  rotating(generation: Generation): runbook.SelfRotatingToken {
    const { declaration, fleet } = this.args;
    const { account, adopt, decommission, onePassword, rotation, token, onRemoval } = declaration;
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
        ...permissionsOf(token),
        expiresAt: generation.expiresAt,
        place: { ...place },
        adopt: { ...adopt },
        onRemoval,
        ...(decommission === undefined ? {} : { decommission: decommission.reason }),
        renewDays: rotation.marginDays,
        ...this.told,
        stoppedBy: this.account.fault,
      },
      this.options,
    );
    this.all.push(made);
    return made;
  }
}

/** What fine-grained tokens may do, as the providers take it; nothing for legacy ones. */
export function permissionsOf({ permissions }: AccountArgs["declaration"]["token"]): {
  permissions?: readonly TokenPermissions[];
} {
  if (permissions === undefined) return {};
  return {
    permissions: permissions.map(({ allow: _allow, unlisted: _unlisted, ...place }, at) => ({
      ...place,
      allow: [...allowed(permissions[at] ?? { allow: [] })],
    })),
  };
}

/** Where they could not be listed, nothing is concluded. */
function liveIds({ tokens, fault }: FoundTokens): number[] | undefined {
  return fault === undefined ? tokens.map(({ id }) => id) : undefined;
}

/** An older token as the notice tells it: as its retirement left it, where there is one. */
export function predecessor(
  { name, lifecycle, expiresAt }: Generation,
  token: runbook.PersonalAccessToken | undefined,
  retirement: runbook.Retirement | undefined,
): Predecessor[] {
  if (token === undefined) return [];
  const status = pulumi
    .all([token.status as pulumi.Output<string | undefined>, retirement?.status as pulumi.Output<string | undefined>])
    .apply(([known = "unminted", ended]) => ended ?? known);
  const dies = (token.expiresAt as pulumi.Output<string | undefined>).apply((day) => day ?? expiresAt);
  return [
    {
      generation: pulumi.output(name),
      lifecycle: pulumi.output<string>(lifecycle),
      tokenId: token.tokenId,
      status,
      expiresAt: dies,
    },
  ];
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

/** What stops the steps after a token: its own fault, or that nobody knows its value. Empty when nothing does. */
export function stopOf(token: TokenInUse, title: string): pulumi.Output<string> {
  const stop = pulumi
    .all([token.fault, token.token])
    .apply(([fault, value]) =>
      fault || value !== undefined
        ? (fault ?? "")
        : `${title}: the value of its token is not in the state: it was made by hand, and is dead, or no place showed its value when it was taken over. Take "holdAt" back: then the newest generation is current, and is minted where it has no token.`,
    );
  // That a value is there is no secret: as one it would hide, step after step, what the account failed of.
  return pulumi.unsecret(stop);
}

/** The first fault among those of some steps; empty when none failed. No secret: no fault holds one, and all are to read it. */
export function firstFault(
  steps: readonly { readonly fault: pulumi.Output<string | undefined> }[],
): pulumi.Output<string> {
  const first = pulumi.all(steps.map(({ fault }) => fault)).apply((faults) => faults.find(Boolean) ?? "");
  return pulumi.unsecret(first);
}
