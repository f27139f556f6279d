import { type Servers, servers } from "../../../clients/servers";
import type { PipelineProofInputs, PipelineProofOutputs } from "../../../contract/pipelineProof";
import type { PipelineTarget, Run } from "../../../contract/types/pipelines";
import { now } from "../../../ground/now";
import { placeTitle } from "../../../places/served";
import { type Context, PartialFailure } from "../../host/provider";
import { ensureConsumers, otherPlaces } from "../consumers";
import { ownStatuses } from "../pipelines/runs";
import { takeMark } from "../pipelines/targetMark";
import { type Attempt, attemptAll } from "./attempt";
import { earlierAgain, heldText, newValue, remembering } from "./earlier";
import { failureAdvice } from "./failureAdvice";
import { failureText } from "./failureText";
import { openText } from "./openText";
import { thisRun } from "./placement";
import { declared, type Past } from "./proofInputs";
import { isSpent, verdict } from "./verdict";

/** A proof that has come to no end. */
type Open = Omit<PipelineProofOutputs, "status">;

/** Has the places hold the new token, runs the pipelines, and says what came of it. */
export async function prove(
  id: string,
  inputs: PipelineProofInputs,
  past: Past,
  context: Context,
): Promise<PipelineProofOutputs> {
  const at = servers(context);
  const memory = past.lastProven === undefined ? {} : { lastProven: past.lastProven };
  const state: Open = {
    ...declared(inputs),
    ...memory,
    attempts: past.attempts,
    runs: past.runs,
    putBack: past.isPutBack,
  };
  const starts =
    inputs.pipelines.length === 0 || inputs.pipelines.some((target, index) => isToStart(target, past.runs[index]));
  let isMarked = !past.isPutBack;
  let refusals: readonly string[] = [];
  if (starts) {
    // Whatever is remembered: a run that was killed while it put the earlier value back remembers nothing, and a proof with
    // that value would be false.
    const { failures, held } = await ensureConsumers(at, inputs.consumers, newValue(inputs));
    // What ran while a place held another value, or may have, proves nothing.
    isMarked &&= held || inputs.markedBy === thisRun;
    refusals = failures;
    // What the last attempt ran tells whose token later ones had.
    const kept = past.isSameProof && past.runs.length === 0 ? { ...state, runs: past.tried } : state;
    if (failures.length > 0) await withdraw(id, inputs, kept, failures, at);
  }
  const attempts = await attemptAll(inputs, past, isMarked, at, context);
  const left: Open = { ...state, runs: attempts.map(({ run }) => run), putBack: false };
  await refuse(id, inputs, left, attempts, at);
  if (attempts.some(({ target, run }) => "running" in verdict(target, run))) {
    context.log.info(
      `${doing(inputs, past.attempts + 1)}: still running when the time was up; the next run looks again. ${left.runs.map(({ url }) => url).join(" ")}`,
    );
    return { ...left, status: "running" };
  }
  if (refusals.length > 0)
    throw new PartialFailure(
      [
        `${doing(inputs, past.attempts + 1)}: not every place could be set: ${refusals.join("; ")}. The others hold the new token, and what depends on it passes. No token is revoked. Make the place writable, or take it out of the declaration, and run again.`,
      ],
      id,
      { ...left, status: "failed" },
    );
  // What an earlier run started took its time: a person may have set another value meanwhile.
  const others = starts ? [] : await otherPlaces(at, inputs.consumers, inputs.token);
  if (others.length > 0)
    throw new PartialFailure(
      [
        `${doing(inputs, past.attempts + 1)}: the pipelines passed, but ${others.map(placeTitle).join(", ")} ${others.length === 1 ? "holds" : "hold"} another value than the new token, so they prove nothing. Who set it? The next run sets the new token again and starts the pipelines anew.`,
      ],
      id,
      { ...left, status: "failed", putBack: true },
    );
  return {
    ...left,
    attempts: past.attempts + 1,
    status: "passed",
    provedAt: now().toISOString(),
    ...(inputs.earlierIsDead === true ? {} : { lastProven: { generation: inputs.generation, token: inputs.token } }),
  };
}

/** Whether something is to be started anew, and not only looked at again. */
function isToStart(target: PipelineTarget, run: Run | undefined): boolean {
  return run === undefined || run.status === ownStatuses.unstarted || isSpent(target, run);
}

/**
 * A rotation stands in all places or in none. Where an earlier token outlives the margin, all places hold that again; where
 * none does, the proof goes on over the places that hold the new one: that keeps jobs alive.
 */
async function withdraw(
  id: string,
  inputs: PipelineProofInputs,
  state: Open,
  failures: readonly string[],
  at: Servers,
): Promise<void> {
  const back = await earlierAgain(inputs, state, at);
  if (!back.done) return;
  throw new PartialFailure(
    [
      `${doing(inputs, state.attempts + 1)}: storing the new token: ${failures.join("; ")}. A rotation stands in all places or in none.\n${back.told}\nWhat to do: make that place writable, or take it out of the declaration. The next "pulumi up" sets the new token again; this counts as no attempt.`,
    ],
    id,
    { ...state, ...remembering(back), status: "failed", putBack: true },
  );
}

/** Ends an attempt in which a pipeline failed, could not be followed, or said nothing. */
async function refuse(
  id: string,
  inputs: PipelineProofInputs,
  left: Open,
  attempts: readonly Attempt[],
  at: Servers,
): Promise<void> {
  const failed = attempts.filter(
    ({ target, run, refusal }) => refusal !== undefined || "failed" in verdict(target, run),
  );
  if (failed.length > 0) await fail(id, inputs, { ...left, attempts: left.attempts + 1 }, failed, at);
  const open = openText(attempts);
  if (open !== undefined)
    throw new PartialFailure(
      [
        `${doing(inputs, left.attempts + 1)}: ${open}\nThat is no verdict on the token: it counts as no attempt, the places keep the new token, and none is revoked.`,
      ],
      id,
      { ...left, status: "running" },
    );
}

async function fail(
  id: string,
  inputs: PipelineProofInputs,
  state: Open,
  failed: readonly Attempt[],
  at: Servers,
): Promise<never> {
  const failures = await Promise.all(failed.map((one) => failureText(one, at)));
  const back = await earlierAgain(inputs, state, at);
  const runs = back.done
    ? await Promise.all(inputs.pipelines.map((one, index) => since(one, state.runs[index], at)))
    : [];
  const attempts = inputs.maxAttempts ?? 3;
  const next =
    state.attempts < attempts
      ? `The next "pulumi up" sets the new token again and starts the pipelines anew (attempt ${state.attempts + 1} of ${attempts}).`
      : `That was the last attempt: nothing is rerun until "npx pat-rotation retry ${inputs.account}" takes it up, or the pipelines or the generation change (an entry in "extraDates" opens a new one).`;
  const advice = `What to do: ${failureAdvice(failed)} ${next}`;
  const held = back.done || back.isUnsure === true ? back.told : `${back.told} ${await heldText(inputs, at)}`;
  const told = [`${doing(inputs, state.attempts)}: ${failures.join("; ")}`, held, advice].join("\n");
  throw new PartialFailure([told], id, {
    ...state,
    ...(back.done ? { runs: runs.filter((run) => run !== undefined) } : {}),
    ...remembering(back),
    status: "failed",
    putBack: back.done,
  });
}

/** A run of an attempt after which the places hold an earlier token again: what comes from now on has that. */
async function since(target: PipelineTarget, run: Run | undefined, at: Servers): Promise<Run | undefined> {
  if (run === undefined) return undefined;
  const mark = await takeMark(target, at).catch(() => undefined);
  return mark === undefined ? run : { ...run, backAfter: mark.after };
}

function doing({ account, generation, pipelines, maxAttempts }: PipelineProofInputs, attempt: number): string {
  const subject = `generation "${generation}" of account "${account}"`;
  return pipelines.length === 0
    ? `proving ${subject} by its places`
    : `proving ${subject} by its pipelines, attempt ${attempt} of ${maxAttempts}`;
}
