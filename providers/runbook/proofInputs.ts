import type { PipelineTarget } from "./accountInputs";
import type { Consumer } from "./consumers";
import type { EarlierToken } from "./putBack";
import type { Run } from "./runs";
import type { LastRun, TargetMark } from "./targetMark";

/** What is to be proven, where it stands, and by what. */
export interface PipelineProofInputs {
  readonly account: string;
  readonly generation: string;
  readonly tokenId: number;
  readonly token: string;
  /** The day on which the token dies; items that have an expiry say so. */
  readonly expiresAt?: string;
  readonly previousToken?: string;
  readonly previousGeneration?: string;
  /** It died when this one was made: it is neither put back nor tried. @default false */
  readonly earlierIsDead?: boolean;
  /** Days that an earlier token must still live to be put back, so that runs may be missed. @default 14 */
  readonly marginDays?: number;
  readonly consumers: readonly Consumer[];
  /** None: then the token is proven when all places hold it. */
  readonly pipelines: readonly PipelineTarget[];
  /** What there was when the places began to hold the token. @default what there is now */
  readonly marks?: readonly TargetMark[];
  /** The run that took the marks. */
  readonly markedBy?: string;
  /** @default 3 */
  readonly maxAttempts?: number;
}

/** How the proof stands. */
export interface PipelineProofOutputs
  extends Omit<
    PipelineProofInputs,
    | "token"
    | "expiresAt"
    | "previousToken"
    | "previousGeneration"
    | "earlierIsDead"
    | "marginDays"
    | "marks"
    | "markedBy"
  > {
  readonly status: "passed" | "running" | "failed";
  /** An instant: the pipelines had passed, and all places held the token. */
  readonly provedAt?: string;
  readonly attempts: number;
  readonly runs: readonly Run[];
  readonly lastProven?: EarlierToken;
  readonly putBack: boolean;
}

/** What an earlier run left for a proof to carry on with. */
export interface Past {
  readonly attempts: number;
  /** Started by an earlier run that could not wait for their end. */
  readonly runs: readonly Run[];
  /** The places hold an earlier value, and are to hold the new one again before anything is started. */
  readonly isPutBack: boolean;
  readonly lastProven?: EarlierToken;
  /** What ran before the first attempt, and what ran in the last one, for each target. */
  readonly tried: readonly { readonly last?: LastRun; readonly upTo: number }[];
}

/** What a proof keeps of its declaration. */
export function declared(inputs: PipelineProofInputs) {
  const { account, generation, tokenId, consumers, pipelines, maxAttempts = 3 } = inputs;
  return { account, generation, tokenId, consumers, pipelines, maxAttempts };
}
