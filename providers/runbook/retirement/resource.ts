import { failed } from "../../../clients/faults";
import { servers } from "../../../clients/servers";
import type { Retire, RetirementInputs, RetirementOutputs } from "../../../contract/retirement";
import { now, today } from "../../../ground/now";
import {
  type Before,
  type CheckFailure,
  type Context,
  type Diff,
  PartialFailure,
  type Properties,
  type Resource,
  unknown,
} from "../../host/provider";
import { holdsUnknown } from "../../host/values";
import { tokensOf } from "../account/keptIn";
import { ownerFaults } from "../account/tokenOwner";
import { generationTitle } from "../token/generation";
import { works } from "../token/missing";
import { holdByDates, holdByHours } from "./dates";
import { whyAlive } from "./death";
import { end } from "./ending";
import { revoke } from "./revoke";
import { sweep, tellLookAlikes } from "./strays";

type State = Before<RetirementInputs, RetirementOutputs>;
type Ended = Pick<RetirementOutputs, "status" | "hold" | "swept" | "sweptFor" | "revokedAt">;

/**
 * The end of one generation's token: revoked when its successor is proven, in place and old enough; held until then, and
 * looked at again by the next run. A resource of its own, after the proof, so that the token itself always comes before the
 * places: what depends on what never turns around.
 */
export const retirement: Resource<RetirementInputs, RetirementOutputs> = {
  check: (inputs) => [...ownerFaults(inputs), ...statusFaults(inputs)],
  diff,
  create: async (inputs, context) => ({
    id: `${inputs.account}/${inputs.generation}`,
    outputs: await retire(inputs, context),
  }),
  previewCreate: async (inputs) => preview(inputs),
  update: async ({ outputs }, inputs, context) =>
    hasEnded(outputs, inputs) ? sweepAgain(outputs, inputs, context) : retire(inputs, context),
  previewUpdate: async ({ outputs }, inputs) => (hasEnded(outputs, inputs) ? { ...outputs } : preview(inputs)),
};

const statuses: readonly unknown[] = ["unminted", "live", "revoked", "expired", unknown];

function statusFaults({ status }: Properties): CheckFailure[] {
  return statuses.includes(status)
    ? []
    : [{ property: "status", reason: `one of unminted, live, revoked, expired is needed, found "${status}"` }];
}

/** Dead, and swept after: nothing is left to do for the same token. */
function hasEnded({ status, swept, tokenId }: RetirementOutputs, inputs: RetirementInputs): boolean {
  const isSame = holdsUnknown(inputs.tokenId) || inputs.tokenId === undefined || inputs.tokenId === tokenId;
  return swept === true && status !== "live" && isSame;
}

/**
 * Whether its successor has another token since leftovers were looked for: one that was about to die was replaced before the
 * calendar does that, and lives on until it is revoked.
 */
function isRenewed({ sweptFor }: RetirementOutputs, { decommission, retire }: RetirementInputs): boolean {
  if (sweptFor === undefined || decommission !== undefined || retire === undefined || holdsUnknown(retire))
    return false;
  const { generation, tokenId } = retire.successor;
  return generation === sweptFor.generation && tokenId !== sweptFor.tokenId;
}

function diff({ outputs }: State, inputs: RetirementInputs): Diff {
  if (hasEnded(outputs, inputs)) {
    const isDue = isRenewed(outputs, inputs) && holdByDates(inputs.retire, today()) === undefined;
    return { changes: isDue ? { sweptFor: "update" } : {} };
  }
  if (inputs.decommission === undefined && !holdsUnknown(inputs.retire)) {
    // A hold by dates lifts on a day; until then a look would find nothing new.
    const hold = holdByDates(inputs.retire, today());
    if (hold !== undefined && hold === outputs.hold) return { changes: {} };
  }
  return { changes: { status: "update" } };
}

function preview(inputs: RetirementInputs): Properties {
  const hold =
    inputs.decommission !== undefined || holdsUnknown(inputs.retire) ? undefined : holdByDates(inputs.retire, today());
  if (hold === undefined) return { ...kept(inputs), status: unknown, hold: unknown, swept: unknown };
  return { ...kept(inputs), status: inputs.status, hold, swept: false };
}

function kept({
  account,
  formerly,
  fleet,
  group,
  project,
  instance,
  keptIn,
  generation,
  userId,
  tokenId,
}: RetirementInputs) {
  return {
    account,
    ...(formerly === undefined ? {} : { formerly }),
    fleet,
    ...(group === undefined ? {} : { group }),
    ...(project === undefined ? {} : { project }),
    ...(instance === undefined ? {} : { instance }),
    ...(keptIn === undefined ? {} : { keptIn }),
    generation,
    userId,
    ...(tokenId === undefined ? {} : { tokenId }),
  };
}

async function retire(inputs: RetirementInputs, context: Context): Promise<RetirementOutputs> {
  return { ...kept(inputs), ...(await ended(inputs, context)) };
}

async function ended(inputs: RetirementInputs, context: Context): Promise<Ended> {
  const { status } = inputs;
  // It was retired when tokens still retired themselves.
  if (inputs.swept === true && status !== "live") return { status, hold: "", swept: true };
  if (inputs.decommission !== undefined) return end(inputs, context);
  const early = holdByDates(inputs.retire, today()) ?? (inputs.retire && holdByHours(inputs.retire));
  if (early !== undefined || inputs.retire === undefined) {
    const hold = early ?? "no successor is declared";
    if (status === "live") context.log.info(`retiring ${tokenTitle(inputs)}: held, because ${hold}`);
    return { status, hold, swept: false };
  }
  return succeeded(inputs, inputs.retire, context);
}

/** Revokes it, or says why it lives on; then revokes what lost answers left behind. */
async function succeeded(inputs: RetirementInputs, retire: Retire, context: Context): Promise<Ended> {
  const { account, tokenId, token: value } = inputs;
  const doing = `retiring ${tokenTitle(inputs)}`;
  const at = servers(context);
  try {
    const active = await tokensOf(inputs, at, { state: "active" });
    const listed = active.find(({ id }) => id === tokenId);
    // One that is taken for dead would be forgotten.
    if (listed === undefined && inputs.status === "live" && (await works(inputs, context)))
      return { status: "live", hold: unlisted(inputs), swept: false };
    const consumers = inputs.consumers ?? [];
    const condemned = { id: tokenId ?? 0, value, account, listed };
    const hold = await whyAlive(condemned, { kind: "succeeded", retire, consumers, active }, at);
    if (hold !== undefined && inputs.leaked === true && listed !== undefined)
      throw new PartialFailure([`${doing}: it leaked, and lives on: ${hold}.`], `${account}/${inputs.generation}`, {
        ...kept(inputs),
        status: "live",
        hold,
        swept: false,
      });
    if (hold !== undefined) {
      context.log.info(`${doing}: ${listed === undefined ? "it is dead already, but" : "held, because"} ${hold}`);
      return { status: listed === undefined ? dead(inputs) : "live", hold, swept: false };
    }
    if (listed !== undefined) {
      await revoke(inputs, listed.id, at);
      context.log.info(`${doing}: revoked`);
    }
    await sweep(active, inputs, retire, doing, at, context);
    const sweptFor = successorOf(retire);
    if (listed === undefined && inputs.leaked === true && inputs.adoptTokenId !== undefined)
      await tellLookAlikes(inputs, doing, at, context);
    const revokedAt = listed === undefined ? {} : { revokedAt: now().toISOString() };
    return { status: dead(inputs), hold: "", swept: true, sweptFor, ...revokedAt };
  } catch (error) {
    if (error instanceof PartialFailure) throw error;
    throw failed(doing, error);
  }
}

/** Looks for leftovers once more, with all that must hold before a token may die; until then the next run tries again. */
async function sweepAgain(
  outputs: RetirementOutputs,
  inputs: RetirementInputs,
  context: Context,
): Promise<RetirementOutputs> {
  const { account, consumers = [], retire, tokenId: id = 0 } = inputs;
  if (retire === undefined || !isRenewed(outputs, inputs) || holdByHours(retire) !== undefined) return outputs;
  const doing = `retiring the token before token ${retire.successor.tokenId}, ${generationTitle({ account, generation: retire.successor.generation })}`;
  const at = servers(context);
  try {
    const active = await tokensOf(inputs, at, { state: "active" });
    const cause = { kind: "succeeded", retire, consumers, active } as const;
    const hold = await whyAlive({ id, account, listed: undefined }, cause, at);
    if (hold !== undefined) {
      context.log.info(`${doing}: held, because ${hold}`);
      return outputs;
    }
    await sweep(active, inputs, retire, doing, at, context);
    return { ...outputs, sweptFor: successorOf(retire) };
  } catch (error) {
    throw failed(doing, error);
  }
}

function successorOf({ successor: { generation, tokenId } }: Retire): NonNullable<RetirementOutputs["sweptFor"]> {
  return { generation, tokenId };
}

function tokenTitle(inputs: RetirementInputs): string {
  return `${inputs.tokenId === undefined ? "" : `token ${inputs.tokenId}, `}${generationTitle(inputs)}`;
}

function unlisted({ token }: RetirementInputs): string {
  return token === undefined
    ? "GitLab lists it neither as alive nor as dead, and its value is not known: look at it in GitLab"
    : "GitLab does not list it as alive, yet it works: look at it in GitLab";
}

function dead({ status }: RetirementInputs): RetirementOutputs["status"] {
  return status === "live" ? "revoked" : status;
}
