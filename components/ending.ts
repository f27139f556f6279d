import type * as pulumi from "@pulumi/pulumi";
import type { retirement } from "../contract/retirement";
import type { Generation } from "../rotation/calendar/generations";
import { retirementName } from "../rotation/checks/names";
import type { AccountArgs } from "./args";
import type { Consumers } from "./consumers";
import type { ArgsOf } from "./declared";
import { optional } from "./known";
import { owner } from "./owner";
import * as runbook from "./runbook";
import { firstFault, type Proof, provedFor } from "./tokens";
import type { Tracking } from "./tracking";

/** What takes over from the tokens of an account that end. */
interface Heir {
  readonly account: runbook.Account;
  /** Absent when the account itself ends. */
  readonly successor?: {
    readonly generation: string;
    readonly tokenId: pulumi.Output<number>;
    readonly token: pulumi.Output<string>;
  };
  /** The places that must hold it. */
  readonly consumers?: Consumers;
  /** The ids of all tokens in use: no leftovers. */
  readonly knownTokenIds?: pulumi.Output<number[]>;
  readonly told: Tracking["told"];
}

/** The ends of an account's tokens, each a resource of its own after what it waits for. */
export class Ending {
  constructor(
    private readonly name: string,
    private readonly args: AccountArgs,
    private readonly options: pulumi.CustomResourceOptions,
    private readonly heir: Heir,
  ) {}

  /** Revoked when its successor is proven and the overlap is over. */
  succeeded(
    generation: Generation,
    token: runbook.PersonalAccessToken,
    proof: runbook.PipelineProof,
  ): runbook.Retirement {
    const { quietHours } = this.args.declaration.rotation;
    const more = { ...this.retire(generation, proof, quietHours), stoppedBy: firstFault([token, proof]) };
    return this.retirement(false, generation, token, more, [proof]);
  }

  /** Revoked as soon as its successor is in place, whoever still uses it. */
  leaked(generation: Generation, token: runbook.PersonalAccessToken, proof: runbook.TokenProof): runbook.Retirement {
    const more = { ...this.retire(generation, proof, 0), leaked: true, stoppedBy: firstFault([token, proof]) };
    const places = this.heir.consumers?.resources ?? [];
    return this.retirement(true, generation, token, more, [proof, ...places]);
  }

  /** Revoked because the account ends: nothing takes its place. */
  decommissioned(generation: Generation, token: runbook.PersonalAccessToken, reason: string): runbook.Retirement {
    const more = { decommission: reason, stoppedBy: token.fault };
    return this.retirement(false, generation, token, more, []);
  }

  private retire({ overlapDays }: Generation, proof: Proof, quietHours: number) {
    const { external } = this.args.declaration;
    const { successor, consumers, knownTokenIds } = this.heir;
    if (successor === undefined || consumers === undefined || knownTokenIds === undefined) return {};
    return {
      consumers: [...consumers.places],
      retire: {
        successor: { ...successor, provedAt: provedFor(successor.tokenId, proof) as pulumi.Output<string> },
        overlapDays,
        quietHours,
        knownTokenIds,
        ...(external.length === 0 ? {} : { external: external.map(({ name, owner }) => ({ name, owner })) }),
      },
    };
  }

  private retirement(
    leaked: boolean,
    generation: Generation,
    token: runbook.PersonalAccessToken,
    more: Partial<ArgsOf<typeof retirement>>,
    after: pulumi.Resource[],
  ): runbook.Retirement {
    const { declaration, declared, fleet } = this.args;
    const { adopt, formerly } = declaration;
    return new runbook.Retirement(
      retirementName(this.name, generation.name, leaked),
      {
        account: this.name,
        ...(formerly === undefined ? {} : { formerly }),
        fleet,
        ...owner(declaration),
        generation: generation.name,
        // Which places the stack declares is known before any of its tokens may die.
        userId: declared.apply(() => this.heir.account.userId),
        expiresAt: generation.expiresAt,
        status: token.status,
        swept: optional(token.swept, token.status) as pulumi.Output<boolean>,
        tokenId: optional(token.tokenId, token.status) as pulumi.Output<number>,
        token: optional(token.token, token.status) as pulumi.Output<string>,
        ...(adopt === undefined || generation.date !== undefined ? {} : { adoptTokenId: adopt.tokenId }),
        ...this.heir.told,
        ...more,
      },
      { ...this.options, dependsOn: after },
    );
  }
}
