import * as pulumi from "@pulumi/pulumi";
import type { Leftovers } from "../contract/pipelineProof";
import type { Generation } from "../rotation/calendar/generations";
import type { AccountArgs } from "./args";
import { owner } from "./owner";
import type { Account } from "./runbook";

/**
 * What lost answers and killed runs left of an account's only generation, for its proof to have revoked. Where there are older
 * ones, their retirements see to it.
 */
export function leftoversOf(
  { declaration, declared, fleet }: AccountArgs,
  { userId }: Account,
  { overlapDays }: Generation,
  token: {
    readonly tokenId: pulumi.Output<number>;
    readonly strayTokenIds: pulumi.Output<readonly number[] | undefined>;
  },
): pulumi.Output<Leftovers | undefined> {
  const { external, formerly, rotation } = declaration;
  return pulumi.all([token.strayTokenIds, token.tokenId, userId, declared]).apply(([tokenIds, inUse, user]) =>
    tokenIds === undefined || tokenIds.length === 0
      ? undefined
      : {
          fleet,
          ...(formerly === undefined ? {} : { formerly }),
          ...owner(declaration),
          userId: user,
          tokenIds,
          overlapDays,
          quietHours: rotation.quietHours,
          knownTokenIds: [inUse],
          ...(external.length === 0
            ? {}
            : { external: external.map(({ name, owner: whose }) => ({ name, owner: whose })) }),
        },
  );
}
