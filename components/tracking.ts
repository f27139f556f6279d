import * as pulumi from "@pulumi/pulumi";
import type { TokenPermissions as Minted } from "../contract/types/permissions";
import type { Run } from "../contract/types/pipelines";
import type { StepIssue } from "../contract/types/step";
import { type Generation, nextOpening } from "../rotation/calendar/generations";
import { announcementName, tokenName } from "../rotation/checks/names";
import { placeTexts, proofText } from "../rotation/declaration/places";
import { keptIn, rotatesItself } from "../rotation/declaration/self";
import type { Issue } from "../rotation/declaration/settings";
import { permissionTexts, type TokenPermissions } from "../rotation/permissions/permissions";
import { announced } from "../rotation/plan/notice";
import type { AccountArgs } from "./args";
import * as runbook from "./runbook";

/** An older token, as the notice of a rotation tells it. */
export interface Predecessor {
  readonly generation: pulumi.Output<string>;
  readonly lifecycle: pulumi.Output<string>;
  readonly tokenId: pulumi.Output<number | undefined>;
  readonly status: pulumi.Output<string>;
  readonly expiresAt: pulumi.Output<string>;
}

/** What a rotation came to. */
interface Facts {
  /** The token of the current generation. */
  readonly token: {
    readonly tokenId: pulumi.Output<number | undefined>;
    readonly expiresAt: pulumi.Output<string>;
    readonly permissions: pulumi.Output<readonly Minted[] | undefined>;
  };
  /** When it was proven; absent while it is not. */
  readonly provedAt: pulumi.Output<string | undefined>;
  /** What proved it. */
  readonly runs: pulumi.Output<readonly Run[]>;
  /** The tokens before it. */
  readonly predecessors: readonly Predecessor[];
  /** Where it is stored. */
  readonly places: readonly string[];
  /** What its proof failed of: then there is nothing to tell yet. */
  readonly stoppedBy: pulumi.Output<string>;
}

/**
 * Where an account's rotations are announced and reported: an issue for the current one, which comes before all of its
 * steps; the notice of what came of it, after them; and an issue for the next one, once its announcement is due. Nothing at
 * all for an account that declares no issue.
 */
export class Tracking {
  /** Comes before the account's steps, so that they can tell it what they failed of. */
  readonly issue: runbook.TrackingIssue | undefined;
  /** For the steps of the current rotation: the issue to tell of a failure. */
  readonly told: { readonly issue?: StepIssue };
  /** The issues and the notice, in the order of their making. */
  readonly all: pulumi.Resource[] = [];
  private readonly declared: Issue | undefined;

  constructor(
    private readonly name: string,
    private readonly args: AccountArgs,
    private readonly current: Generation | undefined,
    private readonly options: pulumi.CustomResourceOptions,
  ) {
    this.declared = args.declaration.issue;
    const isRotation = this.declared !== undefined && current?.date !== undefined;
    this.issue = isRotation ? this.issueOf(current, current.date) : undefined;
    const self = rotatesItself(args.declaration.account) ? { rotatesItself: true } : {};
    this.told = isRotation ? { issue: { ...place(this.declared), ...this.rotation(current), ...self } } : {};
  }

  /** Tells what came of the current rotation, and announces the next. */
  report(facts: Facts): void {
    this.announceNext(this.notice(facts), facts.stoppedBy);
  }

  /** Announces the next rotation, if that is due. */
  announceNext(after?: pulumi.Resource, stoppedBy?: pulumi.Output<string>): void {
    const { declaration, freezes, today } = this.args;
    const next = announced(declaration, freezes, today);
    if (next?.date === undefined) return;
    // A person's issue is free for the next rotation only when the current one is done with it.
    const waits = after !== undefined && declaration.issue?.iid !== undefined;
    this.issueOf(next, next.date, waits ? after : undefined, waits ? this.free(stoppedBy) : undefined);
  }

  /** A person's issue, unless the current rotation keeps it: one that has failed so far is told of there until its end. */
  private free(stoppedBy?: pulumi.Output<string>): pulumi.Output<number> {
    const iid = this.declared?.iid;
    return pulumi
      .all([stoppedBy, this.issue?.iid])
      .apply(([stopped, current]) => (stopped && current === iid ? undefined : iid)) as pulumi.Output<number>;
  }

  private issueOf(
    generation: Generation,
    date: string,
    after?: pulumi.Resource,
    iid?: pulumi.Output<number>,
  ): runbook.TrackingIssue | undefined {
    if (this.declared === undefined) return undefined;
    const { declaration } = this.args;
    const name = tokenName(this.name, generation.name);
    const made = new runbook.TrackingIssue(
      after === undefined ? name : announcementName(this.name, generation.name),
      {
        ...this.rotation(generation),
        ...place(this.declared),
        ...(iid === undefined ? {} : { iid }),
        ...this.concerned(this.declared),
        username: declaration.account.username,
        ...(keptIn(declaration) === undefined ? {} : { plainUser: true }),
        date,
        expiresAt: generation.expiresAt,
        ...(declaration.token.permissions === undefined
          ? {}
          : { may: [...permissionTexts(declaration.token.permissions)] }),
        reasons: [generation.explanation],
        confidential: this.declared.confidential,
        labels: [...this.declared.labels],
        places: [...placeTexts(declaration)],
        pipelines: declaration.proof.map(proofText),
        overlapDays: declaration.rotation.overlapDays,
      },
      after === undefined ? this.options : { ...this.options, dependsOn: [after], aliases: [{ name }] },
    );
    this.all.push(made);
    return made;
  }

  private notice(facts: Facts): runbook.Notice | undefined {
    if (this.declared === undefined || this.issue === undefined || this.current === undefined) return undefined;
    const { declaration, freezes, today } = this.args;
    const made = new runbook.Notice(
      this.name,
      {
        ...this.rotation(this.current),
        ...this.concerned(this.declared),
        username: declaration.account.username,
        project: this.issue.project,
        iid: this.issue.iid as pulumi.Output<number>,
        issueUrl: this.issue.url as pulumi.Output<string>,
        tokenId: facts.token.tokenId as pulumi.Output<number>,
        expiresAt: facts.token.expiresAt,
        provedAt: facts.provedAt as pulumi.Output<string>,
        // What it was minted with; a legacy account gives none, or a preview would not know.
        ...(declaration.token.permissions === undefined ? {} : { may: mayOf(facts.token.permissions) }),
        places: [...facts.places],
        runs: facts.runs,
        predecessors: facts.predecessors.map(({ generation, lifecycle, tokenId, status, expiresAt }) => ({
          generation,
          lifecycle,
          tokenId: tokenId as pulumi.Output<number>,
          status,
          expiresAt,
        })),
        nextDate: nextOpening(declaration, freezes, today).date,
        stoppedBy: facts.stoppedBy,
      },
      this.options,
    );
    this.all.push(made);
    return made;
  }

  private rotation({ name }: Generation): { fleet: string; account: string; generation: string } {
    return { fleet: this.args.fleet, account: this.name, generation: name };
  }

  private concerned({ notify }: Issue) {
    return {
      notify: [...notify],
      external: this.args.declaration.external.map(({ name, owner }) => ({ name, owner })),
    };
  }
}

function mayOf(permissions: pulumi.Output<readonly Minted[] | undefined>): pulumi.Output<string[]> {
  // One that was minted before permissions were declared has none: the providers take that for left out.
  return permissions.apply((all) =>
    all === undefined ? undefined : [...permissionTexts(all as TokenPermissions[])],
  ) as pulumi.Output<string[]>;
}

function place({ project, iid }: Issue): { project: string; iid?: number } {
  return iid === undefined ? { project } : { project, iid };
}
