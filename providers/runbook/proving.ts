import { now } from "../host/clock";
import { type Context, PartialFailure } from "../host/provider";
import { type Attempt, attemptAll } from "./attempt";
import { consumerTitle, ensureConsumers, otherPlaces, type Value } from "./consumers";
import { failureText } from "./failureText";
import { thisRun } from "./placement";
import { declared, type Past, type PipelineProofInputs, type PipelineProofOutputs } from "./proofInputs";
import { type EarlierToken, type PutBack, putBack } from "./putBack";
import { ownStatuses, verdict } from "./runs";
import { type Servers, servers } from "./servers";

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
  const isUnstarted = (index: number) => (past.runs[index]?.status ?? ownStatuses.unstarted) === ownStatuses.unstarted;
  const starts = inputs.pipelines.length === 0 || inputs.pipelines.some((_, index) => isUnstarted(index));
  let isMarked = !past.isPutBack;
  let refusals: readonly string[] = [];
  if (starts) {
    // Whatever is remembered: a run that was killed while it put the earlier value back remembers nothing, and a proof with
    // that value would be false.
    const { failures, held } = await ensureConsumers(at, inputs.consumers, newValue(inputs));
    // What ran while a place held another value, or may have, proves nothing.
    isMarked &&= held || inputs.markedBy === thisRun;
    refusals = failures;
    if (failures.length > 0) await withdraw(id, inputs, state, failures, at);
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
        `${doing(inputs, past.attempts + 1)}: the pipelines passed, but ${others.map(consumerTitle).join(", ")} ${others.length === 1 ? "holds" : "hold"} another value than the new token, so they prove nothing. Who set it? The next run sets the new token again and starts the pipelines anew.`,
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

/** Ends an attempt in which a pipeline failed, or could not be followed. */
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
  if (failed.length > 0) {
    const failures = await Promise.all(failed.map((one) => failureText(one, at)));
    await fail(id, inputs, { ...left, attempts: left.attempts + 1 }, failures, at);
  }
  const troubles = attempts.flatMap(({ trouble }) => (trouble === undefined ? [] : [trouble]));
  if (troubles.length > 0)
    throw new PartialFailure(
      [
        `${doing(inputs, left.attempts + 1)}: ${troubles.join("; ")}. The pipelines may still run, and no token is revoked: the next run looks at the same ones again.`,
      ],
      id,
      { ...left, status: "running" },
    );
}

async function fail(
  id: string,
  inputs: PipelineProofInputs,
  state: Open,
  failures: readonly string[],
  at: Servers,
): Promise<never> {
  const back = await earlierAgain(inputs, state, at);
  const attempts = inputs.maxAttempts ?? 3;
  const next =
    state.attempts < attempts
      ? `What to do: read the job's log in GitLab and mend the cause, such as a scope or a role that the account lacks. The next "pulumi up" sets the new token again and starts the pipelines anew (attempt ${state.attempts + 1} of ${attempts}).`
      : `What to do: read the job's log in GitLab and mend the cause. That was the last attempt: nothing is rerun until the pipelines or the generation change (an entry in "extraDates" opens a new one).`;
  const told = [`${doing(inputs, state.attempts)}: ${failures.join("; ")}`, back.told, next].join("\n");
  throw new PartialFailure([told], id, { ...state, ...remembering(back), status: "failed", putBack: back.done });
}

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
  const { failures } = isLeft ? { failures: [] } : await ensureConsumers(at, inputs.consumers, newValue(inputs));
  const held = failures.length === 0 ? back.told : `${back.told} Setting it again: ${failures.join("; ")}.`;
  throw new PartialFailure(
    [
      `proving generation "${inputs.generation}" of account "${inputs.account}" by its pipelines: ${attempts === 1 ? "the only attempt" : `all ${attempts} attempts`} failed, so nothing was rerun. No token is revoked. Last: ${runs.map(({ url }) => url).join(" ")}.\n${held}\nWhat to do: mend the cause, then change the pipelines, or open a new generation with an entry in "extraDates".`,
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

/** What served until now is what a later generation falls back to as well, and not this one, which failed. */
function remembering({ earlier }: PutBack): { readonly lastProven?: EarlierToken } {
  return earlier === undefined ? {} : { lastProven: earlier };
}

/** Has the places hold the last proven token, or the one before, if one outlives the margin. */
async function earlierAgain(
  inputs: PipelineProofInputs,
  { lastProven }: Pick<Open, "lastProven">,
  at: Servers,
): Promise<PutBack> {
  const { previousToken, previousGeneration, marginDays = 14 } = inputs;
  if (inputs.earlierIsDead === true)
    return {
      done: false,
      told: "Put-back is impossible: the earlier token died when it rotated itself. The places hold the new token, which lives.",
    };
  const previous =
    previousToken === undefined ? [] : [{ generation: previousGeneration ?? "before", token: previousToken }];
  const earlier = [...(lastProven === undefined ? [] : [lastProven]), ...previous].filter(
    ({ token }, index, all) => token !== inputs.token && all.findIndex((one) => one.token === token) === index,
  );
  return putBack(earlier, inputs.consumers, marginDays, at);
}

function newValue({ token, expiresAt }: PipelineProofInputs): Value {
  return { token, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

function doing({ account, generation, pipelines, maxAttempts = 3 }: PipelineProofInputs, attempt: number): string {
  const subject = `generation "${generation}" of account "${account}"`;
  return pipelines.length === 0
    ? `proving ${subject} by its places`
    : `proving ${subject} by its pipelines, attempt ${attempt} of ${maxAttempts}`;
}
