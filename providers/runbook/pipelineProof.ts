import { type Before, type Diff, type Properties, type PropertyChange, type Resource, unknown } from "../host/provider";
import { holdsUnknown } from "../host/values";
import { isSamePlaces } from "./consumers";
import { declared, type Past, type PipelineProofInputs, type PipelineProofOutputs } from "./proofInputs";
import { giveUp, prove } from "./proving";
import { isSame, type Run } from "./runs";

type State = Before<PipelineProofInputs, PipelineProofOutputs>;

/**
 * Proof that the pipelines which depend on a token pass with it, down to the named jobs; and the one spot that decides what
 * the places hold. They hold the new token while it is tried and when it is proven. When it fails, or a place cannot be
 * set, they hold the one that was last proven, as long as that outlives the margin: then nobody is left with a token that
 * does not do, and no place with another than the rest. What they hold is looked at, whatever is remembered. When time is
 * up, the next run looks again at the same pipelines.
 */
export const pipelineProof: Resource<PipelineProofInputs, PipelineProofOutputs> = {
  defaults: (inputs) => ({ ...inputs, maxAttempts: inputs.maxAttempts ?? 3, marginDays: inputs.marginDays ?? 14 }),
  diff,
  create: async (inputs, context) => ({
    id: inputs.account,
    outputs: await prove(inputs.account, inputs, { attempts: 0, runs: [], isPutBack: false, tried: [] }, context),
  }),
  previewCreate: async (inputs) => preview(inputs, {}),
  update: async ({ id, inputs: old, outputs }, inputs, context) => {
    const past = pastOf({ id, inputs: old, outputs }, inputs);
    if (outputs.status === "failed" && past.attempts >= (inputs.maxAttempts ?? 3))
      return giveUp(id, inputs, outputs, context);
    return prove(id, inputs, past, context);
  },
  previewUpdate: async ({ outputs }, inputs) => preview(inputs, outputs),
};

/** Judged by the outputs: after an update that failed in part the engine keeps the inputs of the last one that did not. */
function diff({ outputs }: State, inputs: PipelineProofInputs): Diff {
  const changes: Record<string, PropertyChange> = {};
  if (outputs.status !== "passed") changes.status = "update";
  // A new name of the account is no new proof.
  for (const name of ["generation", "tokenId"] as const)
    if (outputs[name] !== inputs[name] || holdsUnknown(inputs[name])) changes[name] = "update";
  if (!isSamePlaces(outputs.consumers, inputs.consumers)) changes.consumers = "update";
  if (!isSame(outputs.pipelines, inputs.pipelines)) changes.pipelines = "update";
  return { changes };
}

function pastOf({ outputs }: State, inputs: PipelineProofInputs): Past {
  const isSameToken = outputs.tokenId === inputs.tokenId && outputs.generation === inputs.generation;
  const isSameProof = isSameToken && isSame(outputs.pipelines, inputs.pipelines);
  return {
    attempts: isSameProof ? outputs.attempts : 0,
    // What was started before a place was added proves nothing for it.
    runs:
      isSameProof && outputs.status === "running" && isSamePlaces(outputs.consumers, inputs.consumers)
        ? outputs.runs
        : [],
    // Also for another token, which the places' own resources have set by now: a proof with the earlier value would be false.
    isPutBack: outputs.putBack,
    tried: isSameProof && outputs.status === "failed" ? outputs.runs.map(triedIn) : [],
    ...(outputs.lastProven === undefined ? {} : { lastProven: outputs.lastProven }),
  };
}

function triedIn({ last, after = 0, pipelineId = 0, jobId }: Run): Past["tried"][number] {
  return { ...(last === undefined ? {} : { last }), upTo: Math.max(after, jobId ?? pipelineId) };
}

function preview(inputs: PipelineProofInputs, before: Partial<PipelineProofOutputs>): Properties {
  const open = { status: unknown, provedAt: unknown, attempts: unknown, runs: unknown, lastProven: unknown };
  return { ...before, ...declared(inputs), ...open, putBack: unknown };
}
