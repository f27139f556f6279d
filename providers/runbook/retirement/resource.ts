import { ownerOf } from "../../gitlab/api/owner";
import { listTokens } from "../../gitlab/api/tokens";
import { now, today } from "../../host/clock";
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
import { failed } from "../faults";
import { generationTitle } from "../generation";
import { works } from "../missing";
import { servers } from "../servers";
import { ownerFaults } from "../tokenOwner";
import { holdByDates, holdByHours } from "./dates";
import { whyAlive } from "./death";
import { end } from "./ending";
import type { Retire, RetirementInputs, RetirementOutputs } from "./inputs";
import { revoke } from "./revoke";
import { sweep, tellLookAlikes } from "./strays";

type State = Before<RetirementInputs, RetirementOutputs>;
type Ended = Pick<RetirementOutputs, "status" | "hold" | "swept" | "revokedAt">;

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
  update: async (_before, inputs, context) => retire(inputs, context),
  previewUpdate: async ({ outputs }, inputs) => (isDone(outputs, inputs) ? { ...outputs } : preview(inputs)),
};

const statuses: readonly unknown[] = ["unminted", "live", "revoked", "expired", unknown];

function statusFaults({ status }: Properties): CheckFailure[] {
  return statuses.includes(status)
    ? []
    : [{ property: "status", reason: `one of unminted, live, revoked, expired is needed, found "${status}"` }];
}

/** Dead, and swept after: nothing is left to do for the same token. */
function isDone({ status, swept, tokenId }: RetirementOutputs, inputs: RetirementInputs): boolean {
  const isSame = holdsUnknown(inputs.tokenId) || inputs.tokenId === undefined || inputs.tokenId === tokenId;
  return swept === true && status !== "live" && isSame;
}

function diff({ outputs }: State, inputs: RetirementInputs): Diff {
  if (isDone(outputs, inputs)) return { changes: {} };
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

function kept({ account, formerly, fleet, group, project, instance, generation, userId, tokenId }: RetirementInputs) {
  return {
    account,
    ...(formerly === undefined ? {} : { formerly }),
    fleet,
    ...(group === undefined ? {} : { group }),
    ...(project === undefined ? {} : { project }),
    ...(instance === undefined ? {} : { instance }),
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
  if (early !== undefined || inputs.retire === undefined)
    return { status, hold: early ?? "no successor is declared", swept: false };
  return succeeded(inputs, inputs.retire, context);
}

/** Revokes it, or says why it lives on; then revokes what lost answers left behind. */
async function succeeded(inputs: RetirementInputs, retire: Retire, context: Context): Promise<Ended> {
  const { account, tokenId, token: value } = inputs;
  const doing = `retiring ${tokenId === undefined ? "" : `token ${tokenId}, `}${generationTitle(inputs)}`;
  const at = servers(context);
  try {
    const active = await listTokens(at.gitlab(), ownerOf(inputs), inputs.userId, { state: "active" });
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
    if (listed === undefined && inputs.leaked === true && inputs.adoptTokenId !== undefined)
      await tellLookAlikes(inputs, doing, at, context);
    const revokedAt = listed === undefined ? {} : { revokedAt: now().toISOString() };
    return { status: dead(inputs), hold: "", swept: true, ...revokedAt };
  } catch (error) {
    if (error instanceof PartialFailure) throw error;
    throw failed(doing, error);
  }
}

function unlisted({ token }: RetirementInputs): string {
  return token === undefined
    ? "GitLab lists it neither as alive nor as dead, and its value is not known: look at it in GitLab"
    : "GitLab does not list it as alive, yet it works: look at it in GitLab";
}

function dead({ status }: RetirementInputs): RetirementOutputs["status"] {
  return status === "live" ? "revoked" : status;
}
