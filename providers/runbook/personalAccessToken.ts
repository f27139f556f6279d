import { isDeepStrictEqual } from "node:util";
import { ownerOf } from "../gitlab/api/owner";
import { listTokens } from "../gitlab/api/tokens";
import { today } from "../host/clock";
import {
  type Before,
  type CheckFailure,
  type Context,
  type Diff,
  type Properties,
  type PropertyChange,
  type Resource,
  unknown,
} from "../host/provider";
import { holdsUnknown } from "../host/values";
import { adopt } from "./adoption";
import { end } from "./ending";
import { failed, isDenied, isTrouble, messageOf } from "./faults";
import { fixed, type GenerationInputs, type GenerationOutputs, generationTitle, kept } from "./generation";
import { markText } from "./mark";
import { mint } from "./minting";
import { isMissing, works } from "./missing";
import { holdByDates, retire, revoke } from "./retirement";
import { servers } from "./servers";
import { ownerFaults } from "./tokenOwner";

type State = Before<GenerationInputs, GenerationOutputs>;

/** What an update does; undefined when there is nothing to do but to remember the declaration. */
type Step = "mint" | "adopt" | "expire" | "retire" | "sweep" | "end" | "replace" | "forget" | undefined;

const lifecycles: readonly unknown[] = ["current", "previous", "retired"];
const removals: readonly unknown[] = ["refuse", "revoke", "release", undefined];

/**
 * One generation of an account's personal access token: minted once while it is current, left alone while it is previous,
 * revoked when it is retired and its successor is proven and in place.
 */
export const personalAccessToken: Resource<GenerationInputs, GenerationOutputs> = {
  check: (inputs) => check(inputs),
  defaults: (inputs) => ({ ...inputs, onRemoval: inputs.onRemoval ?? "refuse" }),
  diff,
  create: async (inputs, context) => ({
    id: markText(inputs).slice(1, -1),
    outputs: whole(await opened(inputs, context)),
  }),
  previewCreate: async (inputs) => whole(previewCreate(inputs)),
  update: async (before, inputs, context) => whole(await update(before, inputs, context)),
  previewUpdate: async (before, inputs) => whole(previewUpdate(before, inputs)),
  read,
  delete: remove,
};

/** The program reads `hold` in every preview, where the SDK takes an output that is absent for one that is not known yet. */
function whole<T extends object>(outputs: T): T & { hold: string } {
  return { hold: "", ...outputs };
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

async function opened(inputs: GenerationInputs, context: Context): Promise<GenerationOutputs> {
  const outputs = await open(inputs, context);
  if (inputs.decommission !== undefined) return end(inputs, outputs, context);
  // Any other hand-made token is retired in a later run; one that leaked must not wait for that.
  const hasLeaked = inputs.lifecycle === "retired" && inputs.retire?.overlapDays === 0;
  return hasLeaked && outputs.status === "live" ? retired(inputs, outputs, context) : outputs;
}

async function retired(
  inputs: GenerationInputs,
  { token, hold: _hold, ...rest }: GenerationOutputs,
  context: Context,
): Promise<GenerationOutputs> {
  const value = token === undefined ? {} : { token };
  const { status, hold } = await retire(inputs, { ...rest, ...value }, context);
  return status === "live"
    ? { ...rest, ...value, ...(hold === undefined ? {} : { hold }) }
    : { ...rest, status, swept: hold === undefined };
}

function open(inputs: GenerationInputs, context: Context): Promise<GenerationOutputs> {
  if (inputs.adoptTokenId !== undefined) return adopt(inputs, inputs.adoptTokenId, context);
  if (inputs.lifecycle === "current") return mint(inputs, context);
  return Promise.resolve({ ...kept(inputs), status: "unminted" });
}

function previewCreate(inputs: GenerationInputs): Properties {
  const { adoptTokenId } = inputs;
  const fresh = { tokenId: unknown, token: unknown, mintedAt: unknown };
  if (adoptTokenId !== undefined) return { ...kept(inputs), ...fresh, tokenId: adoptTokenId, status: unknown };
  if (inputs.lifecycle === "current") return { ...kept(inputs), ...fresh, status: "live" };
  return { ...kept(inputs), status: "unminted" };
}

function diff({ inputs: old, outputs }: State, inputs: GenerationInputs): Diff {
  const step = stepOf(outputs, inputs);
  const changes: Record<string, PropertyChange> = {};
  // A hold by dates lifts on a day; until then a look would find nothing new.
  const isWaiting = (step === "retire" || step === "sweep") && !holdsUnknown(inputs.retire) && isHeld(inputs);
  if (step !== undefined && !isWaiting) changes.status = "update";
  if (outputs.status !== "live") return { changes };
  const watched = ["lifecycle", "onRemoval", "account", "fleet", "group", "project", "instance", "userId"] as const;
  const retiring = inputs.lifecycle === "retired" ? (["consumers", "retire"] as const) : [];
  for (const name of [...watched, ...retiring])
    if (!isDeepStrictEqual(old[name], inputs[name]) || holdsUnknown(inputs[name]))
      changes[name] = old[name] === undefined ? "add" : inputs[name] === undefined ? "delete" : "update";
  return { changes };
}

function isHeld(inputs: GenerationInputs): boolean {
  return holdByDates(inputs.retire, today()) !== undefined;
}

function stepOf(before: GenerationOutputs, inputs: GenerationInputs): Step {
  if (inputs.decommission !== undefined) return before.status === "live" || before.swept !== true ? "end" : undefined;
  if (before.status === "live") {
    if (before.expiresAt <= today()) return "expire";
    if (inputs.lifecycle === "retired") return "retire";
    if (!isMissing(before, inputs)) return undefined;
    return inputs.lifecycle === "current" && inputs.adoptTokenId === undefined ? "replace" : "forget";
  }
  if (inputs.adoptTokenId !== undefined && inputs.adoptTokenId !== before.tokenId) return "adopt";
  if (inputs.lifecycle === "retired") return before.swept === true || inputs.retire === undefined ? undefined : "sweep";
  const isWanted = inputs.lifecycle === "current" && inputs.expiresAt > today();
  return isWanted && inputs.adoptTokenId === undefined ? "mint" : undefined;
}

async function update(before: State, inputs: GenerationInputs, context: Context): Promise<GenerationOutputs> {
  const { outputs } = before;
  guardIdentity(outputs, inputs);
  const step = stepOf(outputs, inputs);
  if (step === "mint" || step === "adopt") return open(inputs, context);
  const isKept = (step === "replace" || step === "forget") && (await works(outputs, context));
  if (step === "replace" && !isKept) {
    context.log.warn(
      `${generationTitle(outputs)}: its token ${outputs.tokenId} was revoked by somebody; another one is minted.`,
    );
    return open(inputs, context);
  }
  if (step === "end") return end(inputs, { ...outputs, ...remembered(outputs, inputs) }, context);
  if (step === "sweep") {
    const { hold } = await retire(inputs, outputs, context);
    return { ...outputs, lifecycle: inputs.lifecycle, swept: hold === undefined };
  }
  if (outputs.status !== "live") return { ...outputs, lifecycle: inputs.lifecycle };
  const { token, hold: _hold, ...rest } = remembered(outputs, inputs);
  if (step === "expire") return { ...rest, status: "expired" };
  if (step === "forget" && !isKept) return { ...rest, status: "revoked" };
  const value = token === undefined ? {} : { token };
  if (step === undefined || isKept) return { ...rest, ...value };
  return retired(inputs, { ...rest, ...value }, context);
}

function previewUpdate({ outputs }: State, inputs: GenerationInputs): Properties {
  const step = stepOf(outputs, inputs);
  if (step === "mint" || step === "adopt" || step === "replace") return previewCreate(inputs);
  if (step === "sweep") return { ...outputs, lifecycle: inputs.lifecycle, swept: unknown };
  if (step === "end") return { ...kept(inputs), ...fixed(outputs), status: unknown, swept: unknown };
  if (outputs.status !== "live") return { ...outputs, lifecycle: inputs.lifecycle };
  const { token, hold: _hold, ...rest } = remembered(outputs, inputs);
  if (step === "expire") return { ...rest, status: "expired" };
  if (step === "forget") return { ...rest, status: "revoked" };
  const value = token === undefined ? {} : { token };
  if (step === undefined) return { ...rest, ...value };
  if (holdsUnknown(inputs.retire)) return { ...rest, ...value, status: unknown, hold: unknown };
  const hold = holdByDates(inputs.retire, today());
  return hold === undefined ? { ...rest, status: unknown, hold: unknown } : { ...rest, ...value, hold };
}

/** A live token with what may be declared anew; the rest stays as it was minted. */
function remembered(outputs: GenerationOutputs, inputs: GenerationInputs): GenerationOutputs {
  const { tokenId, token, mintedAt, status } = outputs;
  return {
    ...kept(inputs),
    ...fixed(outputs),
    ...(tokenId === undefined ? {} : { tokenId }),
    ...(token === undefined ? {} : { token }),
    ...(mintedAt === undefined ? {} : { mintedAt }),
    status,
  };
}

/** A live token whose resource comes to mean another one would be forgotten. */
function guardIdentity(outputs: GenerationOutputs, inputs: GenerationInputs): void {
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
  { id, inputs, outputs }: Before<Partial<GenerationInputs>, Partial<GenerationOutputs>>,
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
  const { token: _token, hold: _hold, ...rest } = before.outputs;
  const status = isExpired ? "expired" : "revoked";
  return { ...before, outputs: { ...rest, status, hold: "" } };
}

/** True also when that cannot be known now. */
function mayWork(outputs: GenerationOutputs, context: Context): Promise<boolean> {
  return works(outputs, context).catch((error: unknown) => {
    context.log.warn(`${messageOf(error)}. It is kept as it was.`);
    return true;
  });
}

async function activeIds({ outputs }: State, context: Context): Promise<Set<number | undefined>> {
  const at = servers(context);
  const tokens = await listTokens(at.gitlab(), ownerOf(outputs), outputs.userId, { state: "active" });
  return new Set(tokens.map(({ id }) => id));
}

async function remove(before: State, context: Context): Promise<void> {
  const { outputs } = before;
  const { tokenId, onRemoval } = outputs;
  if (outputs.status !== "live" || tokenId === undefined || outputs.expiresAt <= today()) return;
  if (onRemoval === "release") return;
  const doing = `deleting ${generationTitle(outputs)}`;
  if (onRemoval === "revoke") {
    await revoke(outputs, tokenId, servers(context)).catch((error: unknown) => {
      throw failed(doing, error);
    });
    return;
  }
  const refusal = `its token ${tokenId} lives until ${outputs.expiresAt} and may be in use. Put the declaration back as it was. To let it go: set "onRemoval" to "revoke" (or "release": it lives on, forgotten), run "pulumi up", and remove the declaration after that. One that nothing uses any more (after "--replace"): revoke it in GitLab, and run again`;
  const active = await activeIds(before, context).catch((error: unknown) => {
    throw new Error(
      `${doing}: refused, since ${refusal}. (Whether it still lives could not be looked up: ${messageOf(error)}.)`,
      {
        cause: error,
      },
    );
  });
  if (active.has(tokenId) || (await works(outputs, context))) throw new Error(`${doing}: refused, since ${refusal}.`);
}
