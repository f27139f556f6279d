import { failed } from "../../../clients/faults";
import { servers } from "../../../clients/servers";
import type { Leftovers } from "../../../contract/pipelineProof";
import type { Retire } from "../../../contract/retirement";
import type { Consumer } from "../../../contract/types/places";
import { today } from "../../../ground/now";
import type { Context } from "../../host/provider";
import { holdsUnknown } from "../../host/values";
import { tokensOf } from "../account/keptIn";
import { generationTitle } from "../token/generation";
import { holdByDates, holdByHours } from "./dates";
import { whyAlive } from "./death";
import { sweep } from "./strays";

/** The token that is in use in their place. */
interface InUse {
  readonly account: string;
  readonly generation: string;
  readonly tokenId: number;
  readonly token: string;
  readonly consumers: readonly Consumer[];
  readonly leftovers?: Leftovers;
}

/** What a proof remembers of them. */
interface Proof {
  readonly provedAt?: string;
  readonly sweptTokenIds?: readonly number[];
}

/** Whether leftovers are known, were not looked for since, and are old enough to be revoked. */
export function isSweepDue({ provedAt, sweptTokenIds = [] }: Proof, { leftovers, ...inUse }: InUse): boolean {
  if (leftovers === undefined || holdsUnknown(leftovers) || holdsUnknown(inUse.tokenId)) return false;
  if (provedAt === undefined || leftovers.tokenIds.every((id) => sweptTokenIds.includes(id))) return false;
  return holdByDates(retireOf(inUse, leftovers, provedAt), today()) === undefined;
}

/**
 * Revokes them, with all that must hold before a token may die; until then the next run tries again.
 *
 * @returns the ids that are done with; undefined while they wait.
 */
export async function sweepLeftovers(
  { provedAt = "" }: Proof,
  { leftovers, ...inUse }: InUse,
  context: Context,
): Promise<readonly number[] | undefined> {
  if (leftovers === undefined) return undefined;
  const { account, consumers, generation } = inUse;
  const retire = retireOf(inUse, leftovers, provedAt);
  if (holdByHours(retire) !== undefined) return undefined;
  const doing = `looking for what lost answers left of ${generationTitle(inUse)}`;
  const at = servers(context);
  try {
    const active = await tokensOf(leftovers, at, { state: "active" });
    const cause = { kind: "succeeded", retire, consumers, active } as const;
    const hold = await whyAlive({ id: 0, account, listed: undefined }, cause, at);
    if (hold !== undefined) {
      context.log.info(`${doing}: held, because ${hold}`);
      return undefined;
    }
    await sweep(active, { ...leftovers, account, generation }, retire, doing, at, context);
    return leftovers.tokenIds;
  } catch (error) {
    throw failed(doing, error);
  }
}

function retireOf({ generation, tokenId, token }: Omit<InUse, "leftovers">, rest: Leftovers, provedAt: string): Retire {
  const { overlapDays, quietHours = 0, knownTokenIds, external } = rest;
  const successor = { generation, tokenId, token, provedAt };
  return { successor, overlapDays, quietHours, knownTokenIds, ...(external === undefined ? {} : { external }) };
}
