import { servers } from "../../../../clients/servers";
import type { PipelineProofInputs, PipelineProofOutputs } from "../../../../contract/pipelineProof";
import type { PlacementOutputs } from "../../../../contract/placement";
import type { PipelineTarget } from "../../../../contract/types/pipelines";
import { PartialFailure } from "../../../../providers/host/provider";
import { setConsumers } from "../../../../providers/runbook/consumers";
import { pipelineProof } from "../../../../providers/runbook/proof/pipelineProof";
import { placement } from "../../../../providers/runbook/proof/placement";
import { personalAccessToken } from "../../../../providers/runbook/token/personalAccessToken";
import { type Bench, generationInputs, inventory, variable } from "../bench";

/** The inputs of a proof whose new token is in the variable, and what its placement noted. */
export async function placed(
  { context, requests }: Bench,
  pipelines: readonly PipelineTarget[],
  generation = "2026-11-23",
): Promise<PipelineProofInputs & { readonly placement: PlacementOutputs }> {
  const { outputs } = await personalAccessToken.create(generationInputs({ generation }), context);
  const { tokenId = 0, token = "" } = outputs;
  const consumers = [variable];
  await setConsumers(servers(context), consumers, { token });
  const about = { account: inventory.account, generation, tokenId, consumers, pipelines };
  const noted = (await placement.create(about, context)).outputs;
  requests();
  return { ...about, token, maxAttempts: 3, marginDays: 14, marks: noted.marks, markedBy: noted.run, placement: noted };
}

/** What a proof left, whether it passed or failed. */
export interface Proven {
  readonly outputs: PipelineProofOutputs;
  /** What was said of a failure. */
  readonly told: string;
}

/** Proves, and tells how it ended. */
export async function prove(
  { placement: _, ...inputs }: Awaited<ReturnType<typeof placed>>,
  { context }: Bench,
  before?: PipelineProofOutputs,
): Promise<Proven> {
  try {
    if (before === undefined) return { outputs: (await pipelineProof.create(inputs, context)).outputs, told: "" };
    const outputs = await pipelineProof.update?.({ id: "inventory", inputs, outputs: before }, inputs, context);
    if (outputs === undefined) throw new Error("there is no update");
    return { outputs, told: "" };
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    return { outputs: error.outputs as unknown as PipelineProofOutputs, told: error.message };
  }
}
