import type * as pulumi from "@pulumi/pulumi";
import * as runbook from "runbook";
import { type Generation, nextOpening } from "../rotation/generations";
import { announcementName, tokenName } from "../rotation/names";
import { announced } from "../rotation/notice";
import { consumerTexts, proofText } from "../rotation/places";
import { rotatesItself } from "../rotation/self";
import type { Issue } from "../rotation/settings";
import type { AccountArgs } from "./account";

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
  };
  /** When it was proven; absent while it is not. */
  readonly provedAt: pulumi.Output<string | undefined>;
  /** What proved it. */
  readonly runs: pulumi.Output<runbook.types.Run[]>;
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
  readonly told: { readonly issue?: runbook.types.StepIssue };
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
    this.announceNext(this.notice(facts));
  }

  /** Announces the next rotation, if that is due. */
  announceNext(after?: pulumi.Resource): void {
    const { declaration, freezes, today } = this.args;
    const next = announced(declaration, freezes, today);
    if (next?.date === undefined) return;
    // A person's issue is free for the next rotation only when the current one is done with it.
    const waits = after !== undefined && declaration.issue?.iid !== undefined;
    this.issueOf(next, next.date, waits ? after : undefined);
  }

  private issueOf(generation: Generation, date: string, after?: pulumi.Resource): runbook.TrackingIssue | undefined {
    if (this.declared === undefined) return undefined;
    const { declaration } = this.args;
    const name = tokenName(this.name, generation.name);
    const made = new runbook.TrackingIssue(
      after === undefined ? name : announcementName(this.name, generation.name),
      {
        ...this.rotation(generation),
        ...place(this.declared),
        ...this.concerned(this.declared),
        username: declaration.account.username,
        date,
        expiresAt: generation.expiresAt,
        reasons: [generation.explanation],
        confidential: this.declared.confidential,
        labels: [...this.declared.labels],
        places: [...consumerTexts({ ...declaration, external: [] })],
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

function place({ project, iid }: Issue): { project: string; iid?: number } {
  return iid === undefined ? { project } : { project, iid };
}
