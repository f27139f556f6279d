import type { Servers } from "../../../clients/servers";
import type { EarlierToken, PipelineProofInputs, PipelineProofOutputs } from "../../../contract/pipelineProof";
import { placeTitle } from "../../../places/served";
import type { Value } from "../../../places/serving";
import { otherPlaces } from "../consumers";
import { type PutBack, putBack } from "./putBack";

/** What served until now is what a later generation falls back to as well, and not this one, which failed. */
export function remembering({ earlier }: PutBack): { readonly lastProven?: EarlierToken } {
  return earlier === undefined ? {} : { lastProven: earlier };
}

/** Has the places hold the last proven token, or the one before, if one outlives the margin. */
export async function earlierAgain(
  inputs: PipelineProofInputs,
  { lastProven }: Pick<PipelineProofOutputs, "lastProven">,
  at: Servers,
): Promise<PutBack> {
  const { previousToken, previousGeneration, marginDays } = inputs;
  if (inputs.earlierIsDead === true)
    return {
      done: false,
      told: "Put-back is impossible: the earlier token died when it rotated itself.",
    };
  const previous =
    previousToken === undefined ? [] : [{ generation: previousGeneration ?? "before", token: previousToken }];
  const earlier = [...(lastProven === undefined ? [] : [lastProven]), ...previous].filter(
    ({ token }, index, all) => token !== inputs.token && all.findIndex((one) => one.token === token) === index,
  );
  return putBack(earlier, inputs.consumers, marginDays, at);
}

/** What the places hold where nothing was put back, by looking at them. */
export async function heldText({ consumers, token }: PipelineProofInputs, at: Servers): Promise<string> {
  const others = await otherPlaces(at, consumers, token);
  if (others.length === 0) return "The places hold the new token, which lives; nothing was revoked.";
  return `Of the places, ${others.map(placeTitle).join(", ")} ${others.length === 1 ? "holds" : "hold"} another value than the new token.`;
}

/** What the places are to hold while the new token is tried. */
export function newValue({ token, expiresAt }: PipelineProofInputs): Value {
  return { token, ...(expiresAt === undefined ? {} : { expiresAt }) };
}
