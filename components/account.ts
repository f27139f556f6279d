import * as pulumi from "@pulumi/pulumi";
import type { Run } from "../contract/types/pipelines";
import { targetsOf } from "../places/declared";
import { adopted, type Generation, generations, nextOpening } from "../rotation/calendar/generations";
import { rotatesItself } from "../rotation/declaration/self";
import type { AccountArgs } from "./args";
import { Chain } from "./chain";
import { Ending } from "./ending";
import { OwnedAccount } from "./ownedAccount";
import { owner } from "./owner";
import * as runbook from "./runbook";
import { firstFault, type Proof, permissionsOf, predecessor, predecessorOf, type TokenInUse, Tokens } from "./tokens";
import { Tracking } from "./tracking";

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
  /** What a step of this run failed of. */
  readonly failed?: string;
}

/**
 * A service account whose personal access token is rotated: look-up and guards, one token per generation, its proof, the
 * places that hold it, the pipelines that depend on it, and last the retirement of its predecessors. Each step waits for
 * the one before; a step that fails stops the later steps of this account, and nothing of any other.
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
  /** What ends the older ones, if it may, by the names of their generations. */
  readonly retirementOf: ReadonlyMap<string, runbook.Retirement> = new Map();
  /** What else was made of it, and has no fault to tell. */
  readonly others: readonly pulumi.Resource[] = [];
  /** All that tell a fault, in the order in which they are done. */
  readonly steps: readonly { readonly fault: pulumi.Output<string | undefined> }[];
  /** What could not be looked at that a step may be refused for; of a preview alone. */
  readonly unchecked: pulumi.Output<readonly string[] | undefined>;
  /** What stopped it, in words; empty when nothing did. Settles when its last step has ended. */
  readonly fault: pulumi.Output<string>;

  constructor(name: string, args: AccountArgs, options?: pulumi.ComponentResourceOptions) {
    const { declaration } = args;
    super("pat-rotation:index:Account", name, {}, { ...options, ...renamed(declaration.formerly) });
    const child = { parent: this };
    const all = generations(declaration, args.freezes, args.today, args.waiting);
    const current = all.find((generation) => generation.lifecycle === "current");
    const tracking = new Tracking(name, args, current, child);
    const account = lookedUp(name, args, all, tracking, child);
    this.unchecked = account.unchecked;
    const tokens = new Tokens(name, args, account, tracking.told, child);
    this.tokens = tokens;

    const isSelf = rotatesItself(declaration.account);
    const { decommission } = declaration;
    if (decommission !== undefined) {
      const ending = new Ending(name, args, child, { account, told: tracking.told });
      if (isSelf) for (const generation of all) tokens.rotating(generation);
      else
        this.retirementOf = new Map(
          all.map((one) => [one.name, ending.decommissioned(one, tokens.of(one), decommission.reason)]),
        );
      this.steps = [account, ...tokens.all, ...this.retirementOf.values()];
      this.fault = firstFault(this.steps);
      this.state = pulumi.output(undefined);
      this.registerOutputs({});
      return;
    }
    if (current === undefined) {
      tracking.announceNext();
      this.steps = [account];
      this.fault = firstFault(this.steps);
      this.state = pulumi.output(undefined);
      this.registerOutputs({});
      return;
    }
    const rotating = isSelf ? tokens.rotating(current) : undefined;
    const currentToken: TokenInUse = rotating ?? tokens.of(current);
    const olderTokens = new Map(
      isSelf ? [] : all.filter((one) => one !== current).map((one) => [one.name, tokens.of(one)]),
    );
    if (all.every((generation) => generation.name === adopted)) {
      // Nothing was rotated yet: the consumers hold the hand-made token, and are left as they are.
      tracking.announceNext();
      this.steps = [account, ...tokens.all];
      this.fault = firstFault(this.steps);
      this.state = currentToken.tokenId.apply((tokenId) => state(current, tokenId, [], [], [], undefined));
      this.registerOutputs({});
      return;
    }

    const rotatedItself = rotating !== undefined;
    const beginning = { account, all, current, currentToken, rotatedItself, olderTokens, tracking };
    const chain = new Chain(name, args, beginning, child);
    const { consumers, proof, provedAt, retirementOf } = chain;
    this.places = consumers.resources;
    this.proof = proof;
    this.retirementOf = retirementOf;
    this.steps = [account, ...tokens.all, ...chain.steps];
    this.fault = firstFault(this.steps);
    tracking.report({
      token: currentToken,
      provedAt,
      runs: proof.runs,
      predecessors: [
        ...all.flatMap((one) => predecessor(one, olderTokens.get(one.name), retirementOf.get(one.name))),
        ...(rotating === undefined ? [] : [predecessorOf(rotating)]),
      ],
      places: consumers.titles,
      stoppedBy: proof.fault,
    });
    this.others = [...this.places, ...tracking.all];
    const held = pulumi.all([...retirementOf.values()].map(heldBy));
    this.state = pulumi
      .all([currentToken.tokenId, provedAt, held, proof.runs as pulumi.Output<readonly Run[] | undefined>])
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
  { declaration, declared, fleet, freezes, today }: AccountArgs,
  all: readonly Generation[],
  { issue, told }: Tracking,
  options: { readonly parent: pulumi.Resource },
): runbook.Account {
  const { account, adopt, compromised, onRemoval, proof, token } = declaration;
  const owned = account.own === undefined ? undefined : new OwnedAccount(name, account, account.own, options);
  return new runbook.Account(
    name,
    {
      account: name,
      fleet,
      ...owner(declaration),
      // Which places the others declare is known before it is guarded against sharing one with them.
      username: declared.apply(() => account.username),
      scopes: [...token.scopes],
      ...permissionsOf(token),
      ...(token.legacyReason === undefined ? {} : { legacyReason: token.legacyReason }),
      generations: all.map(({ name, lifecycle, expiresAt }) => ({ name, lifecycle, expiresAt })),
      ...targetsOf(declaration),
      pipelines: proof.map((pipeline) => ({ ...pipeline, jobs: [...pipeline.jobs] })),
      ...(adopt === undefined ? {} : { adopt: { ...adopt } }),
      ...(compromised.length === 0 ? {} : { compromised: compromised.map((leak) => ({ ...leak })) }),
      ...(all.every(({ name: generation }) => generation === adopted)
        ? { beginsOn: nextOpening(declaration, freezes, today).date }
        : {}),
      ...(rotatesItself(account) ? { tokenName: token.name } : {}),
      ...(rotatesItself(account) && onRemoval === "release" ? { released: true } : {}),
      ...(owned === undefined ? {} : { serviceAccountId: owned.id, stoppedBy: owned.fault }),
      ...told,
    },
    { ...options, dependsOn: [...(issue === undefined ? [] : [issue]), ...(owned?.resources ?? [])] },
  );
}

function renamed(formerly: string | undefined): pulumi.ComponentResourceOptions {
  return formerly === undefined ? {} : { aliases: [{ name: formerly }] };
}

/** One that is dead is held by nothing, whatever its sweeping waits for. */
function heldBy({ generation, hold, status }: runbook.Retirement): pulumi.Output<string> {
  return pulumi
    .all([generation, hold, status])
    .apply(([name, reason, lives]) => (reason && lives === "live" ? `${name}: ${reason}` : ""));
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
