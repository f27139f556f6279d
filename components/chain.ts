import * as pulumi from "@pulumi/pulumi";
import type { Leftovers } from "../contract/pipelineProof";
import type { TokenPermissions } from "../contract/types/permissions";
import { adopted, type Generation } from "../rotation/calendar/generations";
import type { AccountArgs } from "./args";
import { Consumers, namedPlaces } from "./consumers";
import { Ending } from "./ending";
import { optional } from "./known";
import { leftoversOf } from "./leftovers";
import * as runbook from "./runbook";
import { firstFault, provedFor, stopOf, type TokenInUse } from "./tokens";
import type { Tracking } from "./tracking";

/** How often a proof is tried before it gives up. */
const attempts = 3;

/** What a chain begins with. */
export interface Beginning {
  readonly account: runbook.Account;
  /** Every generation of the account, of which `current` is one. */
  readonly all: readonly Generation[];
  readonly current: Generation;
  readonly currentToken: TokenInUse;
  /** The current token came from the one before by rotating itself: that one is dead. */
  readonly rotatedItself: boolean;
  /** The tokens of all other generations, by their names. */
  readonly olderTokens: ReadonlyMap<string, runbook.PersonalAccessToken>;
  readonly tracking: Tracking;
}

/**
 * What happens to the token of the current generation, each step after the one before: it is tested, stored in every place,
 * and proven by the pipelines; then the tokens before it are retired. A step that fails tells the next one so, and that does
 * nothing.
 */
export class Chain {
  /** The places that hold it. */
  readonly consumers: Consumers;
  /** The last of its proofs; where no pipeline is declared, that all places hold it. */
  readonly proof: runbook.PipelineProof;
  /** When it was proven; absent while it is not. */
  readonly provedAt: pulumi.Output<string | undefined>;
  /** The ends of the tokens before it, by the names of their generations. */
  readonly retirementOf: ReadonlyMap<string, runbook.Retirement>;
  /** All steps that tell a fault, the first ones first. */
  readonly steps: readonly { readonly fault: pulumi.Output<string | undefined> }[];
  private readonly token: { readonly tokenId: pulumi.Output<number>; readonly token: pulumi.Output<string> };

  constructor(
    private readonly name: string,
    private readonly args: AccountArgs,
    private readonly from: Beginning,
    private readonly options: pulumi.CustomResourceOptions,
  ) {
    const { all, currentToken, olderTokens } = from;
    // Where one is missing, the steps after it are stopped, and take neither.
    this.token = {
      tokenId: currentToken.tokenId as pulumi.Output<number>,
      token: currentToken.token as pulumi.Output<string>,
    };
    const tokenProof = this.tested();
    this.consumers = this.stored(tokenProof);
    const placement = this.placed(tokenProof);
    const previousIds = this.previous().map(({ tokenId }) => tokenId);
    const ending = new Ending(name, args, options, {
      account: from.account,
      successor: { generation: from.current.name, ...this.token },
      consumers: this.consumers,
      knownTokenIds: pulumi
        .all([currentToken.tokenId, ...previousIds])
        .apply((ids) => ids.filter((id) => id !== undefined)),
      told: from.tracking.told,
    });
    const ends = new Map<string, runbook.Retirement>();
    const retired = all.flatMap((generation) => {
      const token = olderTokens.get(generation.name);
      return generation.lifecycle === "retired" && token !== undefined ? [{ generation, token }] : [];
    });
    // A leaked token dies as soon as its successor is in place: pipelines are run after that, and it is never put back.
    for (const { generation, token } of retired.filter((one) => this.isLeaked(one.generation)))
      ends.set(generation.name, ending.leaked(generation, token, tokenProof));
    this.proof = this.proven(placement, tokenProof, [...ends.values()]);
    this.provedAt = provedFor(this.token.tokenId, this.proof);
    for (const { generation, token } of retired.filter((one) => !this.isLeaked(one.generation)))
      ends.set(generation.name, ending.succeeded(generation, token, this.proof));
    this.retirementOf = ends;
    this.steps = [tokenProof, ...(placement === undefined ? [] : [placement]), this.proof, ...ends.values()];
  }

  /** The tokens that live on beside the current one, oldest first. */
  private previous(): runbook.PersonalAccessToken[] {
    const { all, olderTokens } = this.from;
    return all.flatMap(({ name, lifecycle }) => {
      const token = olderTokens.get(name);
      return lifecycle === "previous" && token !== undefined ? [token] : [];
    });
  }

  private tested(): runbook.TokenProof {
    const { account, all, current, currentToken } = this.from;
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
        // What it was minted with; a legacy account gives none, or a preview would not know.
        ...(declaration.token.permissions === undefined
          ? {}
          : { permissions: currentToken.permissions as pulumi.Output<readonly TokenPermissions[]> }),
        expiresAt: currentToken.expiresAt,
        ...(late === undefined || declaration.adopt === undefined || this.isLeaked(late)
          ? {}
          : { adoptTokenId: declaration.adopt.tokenId, consumers: namedPlaces(declaration) }),
        // An adopted value is read from its places before they hold another.
        stoppedBy: firstFault([
          { fault: stopOf(currentToken, `Generation "${current.name}" of account "${this.name}"`) },
          ...this.previous(),
        ]),
      },
      // After all tokens, whatever the dates ask of them: an engine that passes over a step takes it with what it needed then.
      { ...this.options, dependsOn: [...this.from.olderTokens.values()] },
    );
  }

  private stored(tokenProof: runbook.TokenProof): Consumers {
    const { currentToken, rotatedItself } = this.from;
    // Where a token rotated itself the places hold a dead one by now: they wait for no test.
    const stop = rotatedItself ? stopOf(currentToken, this.name) : tokenProof.fault;
    return new Consumers(
      this.name,
      this.args.declaration,
      {
        // Nothing is stored after a step that failed: an empty value leaves a place as it is.
        token: pulumi.all([this.token.token, stop]).apply(([token, fault]) => (fault ? "" : token)),
        expiresAt: currentToken.expiresAt,
      },
      { ...this.options, retainOnDelete: true, dependsOn: rotatedItself ? [] : [tokenProof, ...this.previous()] },
    );
  }

  private placed(tokenProof: runbook.TokenProof): runbook.Placement | undefined {
    if (this.args.declaration.proof.length === 0) return undefined;
    return new runbook.Placement(
      this.name,
      { ...this.step(), tokenId: this.token.tokenId, ...this.proofArgs(), stoppedBy: tokenProof.fault },
      { ...this.options, dependsOn: [tokenProof, ...this.consumers.resources] },
    );
  }

  private proven(
    placement: runbook.Placement | undefined,
    tokenProof: runbook.TokenProof,
    leaked: readonly pulumi.Resource[],
  ): runbook.PipelineProof {
    const { currentToken, rotatedItself } = this.from;
    const earlier = earlierOf(this.previous(), tokenProof);
    return new runbook.PipelineProof(
      this.name,
      {
        ...this.step(),
        ...this.token,
        expiresAt: currentToken.expiresAt,
        previousToken: earlier.token as pulumi.Output<string>,
        previousGeneration: earlier.generation as pulumi.Output<string>,
        marginDays: this.args.declaration.rotation.marginDays,
        ...this.proofArgs(),
        ...this.maxAttempts(),
        ...(rotatedItself ? { earlierIsDead: true } : {}),
        ...this.leftovers(),
        ...(placement === undefined ? {} : { marks: placement.marks, markedBy: placement.run }),
        stoppedBy: placement?.fault ?? tokenProof.fault,
      },
      { ...this.options, dependsOn: [tokenProof, ...this.consumers.resources, ...leaked] },
    );
  }

  private leftovers(): { readonly leftovers?: pulumi.Output<Leftovers> } {
    const { account, all, current, currentToken } = this.from;
    if (all.length > 1 || currentToken.strayTokenIds === undefined) return {};
    const strayTokenIds = optional(currentToken.strayTokenIds, currentToken.tokenId);
    const left = leftoversOf(this.args, account, current, { ...this.token, strayTokenIds });
    return { leftovers: left as pulumi.Output<Leftovers> };
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

  /** As many attempts again for each time that the proof of this generation was taken up. */
  private maxAttempts(): { readonly maxAttempts?: number } {
    const again = this.args.declaration.retries.filter(
      ({ generation }) => generation === this.from.current.name,
    ).length;
    return again === 0 ? {} : { maxAttempts: attempts * (1 + again) };
  }

  private isLeaked({ name }: Generation): boolean {
    return this.args.declaration.compromised.some(({ generation }) => generation === name);
  }
}

/** What can be put back: the newest of those before that was minted, else the hand-made token. */
function earlierOf(previous: readonly runbook.PersonalAccessToken[], { adoptedToken, provedAt }: runbook.TokenProof) {
  const all = previous.map(({ token, generation }) => pulumi.all([token, generation]));
  const byHand = pulumi.all([optional(adoptedToken, provedAt), pulumi.output<string>(adopted)]);
  const newest = pulumi.all([byHand, ...all]).apply((known) => known.filter(([token]) => token !== undefined).at(-1));
  return {
    token: newest.apply((found) => found?.[0]),
    generation: pulumi.unsecret(newest.apply((found) => found?.[1])),
  };
}
