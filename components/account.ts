import * as pulumi from "@pulumi/pulumi";
import * as runbook from "runbook";
import type { Freeze } from "../rotation/declaration";
import { adopted, type Generation, generations } from "../rotation/generations";
import { rotatesItself } from "../rotation/self";
import type { AccountDeclaration } from "../rotation/settings";
import { Consumers } from "./consumers";
import { OwnedAccount } from "./ownedAccount";
import { owner } from "./owner";
import { minted, type Proof, predecessorOf, provedFor, type TokenInUse, Tokens } from "./tokens";
import { Tracking } from "./tracking";

/** What an account is rotated by. */
export interface AccountArgs {
  /** The account as declared. */
  readonly declaration: AccountDeclaration;
  /** The fleet's id: part of the mark that each token's description ends with. */
  readonly fleet: string;
  /** Days on which nothing rotates. */
  readonly freezes: readonly Freeze[];
  /** The UTC day that the run works for, `YYYY-MM-DD`. */
  readonly today: string;
  /** A generation whose day has come and which waits its turn. @default none */
  readonly waiting?: string | undefined;
  /** Whether GitLab is asked in this run which of the account's tokens live. @default false */
  readonly health?: boolean;
}

/** How an account stands after the run; a stack output. Dates only: nothing that changes by itself from day to day. */
export interface AccountState {
  /** The generation whose token the consumers hold. */
  readonly generation: string;
  /** The day on which that token dies, at 00:00 UTC. */
  readonly expiresAt: string;
  /** GitLab's id of that token. */
  readonly tokenId: number | undefined;
  /** Older tokens that still live, and why. */
  readonly held: readonly string[];
  /** Where the token is stored. */
  readonly consumers: readonly string[];
  /** The pipelines that proved it. */
  readonly proofs: readonly string[];
  /** When they had passed, an instant; absent while the proof is running. */
  readonly provedAt: string | undefined;
}

/**
 * A service account whose personal access token is rotated: look-up and guards, one token per generation, its proof, the
 * places that hold it, the pipelines that depend on it, and last the retirement of its predecessors. Each step waits for
 * the one before; a step that fails stops this account and no other.
 */
export class Account extends pulumi.ComponentResource {
  /** How the account stands; fails when one of its steps failed. Absent before the first rotation date. */
  readonly state: pulumi.Output<AccountState | undefined>;
  /** The tokens of its generations. */
  readonly tokens: Tokens;
  /** What stores the current one. */
  readonly places: readonly pulumi.CustomResource[] = [];
  /** What proves the current one; absent while nothing was rotated yet. */
  readonly proof?: Proof;

  constructor(name: string, args: AccountArgs, options?: pulumi.ComponentResourceOptions) {
    const { declaration } = args;
    super("pat-rotation:index:Account", name, {}, { ...options, ...renamed(declaration.formerly) });
    const child = { parent: this };
    const kept = { parent: this, retainOnDelete: true };
    const all = generations(declaration, args.freezes, args.today, args.waiting);
    const current = all.find((generation) => generation.lifecycle === "current");

    const tracking = new Tracking(name, args, current, child);

    const { own } = declaration.account;
    const owned = own === undefined ? undefined : new OwnedAccount(name, declaration.account, own, child);

    const account = new runbook.Account(
      name,
      {
        account: name,
        fleet: args.fleet,
        ...owner(declaration),
        username: declaration.account.username,
        scopes: [...declaration.token.scopes],
        generations: all.map(({ name, lifecycle, expiresAt }) => ({ name, lifecycle, expiresAt })),
        variables: declaration.variables.map((variable) => ({ ...variable })),
        items: declaration.onePassword.map((item) => ({ ...item })),
        pipelines: declaration.proof.map((pipeline) => ({ ...pipeline, jobs: [...pipeline.jobs] })),
        ...(declaration.adopt === undefined ? {} : { adopt: { ...declaration.adopt } }),
        ...(declaration.compromised.length === 0
          ? {}
          : { compromised: declaration.compromised.map((leak) => ({ ...leak })) }),
        ...(rotatesItself(declaration.account) ? { tokenName: declaration.token.name } : {}),
        ...(owned === undefined ? {} : { serviceAccountId: owned.id }),
        ...tracking.told,
      },
      { ...child, dependsOn: [...(tracking.issue === undefined ? [] : [tracking.issue]), ...(owned?.resources ?? [])] },
    );

    const tokens = new Tokens(name, args, account, tracking.told, child);
    this.tokens = tokens;

    const { decommission } = declaration;
    if (decommission !== undefined) {
      for (const generation of all)
        if (rotatesItself(declaration.account)) tokens.rotating(generation);
        else tokens.ended(generation, decommission.reason);
      this.state = pulumi.output(undefined);
      this.registerOutputs({});
      return;
    }
    if (current === undefined) {
      tracking.announceNext();
      this.state = pulumi.output(undefined);
      this.registerOutputs({});
      return;
    }
    const rotating = rotatesItself(declaration.account) ? tokens.rotating(current) : undefined;
    const currentToken: TokenInUse = rotating ?? tokens.living(current);
    const previous = all.filter((generation) => generation.lifecycle === "previous");
    const previousTokens = previous.map((generation) => tokens.living(generation));
    if (all.every((generation) => generation.name === "adopted")) {
      // Nothing was rotated yet: the consumers hold the hand-made token, and are left as they are.
      tracking.announceNext();
      this.state = currentToken.tokenId.apply((tokenId) => state(current, tokenId, [], [], [], undefined));
      this.registerOutputs({});
      return;
    }

    const isLeaked = ({ name }: Generation) => declaration.compromised.some(({ generation }) => generation === name);
    // In a first run that comes late, the hand-made token is retired before it was ever taken over.
    const late = all.find((one) => one.name === adopted && one.lifecycle === "retired" && one.expiresAt > args.today);
    const inUse = minted(currentToken, `Generation "${current.name}" of account "${name}"`);
    const tokenProof = new runbook.TokenProof(
      name,
      {
        account: name,
        generation: current.name,
        ...inUse,
        userId: account.userId,
        scopes: currentToken.scopes,
        expiresAt: currentToken.expiresAt,
        ...(late === undefined || declaration.adopt === undefined || isLeaked(late)
          ? {}
          : { adoptTokenId: declaration.adopt.tokenId, consumers: Consumers.named(declaration) }),
        ...tracking.told,
      },
      child,
    );
    const consumers = new Consumers(
      name,
      declaration,
      { ...inUse, expiresAt: currentToken.expiresAt },
      // An adopted value is read from its places before they hold another. Where a token rotated itself the places hold a
      // dead one by now: they wait for no test.
      { ...kept, dependsOn: rotating === undefined ? [tokenProof, ...previousTokens] : [] },
    );
    this.places = consumers.resources;
    tracking.tellOf(consumers.named, [tokenProof, ...previousTokens]);
    const proof = {
      consumers: [...consumers.places],
      pipelines: declaration.proof.map((pipeline) => ({ ...pipeline, jobs: [...pipeline.jobs] })),
    };
    const placement =
      declaration.proof.length === 0
        ? undefined
        : new runbook.Placement(
            name,
            { account: name, generation: current.name, tokenId: inUse.tokenId, ...proof, ...tracking.told },
            { ...child, dependsOn: [tokenProof, ...consumers.resources] },
          );
    const knownTokenIds = pulumi
      .all([currentToken.tokenId, ...previousTokens.map((previousToken) => previousToken.tokenId)])
      .apply((ids) => ids.filter((id) => id !== undefined));
    const successor = { generation: current.name, ...inUse, consumers, knownTokenIds };
    const retired = all.filter((generation) => generation.lifecycle === "retired");
    // A leaked token dies as soon as its successor is in place: pipelines are run after that, and it is never put back.
    const leakedTokens = retired
      .filter(isLeaked)
      .map((generation) =>
        tokens.retired(generation, { ...successor, proof: tokenProof }, [tokenProof, ...consumers.resources]),
      );
    const earlier = earlierOf(previousTokens, tokenProof);
    const pipelineProof =
      placement === undefined
        ? undefined
        : new runbook.PipelineProof(
            name,
            {
              account: name,
              generation: current.name,
              ...inUse,
              expiresAt: currentToken.expiresAt,
              previousToken: earlier.token as pulumi.Output<string>,
              previousGeneration: earlier.generation as pulumi.Output<string>,
              ...proof,
              ...tracking.told,
              ...(rotating === undefined ? {} : { earlierIsDead: true }),
              marks: placement.marks,
              markedBy: placement.run,
            },
            { ...child, dependsOn: leakedTokens },
          );
    const lastProof = pipelineProof ?? tokenProof;
    this.proof = lastProof;
    const provedAt = provedFor(inUse.tokenId, lastProof);
    const retiredTokens = [
      ...leakedTokens,
      ...retired
        .filter((generation) => !isLeaked(generation))
        .map((generation) => tokens.retired(generation, { ...successor, proof: lastProof }, [lastProof])),
    ];

    tracking.report({
      token: currentToken,
      tokenId: inUse.tokenId,
      provedAt,
      pipelineProof,
      predecessors: [...previousTokens, ...retiredTokens, ...(rotating === undefined ? [] : [predecessorOf(rotating)])],
      places: consumers.titles,
    });

    this.state = pulumi
      .all([
        currentToken.tokenId,
        provedAt,
        pulumi.all([...retiredTokens, ...previousTokens].map(heldBy)),
        pipelineProof?.runs,
      ])
      .apply(([tokenId, proved, held, runs]) =>
        state(
          current,
          tokenId,
          held.filter(Boolean),
          consumers.titles,
          (runs ?? []).map((run) => run.url),
          proved,
        ),
      );
    this.registerOutputs({});
  }
}

function renamed(formerly: string | undefined): pulumi.ComponentResourceOptions {
  return formerly === undefined ? {} : { aliases: [{ name: formerly }] };
}

function heldBy(token: runbook.PersonalAccessToken): pulumi.Output<string> {
  return pulumi
    .all([token.generation, token.hold])
    .apply(([generation, hold]) => (hold ? `${generation}: ${hold}` : ""));
}

/** What can be put back: the newest of those before that was minted, else the hand-made token. */
function earlierOf(previous: readonly runbook.PersonalAccessToken[], { adoptedToken }: runbook.TokenProof) {
  const all = previous.map(({ token, generation }) => pulumi.all([token, generation]));
  const byHand = pulumi.all([adoptedToken, pulumi.output<string>(adopted)]);
  const newest = pulumi.all([byHand, ...all]).apply((known) => known.filter(([token]) => token !== undefined).at(-1));
  return {
    token: newest.apply((found) => found?.[0]),
    generation: pulumi.unsecret(newest.apply((found) => found?.[1])),
  };
}

function state(
  current: Generation,
  tokenId: number | undefined,
  held: readonly string[],
  consumers: readonly string[],
  proofs: readonly string[],
  provedAt: string | undefined,
): AccountState {
  return { generation: current.name, expiresAt: current.expiresAt, tokenId, held, consumers, proofs, provedAt };
}
