import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type Servers, servers } from "../../../clients/servers";
import type { PlacementInputs, PlacementOutputs } from "../../../contract/placement";
import type { PipelineTarget, TargetMark } from "../../../contract/types/pipelines";
import { type Before, type Context, type Diff, type PropertyChange, type Resource, unknown } from "../../host/provider";
import { holdsUnknown } from "../../host/values";
import { isSamePlaces } from "../consumers";
import { isSame } from "../pipelines/runs";
import { takeMark } from "../pipelines/targetMark";

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
  update: async ({ outputs }, inputs, context) => replaced(outputs, await place(inputs, context)),
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

/** The places held this token already: what ran since then had it, and is not what ran last with the one before. */
function replaced(old: PlacementOutputs, placed: PlacementOutputs): PlacementOutputs {
  if (old.tokenId !== placed.tokenId) return placed;
  const marks = placed.marks.map(({ last: _last, ...mark }) => {
    const last = old.marks.find(({ project, target }) => project === mark.project && target === mark.target)?.last;
    return last === undefined ? mark : { ...mark, last };
  });
  return { ...placed, marks };
}

/** A pipeline that cannot be looked at is the proof's to report: it then puts back what was there. */
function markOrNone(target: PipelineTarget, at: Servers): Promise<TargetMark | undefined> {
  return takeMark(target, at).catch(() => undefined);
}
