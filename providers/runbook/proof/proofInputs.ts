import type { EarlierToken, PipelineProofInputs } from "../../../contract/pipelineProof";
import type { Run } from "../../../contract/types/pipelines";

/** What an earlier run left for a proof to carry on with. */
export interface Past {
  readonly attempts: number;
  /** Started by an earlier run that could not wait for their end. */
  readonly runs: readonly Run[];
  /** The places hold an earlier value, and are to hold the new one again before anything is started. */
  readonly isPutBack: boolean;
  readonly lastProven?: EarlierToken;
  /** What the last attempt ran, of this token or of the one before it. */
  readonly tried: readonly Run[];
  /** That attempt tried this token, by the same pipelines. */
  readonly isSameProof: boolean;
}

/** What a proof keeps of its declaration. */
export function declared(inputs: PipelineProofInputs) {
  const { account, generation, tokenId, consumers, pipelines, maxAttempts } = inputs;
  return { account, generation, tokenId, consumers, pipelines, maxAttempts };
}
