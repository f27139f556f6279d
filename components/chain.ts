import * as pulumi from "@pulumi/pulumi";
import * as runbook from "runbook";
import { adopted, type Generation } from "../rotation/generations";
import type { AccountArgs } from "./account";
import { Consumers } from "./consumers";
import { type Minted, minted, type Proof, provedFor, type TokenInUse, type Tokens } from "./tokens";
import type { Tracking } from "./tracking";

/** What a chain begins with. */
export interface Beginning {
  readonly account: runbook.Account;
  /** Every generation of the account, of which `current` is one. */
  readonly all: readonly Generation[];
  readonly current: Generation;
  readonly tokens: Tokens;
  readonly currentToken: TokenInUse;
  /** The current token came from the one before by rotating itself: that one is dead. */
  readonly rotatedItself: boolean;
  /** The tokens that live on beside the current one. */
  readonly previousTokens: readonly runbook.PersonalAccessToken[];
  readonly tracking: Tracking;
}

/**
 * What happens to the token of the current generation, each step after the one before: it is tested, stored in every place,
 * and proven by the pipelines; then the tokens before it are retired.
 */
export class Chain {
  /** Its id and value. */
  readonly token: Minted;
  /** The places that hold it. */
  readonly consumers: Consumers;
  /** Absent when no pipeline is declared. */
  readonly pipelineProof: runbook.PipelineProof | undefined;
  /** The last of its proofs. */
  readonly proof: Proof;
  /** When it was proven; absent while it is not. */
  readonly provedAt: pulumi.Output<string | undefined>;
  /** The tokens that are revoked, if they may. */
  readonly retiredTokens: readonly runbook.PersonalAccessToken[];

  constructor(
    private readonly name: string,
    private readonly args: AccountArgs,
    private readonly from: Beginning,
    private readonly options: pulumi.CustomResourceOptions,
  ) {
    const { all, current, tokens, currentToken, previousTokens, tracking } = from;
    this.token = minted(currentToken, `Generation "${current.name}" of account "${name}"`);
    const tokenProof = this.tested();
    this.consumers = this.stored(tokenProof);
    tracking.tellOf(this.consumers.named, [tokenProof, ...previousTokens]);
    const placement = this.placed(tokenProof);
    const knownTokenIds = pulumi
      .all([currentToken.tokenId, ...previousTokens.map((previousToken) => previousToken.tokenId)])
      .apply((ids) => ids.filter((id) => id !== undefined));
    const successor = { generation: current.name, ...this.token, consumers: this.consumers, knownTokenIds };
    const retired = all.filter((generation) => generation.lifecycle === "retired");
    // A leaked token dies as soon as its successor is in place: pipelines are run after that, and it is never put back.
    const leakedTokens = retired
      .filter((generation) => this.isLeaked(generation))
      .map((generation) =>
        tokens.retired(generation, { ...successor, proof: tokenProof }, [tokenProof, ...this.consumers.resources]),
      );
    this.pipelineProof = placement === undefined ? undefined : this.proven(placement, tokenProof, leakedTokens);
    const proof = this.pipelineProof ?? tokenProof;
    this.proof = proof;
    this.provedAt = provedFor(this.token.tokenId, proof);
    this.retiredTokens = [
      ...leakedTokens,
      ...retired
        .filter((generation) => !this.isLeaked(generation))
        .map((generation) => tokens.retired(generation, { ...successor, proof }, [proof])),
    ];
  }

  private tested(): runbook.TokenProof {
    const { account, all, currentToken } = this.from;
    const { declaration, today } = this.args;
    // In a first run that comes late, the hand-made token is retired before it was ever taken over.
    const late = all.find((one) => one.name === adopted && one.lifecycle === "retired" && one.expiresAt > today);
    return new runbook.TokenProof(
      this.name,
      {
        ...this.step(),
        ...this.token,
        userId: account.userId,
        scopes: currentToken.scopes,
        expiresAt: currentToken.expiresAt,
        ...(late === undefined || declaration.adopt === undefined || this.isLeaked(late)
          ? {}
          : { adoptTokenId: declaration.adopt.tokenId, consumers: Consumers.named(declaration) }),
      },
      this.options,
    );
  }

  private stored(tokenProof: runbook.TokenProof): Consumers {
    const { currentToken, previousTokens, rotatedItself } = this.from;
    return new Consumers(
      this.name,
      this.args.declaration,
      { ...this.token, expiresAt: currentToken.expiresAt },
      // An adopted value is read from its places before they hold another. Where a token rotated itself the places hold a
      // dead one by now: they wait for no test.
      { ...this.options, retainOnDelete: true, dependsOn: rotatedItself ? [] : [tokenProof, ...previousTokens] },
    );
  }

  private placed(tokenProof: runbook.TokenProof): runbook.Placement | undefined {
    if (this.args.declaration.proof.length === 0) return undefined;
    return new runbook.Placement(
      this.name,
      { ...this.step(), tokenId: this.token.tokenId, ...this.proofArgs() },
      { ...this.options, dependsOn: [tokenProof, ...this.consumers.resources] },
    );
  }

  private proven(
    { marks, run }: runbook.Placement,
    tokenProof: runbook.TokenProof,
    after: pulumi.Resource[],
  ): runbook.PipelineProof {
    const { currentToken, previousTokens, rotatedItself } = this.from;
    const earlier = earlierOf(previousTokens, tokenProof);
    return new runbook.PipelineProof(
      this.name,
      {
        ...this.step(),
        ...this.token,
        expiresAt: currentToken.expiresAt,
        previousToken: earlier.token as pulumi.Output<string>,
        previousGeneration: earlier.generation as pulumi.Output<string>,
        ...this.proofArgs(),
        ...(rotatedItself ? { earlierIsDead: true } : {}),
        marks,
        markedBy: run,
      },
      { ...this.options, dependsOn: after },
    );
  }

  /** What every step is told. */
  private step() {
    return { account: this.name, generation: this.from.current.name, ...this.from.tracking.told };
  }

  /** The places, and the pipelines that prove what they hold. */
  private proofArgs() {
    return {
      consumers: [...this.consumers.places],
      pipelines: this.args.declaration.proof.map((pipeline) => ({ ...pipeline, jobs: [...pipeline.jobs] })),
    };
  }

  private isLeaked({ name }: Generation): boolean {
    return this.args.declaration.compromised.some(({ generation }) => generation === name);
  }
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
