import { isDeepStrictEqual } from "node:util";
import { failed, isDenied, isTrouble, messageOf } from "../../../clients/faults";
import { servers } from "../../../clients/servers";
import type { PersonalAccessTokenInputs, PersonalAccessTokenOutputs } from "../../../contract/personalAccessToken";
import { today } from "../../../ground/now";
import { markText } from "../../../rotation/mark";
import {
  type Before,
  type CheckFailure,
  type Context,
  type Diff,
  type Properties,
  type PropertyChange,
  type Resource,
  unknown,
} from "../../host/provider";
import { holdsUnknown } from "../../host/values";
import { clockFault, ownCredential } from "../account/credential";
import { tokensOf } from "../account/keptIn";
import { ownerFaults } from "../account/tokenOwner";
import { adopt } from "./adoption";
import { diesBeforeDeclared, fixed, generationTitle, kept } from "./generation";
import { mint } from "./minting";
import { isMissing, works } from "./missing";
import { remove } from "./removal";

type State = Before<PersonalAccessTokenInputs, PersonalAccessTokenOutputs>;

/** What an update does; undefined when there is nothing to do but to remember the declaration. */
type Step = "mint" | "adopt" | "expire" | "replace" | "renew" | "forget" | undefined;

const lifecycles: readonly unknown[] = ["current", "previous", "retired"];
const removals: readonly unknown[] = ["refuse", "revoke", "release", undefined];

/**
 * One generation of an account's personal access token: minted once while it is current, left alone afterwards. Its end is a
 * `Retirement`, which comes after the proof of its successor; the token itself comes before every place, always.
 */
export const personalAccessToken: Resource<PersonalAccessTokenInputs, PersonalAccessTokenOutputs> = {
  check: (inputs) => check(inputs),
  diff,
  create: async (inputs, context) => ({
    id: markText(inputs).slice(1, -1),
    outputs: whole(await open(inputs, context)),
  }),
  previewCreate: async (inputs) => whole(previewCreate(inputs)),
  update: async (before, inputs, context) => whole(await update(before, inputs, context)),
  previewUpdate: async (before, inputs) => whole(previewUpdate(before, inputs)),
  read,
  delete: remove,
};

/** The program reads `swept` in every preview, where the SDK takes an output that is absent for one that is not known yet. */
function whole<T extends object>(outputs: T): T & { swept: boolean } {
  return { swept: false, ...outputs };
}

function check(inputs: Properties): CheckFailure[] {
  const faults = ownerFaults(inputs);
  const { lifecycle, onRemoval } = inputs;
  if (lifecycle !== unknown && !lifecycles.includes(lifecycle))
    faults.push({ property: "lifecycle", reason: `one of ${lifecycles.join(", ")} is needed, found "${lifecycle}"` });
  if (onRemoval !== unknown && !removals.includes(onRemoval))
    faults.push({ property: "onRemoval", reason: `one of refuse, revoke, release is needed, found "${onRemoval}"` });
  return faults;
}

function open(
  inputs: PersonalAccessTokenInputs,
  context: Context,
  before?: PersonalAccessTokenOutputs,
): Promise<PersonalAccessTokenOutputs> {
  if (inputs.adoptTokenId !== undefined) return adopt(inputs, inputs.adoptTokenId, context);
  if (inputs.lifecycle === "current") return mint(inputs, context, before);
  return Promise.resolve({ ...kept(inputs), status: "unminted" });
}

function previewCreate(inputs: PersonalAccessTokenInputs): Properties {
  const { adoptTokenId } = inputs;
  const fresh = { tokenId: unknown, token: unknown, mintedAt: unknown };
  if (adoptTokenId !== undefined) return { ...kept(inputs), ...fresh, tokenId: adoptTokenId, status: unknown };
  if (inputs.lifecycle === "current") return { ...kept(inputs), ...fresh, status: "live" };
  return { ...kept(inputs), status: "unminted" };
}

/** Judged by the outputs: what an update that came to nothing left has the inputs of the next one beside it. */
function diff({ outputs }: State, inputs: PersonalAccessTokenInputs): Diff {
  const changes: Record<string, PropertyChange> = {};
  if (stepOf(outputs, inputs) !== undefined) changes.status = "update";
  if (outputs.status !== "live") return { changes };
  const watched = [
    "lifecycle",
    "onRemoval",
    "account",
    "fleet",
    "group",
    "project",
    "instance",
    "keptIn",
    "userId",
  ] as const;
  for (const name of watched)
    if (!isDeepStrictEqual(outputs[name], inputs[name]) || holdsUnknown(inputs[name]))
      changes[name] = outputs[name] === undefined ? "add" : inputs[name] === undefined ? "delete" : "update";
  return { changes };
}

function stepOf(before: PersonalAccessTokenOutputs, inputs: PersonalAccessTokenInputs): Step {
  const isInUse = inputs.lifecycle === "current";
  if (before.status === "live") {
    const isWanted = isInUse && inputs.adoptTokenId === undefined && inputs.expiresAt > today();
    if (before.expiresAt <= today()) return isWanted ? "renew" : "expire";
    // What became of it is its retirement's to find out.
    if (inputs.lifecycle === "retired") return undefined;
    if (isInUse && inputs.adoptTokenId === undefined && diesBeforeDeclared(before, inputs)) return "renew";
    if (!isMissing(before, inputs)) return undefined;
    return isInUse && inputs.adoptTokenId === undefined ? "replace" : "forget";
  }
  if (inputs.adoptTokenId !== undefined && inputs.adoptTokenId !== before.tokenId) return "adopt";
  return isInUse && inputs.expiresAt > today() && inputs.adoptTokenId === undefined ? "mint" : undefined;
}

async function update(
  before: State,
  inputs: PersonalAccessTokenInputs,
  context: Context,
): Promise<PersonalAccessTokenOutputs> {
  const { outputs } = before;
  guardIdentity(outputs, inputs);
  const step = stepOf(outputs, inputs);
  if (step === "mint" || step === "adopt") return open(inputs, context, outputs);
  if (step === "renew") {
    context.log.warn(
      `${generationTitle(outputs)}: its token ${outputs.tokenId} dies on ${outputs.expiresAt}, whatever "lifetimeDays" says by now; another one is minted.`,
    );
    return open(inputs, context, outputs);
  }
  const isKept = (step === "replace" || step === "forget") && (await works(outputs, context));
  if (step === "replace" && !isKept) {
    context.log.warn(
      `${generationTitle(outputs)}: its token ${outputs.tokenId} was revoked by somebody; another one is minted.`,
    );
    return open(inputs, context, outputs);
  }
  if (outputs.status !== "live") return { ...outputs, lifecycle: inputs.lifecycle };
  const { token, ...rest } = remembered(outputs, inputs);
  if (step === "expire") {
    await trustClock(outputs, context);
    return { ...rest, status: "expired" };
  }
  if (step === "forget" && !isKept) return { ...rest, status: "revoked" };
  return { ...rest, ...(token === undefined ? {} : { token }) };
}

/** One whose death is known by our clock alone is not forgotten while GitLab's says another day. */
async function trustClock(outputs: PersonalAccessTokenOutputs, context: Context): Promise<void> {
  const at = servers(context);
  const doing = `forgetting ${generationTitle(outputs)} as expired`;
  await ownCredential(at).catch((error: unknown) => {
    throw failed(doing, error);
  });
  const fault = clockFault(at);
  if (fault !== undefined) throw new Error(`${doing}: ${fault}.`);
}

function previewUpdate({ outputs }: State, inputs: PersonalAccessTokenInputs): Properties {
  const step = stepOf(outputs, inputs);
  if (step === "mint" || step === "adopt" || step === "replace" || step === "renew") return previewCreate(inputs);
  if (outputs.status !== "live") return { ...outputs, lifecycle: inputs.lifecycle };
  const { token, ...rest } = remembered(outputs, inputs);
  if (step === "expire") return { ...rest, status: "expired" };
  if (step === "forget") return { ...rest, status: "revoked" };
  return { ...rest, ...(token === undefined ? {} : { token }) };
}

/** A live token with what may be declared anew; the rest stays as it was minted. */
function remembered(
  outputs: PersonalAccessTokenOutputs,
  inputs: PersonalAccessTokenInputs,
): PersonalAccessTokenOutputs {
  const { tokenId, token, mintedAt, strayTokenIds, status } = outputs;
  const { permissions: _next, ...declared } = kept(inputs);
  return {
    ...declared,
    ...fixed(outputs),
    ...(tokenId === undefined ? {} : { tokenId }),
    ...(token === undefined ? {} : { token }),
    ...(mintedAt === undefined ? {} : { mintedAt }),
    ...(strayTokenIds === undefined ? {} : { strayTokenIds }),
    status,
  };
}

/** A live token whose resource comes to mean another one would be forgotten. */
function guardIdentity(outputs: PersonalAccessTokenOutputs, inputs: PersonalAccessTokenInputs): void {
  if (outputs.status !== "live") return;
  const { adoptTokenId } = inputs;
  if (outputs.userId !== inputs.userId)
    throw new Error(
      `updating ${generationTitle(inputs)}: its live token ${outputs.tokenId} belongs to user ${outputs.userId}, and the declaration now means user ${inputs.userId}. Declare the other account under a name of its own.`,
    );
  if (adoptTokenId !== undefined && adoptTokenId !== outputs.tokenId)
    throw new Error(
      `updating ${generationTitle(inputs)}: it stands for the live token ${outputs.tokenId}, and "adopt.tokenId" now says ${adoptTokenId}. Set it back, or revoke token ${outputs.tokenId} in GitLab and run "pulumi refresh" first.`,
    );
}

async function read(
  { id, inputs, outputs }: Before<Partial<PersonalAccessTokenInputs>, Partial<PersonalAccessTokenOutputs>>,
  context: Context,
): Promise<State> {
  if (outputs.status === undefined)
    throw new Error(
      `importing "${id}": a personal access token cannot be imported, since GitLab never shows its value again. Declare it under "adopt" with its id; the first "pulumi up" takes it over.`,
    );
  const before = { id, inputs, outputs } as State;
  if (before.outputs.status !== "live") return before;
  const active = await activeIds(before, context).catch((error: unknown) => {
    if (!isDenied(error) && !isTrouble(error)) throw error;
    context.log.warn(
      `${generationTitle(before.outputs)} could not be looked up and is kept as it was: ${messageOf(error)}`,
    );
    return undefined;
  });
  if (active === undefined || active.has(before.outputs.tokenId)) return before;
  const isExpired = before.outputs.expiresAt <= today();
  if (!isExpired && (await mayWork(before.outputs, context))) return before;
  const { token: _token, ...rest } = before.outputs;
  return { ...before, outputs: { ...rest, status: isExpired ? "expired" : "revoked" } };
}

/** True also when that cannot be known now. */
function mayWork(outputs: PersonalAccessTokenOutputs, context: Context): Promise<boolean> {
  return works(outputs, context).catch((error: unknown) => {
    context.log.warn(`${messageOf(error)}. It is kept as it was.`);
    return true;
  });
}

async function activeIds({ outputs }: State, context: Context): Promise<Set<number | undefined>> {
  const at = servers(context);
  const tokens = await tokensOf(outputs, at, { state: "active" }, outputs.token);
  return new Set(tokens.map(({ id }) => id));
}
