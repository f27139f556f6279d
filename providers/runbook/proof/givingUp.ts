import { servers } from "../../../clients/servers";
import type { PipelineProofInputs, PipelineProofOutputs } from "../../../contract/pipelineProof";
import type { Run } from "../../../contract/types/pipelines";
import { type Context, PartialFailure } from "../../host/provider";
import { ensureConsumers } from "../consumers";
import { earlierAgain, newValue, remembering } from "./earlier";
import { declared } from "./proofInputs";

/** All attempts failed: nothing is rerun, and the places are brought to what they are to hold, whoever changed them since. */
export async function giveUp(
  id: string,
  inputs: PipelineProofInputs,
  outputs: PipelineProofOutputs,
  context: Context,
): Promise<never> {
  const { attempts, runs } = outputs;
  const at = servers(context);
  const back = await earlierAgain(inputs, outputs, at);
  const isLeft = back.done || back.isUnsure === true;
  const set = isLeft ? undefined : await ensureConsumers(at, inputs.consumers, newValue(inputs));
  const held = set === undefined ? back.told : `${back.told} ${setText(set.failures)}`;
  throw new PartialFailure(
    [
      `proving generation "${inputs.generation}" of account "${inputs.account}" by its pipelines: ${attempts === 1 ? "the only attempt" : `all ${attempts} attempts`} failed, so nothing was rerun. No token is revoked.${lastText(runs)}\n${held}\nWhat to do: mend the cause, then have "npx pat-rotation retry ${inputs.account}" take it up, which allows as many attempts again; or change the pipelines, or open a new generation with an entry in "extraDates".`,
    ],
    id,
    {
      ...outputs,
      ...declared(inputs),
      ...remembering(back),
      putBack: back.isUnsure === true ? outputs.putBack : back.done,
    },
  );
}

function lastText(runs: readonly Run[]): string {
  return runs.length === 0 ? "" : ` Last: ${runs.map(({ url }) => url).join(" ")}.`;
}

/** Whether the places hold the new token, after it was set again where it was not. */
function setText(failures: readonly string[]): string {
  if (failures.length === 0) return "The places hold the new token, which lives; nothing was revoked.";
  return `The new token is not in all places: ${failures.join("; ")}.`;
}
