import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type Before, type Context, type Diff, type PropertyChange, type Resource, unknown } from "../host/provider";
import { holdsUnknown } from "../host/values";
import type { PipelineTarget } from "./accountInputs";
import { type Consumer, isSamePlaces } from "./consumers";
import { isSame } from "./runs";
import { type Servers, servers } from "./servers";
import { type TargetMark, takeMark } from "./targetMark";

/** A token that all places hold by now, and the pipelines that are to prove it. */
export interface PlacementInputs {
  readonly account: string;
  readonly generation: string;
  readonly tokenId: number;
  readonly consumers: readonly Consumer[];
  readonly pipelines: readonly PipelineTarget[];
}

/** The pipelines as they were then. */
export interface PlacementOutputs extends PlacementInputs {
  /** One for each pipeline that could be looked at. */
  readonly marks: readonly TargetMark[];
  /** The run that took them. */
  readonly run: string;
}

/** Names this run, from its start to its end. */
export const thisRun = randomUUID();

type State = Before<PlacementInputs, PlacementOutputs>;

/**
 * The moment from which all places hold a token, as GitLab counts time: the newest pipelines of then. What has a greater
 * number ran with the token, whatever the clocks say. It is a step of its own so that it is in the state before any pipeline
 * is started: after a crash, the run that was left behind is found by it, and not started twice.
 */
export const placement: Resource<PlacementInputs, PlacementOutputs> = {
  diff,
  create: async (inputs, context) => ({ id: inputs.account, outputs: await place(inputs, context) }),
  previewCreate: async (inputs) => ({ ...inputs, marks: unknown, run: unknown }),
  update: async (_before, inputs, context) => place(inputs, context),
  previewUpdate: async (_before, inputs) => ({ ...inputs, marks: unknown, run: unknown }),
};

function diff({ outputs: old }: State, inputs: PlacementInputs): Diff {
  const changes: Record<string, PropertyChange> = {};
  for (const name of ["generation", "tokenId"] as const)
    if (!isDeepStrictEqual(old[name], inputs[name]) || holdsUnknown(inputs[name])) changes[name] = "update";
  if (!isSamePlaces(old.consumers, inputs.consumers)) changes.consumers = "update";
  if (!isSame(old.pipelines, inputs.pipelines)) changes.pipelines = "update";
  return { changes };
}

async function place(inputs: PlacementInputs, context: Context): Promise<PlacementOutputs> {
  const at = servers(context);
  const marks = await Promise.all(inputs.pipelines.map((target) => markOrNone(target, at)));
  return { ...inputs, marks: marks.filter((mark) => mark !== undefined), run: thisRun };
}

/** A pipeline that cannot be looked at is the proof's to report: it then puts back what was there. */
function markOrNone(target: PipelineTarget, at: Servers): Promise<TargetMark | undefined> {
  return takeMark(target, at).catch(() => undefined);
}
