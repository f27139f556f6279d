import type { PipelineProofInputs, PipelineProofOutputs } from "../../../contract/pipelineProof";
import {
  type Before,
  type Diff,
  type Properties,
  type PropertyChange,
  type Resource,
  unknown,
} from "../../host/provider";
import { holdsUnknown } from "../../host/values";
import { isSamePlaces } from "../consumers";
import { isSame } from "../pipelines/runs";
import { isSweepDue, sweepLeftovers } from "../retirement/leftovers";
import { giveUp } from "./givingUp";
import { declared, type Past } from "./proofInputs";
import { prove } from "./proving";

type State = Before<PipelineProofInputs, PipelineProofOutputs>;

/**
 * Proof that the pipelines which depend on a token pass with it, down to the named jobs; and the one spot that decides what
 * the places hold. They hold the new token while it is tried and when it is proven. When it fails, or a place cannot be
 * set, they hold the one that was last proven, as long as that outlives the margin: then nobody is left with a token that
 * does not do, and no place with another than the rest. What they hold is looked at, whatever is remembered. When time is
 * up, the next run looks again at the same pipelines.
 */
export const pipelineProof: Resource<PipelineProofInputs, PipelineProofOutputs> = {
  diff,
  create: async (inputs, context) => ({
    id: inputs.account,
    outputs: await prove(
      inputs.account,
      inputs,
      { attempts: 0, runs: [], isPutBack: false, tried: [], isSameProof: true },
      context,
    ),
  }),
  previewCreate: async (inputs) => preview(inputs, {}),
  update: async ({ id, inputs: old, outputs }, inputs, context) => {
    if (isOnlySwept(outputs, inputs)) {
      const sweptTokenIds = await sweepLeftovers(outputs, inputs, context);
      return sweptTokenIds === undefined ? outputs : { ...outputs, sweptTokenIds };
    }
    const past = pastOf({ id, inputs: old, outputs }, inputs);
    if (outputs.status === "failed" && past.attempts >= (inputs.maxAttempts ?? 3))
      return giveUp(id, inputs, outputs, context);
    return prove(id, inputs, past, context);
  },
  previewUpdate: async ({ outputs }, inputs) =>
    isOnlySwept(outputs, inputs) ? { ...outputs, sweptTokenIds: unknown } : preview(inputs, outputs),
};

function diff({ outputs }: State, inputs: PipelineProofInputs): Diff {
  return { changes: isOnlySwept(outputs, inputs) ? { sweptTokenIds: "update" } : changesOf(outputs, inputs) };
}

/** Proven, for what is declared now: nothing is left but to look for what lost answers left. */
function isOnlySwept(outputs: PipelineProofOutputs, inputs: PipelineProofInputs): boolean {
  return Object.keys(changesOf(outputs, inputs)).length === 0 && isSweepDue(outputs, inputs);
}

/** Judged by the outputs: after an update that failed in part the engine keeps the inputs of the last one that did not. */
function changesOf(outputs: PipelineProofOutputs, inputs: PipelineProofInputs): Record<string, PropertyChange> {
  const changes: Record<string, PropertyChange> = {};
  if (outputs.status !== "passed") changes.status = "update";
  // A new name of the account is no new proof.
  for (const name of ["generation", "tokenId"] as const)
    if (outputs[name] !== inputs[name] || holdsUnknown(inputs[name])) changes[name] = "update";
  if (!isSamePlaces(outputs.consumers, inputs.consumers)) changes.consumers = "update";
  if (!isSame(outputs.pipelines, inputs.pipelines)) changes.pipelines = "update";
  return changes;
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
    tried: outputs.status === "failed" ? outputs.runs : [],
    isSameProof,
    ...(outputs.lastProven === undefined ? {} : { lastProven: outputs.lastProven }),
  };
}

function preview(inputs: PipelineProofInputs, before: Partial<PipelineProofOutputs>): Properties {
  const open = { status: unknown, provedAt: unknown, attempts: unknown, runs: unknown, lastProven: unknown };
  return { ...before, ...declared(inputs), ...open, putBack: unknown };
}
