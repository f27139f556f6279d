import * as pulumi from "@pulumi/pulumi";
import * as runbook from "runbook";
import type { Freeze } from "../rotation/declaration";
import { type Generation, generations } from "../rotation/generations";
import { rotatesItself } from "../rotation/self";
import type { AccountDeclaration } from "../rotation/settings";
import { Chain } from "./chain";
import { OwnedAccount } from "./ownedAccount";
import { owner } from "./owner";
import { type Proof, predecessorOf, type TokenInUse, Tokens } from "./tokens";
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
    const all = generations(declaration, args.freezes, args.today, args.waiting);
    const current = all.find((generation) => generation.lifecycle === "current");
    const tracking = new Tracking(name, args, current, child);
    const account = lookedUp(name, args, all, tracking, child);
    const tokens = new Tokens(name, args, account, tracking.told, child);
    this.tokens = tokens;

    const isSelf = rotatesItself(declaration.account);
    const { decommission } = declaration;
    if (decommission !== undefined) {
      for (const generation of all)
        if (isSelf) tokens.rotating(generation);
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
    const rotating = isSelf ? tokens.rotating(current) : undefined;
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

    const rotatedItself = rotating !== undefined;
    const beginning = { account, all, current, tokens, currentToken, rotatedItself, previousTokens, tracking };
    const chain = new Chain(name, args, beginning, child);
    const { consumers, pipelineProof, provedAt, retiredTokens } = chain;
    this.places = consumers.resources;
    this.proof = chain.proof;
    tracking.report({
      token: currentToken,
      tokenId: chain.token.tokenId,
      provedAt,
      pipelineProof,
      predecessors: [...previousTokens, ...retiredTokens, ...(rotating === undefined ? [] : [predecessorOf(rotating)])],
      places: consumers.titles,
    });
    const held = pulumi.all([...retiredTokens, ...previousTokens].map(heldBy));
    this.state = pulumi
      .all([currentToken.tokenId, provedAt, held, pipelineProof?.runs])
      .apply(([tokenId, proved, holds, runs = []]) =>
        state(
          current,
          tokenId,
          holds.filter(Boolean),
          consumers.titles,
          runs.map((run) => run.url),
          proved,
        ),
      );
    this.registerOutputs({});
  }
}

/** Looks the account up; first makes it, where the stack owns it. Comes after the issue, which it tells of a failure. */
function lookedUp(
  name: string,
  { declaration, fleet }: AccountArgs,
  all: readonly Generation[],
  { issue, told }: Tracking,
  options: { readonly parent: pulumi.Resource },
): runbook.Account {
  const { account, adopt, compromised, onePassword, proof, token, variables } = declaration;
  const owned = account.own === undefined ? undefined : new OwnedAccount(name, account, account.own, options);
  return new runbook.Account(
    name,
    {
      account: name,
      fleet,
      ...owner(declaration),
      username: account.username,
      scopes: [...token.scopes],
      generations: all.map(({ name, lifecycle, expiresAt }) => ({ name, lifecycle, expiresAt })),
      variables: variables.map((variable) => ({ ...variable })),
      items: onePassword.map((item) => ({ ...item })),
      pipelines: proof.map((pipeline) => ({ ...pipeline, jobs: [...pipeline.jobs] })),
      ...(adopt === undefined ? {} : { adopt: { ...adopt } }),
      ...(compromised.length === 0 ? {} : { compromised: compromised.map((leak) => ({ ...leak })) }),
      ...(rotatesItself(account) ? { tokenName: token.name } : {}),
      ...(owned === undefined ? {} : { serviceAccountId: owned.id }),
      ...told,
    },
    { ...options, dependsOn: [...(issue === undefined ? [] : [issue]), ...(owned?.resources ?? [])] },
  );
}

function renamed(formerly: string | undefined): pulumi.ComponentResourceOptions {
  return formerly === undefined ? {} : { aliases: [{ name: formerly }] };
}

function heldBy(token: runbook.PersonalAccessToken): pulumi.Output<string> {
  return pulumi
    .all([token.generation, token.hold])
    .apply(([generation, hold]) => (hold ? `${generation}: ${hold}` : ""));
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
