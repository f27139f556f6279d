import { isDeepStrictEqual } from "node:util";
import { now } from "../host/clock";
import {
  type Before,
  type Context,
  type Diff,
  PartialFailure,
  type Properties,
  type PropertyChange,
  type Resource,
  unknown,
} from "../host/provider";
import { holdsUnknown } from "../host/values";
import type { PipelineTarget } from "./accountInputs";
import { type Consumer, consumerTitle, ensureConsumers, isSamePlaces, otherPlaces, type Value } from "./consumers";
import { type FailedAttempt, failureText } from "./failureText";
import { isTrouble, messageOf } from "./faults";
import { follow } from "./following";
import { thisRun } from "./placement";
import { type EarlierToken, livesOn, type PutBack, putBack } from "./putBack";
import { isSame, ownStatuses, type Run, unstarted, verdict } from "./runs";
import { type Servers, servers } from "./servers";
import { type Begin, start } from "./starting";
import { type LastRun, type TargetMark, targetMarkOf } from "./targetMark";

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
  readonly consumers: readonly Consumer[];
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
    "token" | "expiresAt" | "previousToken" | "previousGeneration" | "earlierIsDead" | "marks" | "markedBy"
  > {
  readonly status: "passed" | "running" | "failed";
  /** An instant. */
  readonly provedAt?: string;
  readonly attempts: number;
  readonly runs: readonly Run[];
  readonly lastProven?: EarlierToken;
  readonly putBack: boolean;
}

type State = Before<PipelineProofInputs, PipelineProofOutputs>;

/** What an earlier run left for this one to carry on with. */
interface Past {
  readonly attempts: number;
  /** Started by an earlier run that could not wait for their end. */
  readonly runs: readonly Run[];
  /** The places hold an earlier value, and are to hold the new one again before anything is started. */
  readonly isPutBack: boolean;
  readonly lastProven?: EarlierToken;
  /** What ran before the first attempt, and what ran in the last one, for each target. */
  readonly tried: readonly { readonly last?: LastRun; readonly upTo: number }[];
}

/**
 * Proof that the pipelines which depend on a token pass with it, down to the named jobs. When they fail, the value that
 * was last proven is put back, so that nobody is left with a token that does not do. When time is up, the next run looks
 * again at the same pipelines.
 */
export const pipelineProof: Resource<PipelineProofInputs, PipelineProofOutputs> = {
  defaults: (inputs) => ({ ...inputs, maxAttempts: inputs.maxAttempts ?? 3 }),
  diff,
  create: async (inputs, context) => ({
    id: inputs.account,
    outputs: await prove(inputs.account, inputs, { attempts: 0, runs: [], isPutBack: false, tried: [] }, context),
  }),
  previewCreate: async (inputs) => preview(inputs, {}),
  update: async ({ id, inputs: old, outputs }, inputs, context) => {
    const past = pastOf({ id, inputs: old, outputs }, inputs);
    if (outputs.status === "failed" && past.attempts >= (inputs.maxAttempts ?? 3))
      return giveUp(id, inputs, outputs, context);
    return prove(id, inputs, past, context);
  },
  previewUpdate: async ({ outputs }, inputs) => preview(inputs, outputs),
};

function diff({ inputs: old, outputs }: State, inputs: PipelineProofInputs): Diff {
  const changes: Record<string, PropertyChange> = {};
  if (outputs.status !== "passed") changes.status = "update";
  // A new name of the account is no new proof.
  for (const name of ["generation", "tokenId", "token"] as const)
    if (!isDeepStrictEqual(old[name], inputs[name]) || holdsUnknown(inputs[name])) changes[name] = "update";
  if (!isSamePlaces(old.consumers, inputs.consumers)) changes.consumers = "update";
  if (!isSame(old.pipelines, inputs.pipelines)) changes.pipelines = "update";
  return { changes };
}

/** Judged by the outputs: after an update that failed in part the engine keeps the inputs of the last one that did not. */
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
    tried: isSameProof && outputs.status === "failed" ? outputs.runs.map(triedIn) : [],
    ...(outputs.lastProven === undefined ? {} : { lastProven: outputs.lastProven }),
  };
}

function triedIn({ last, after = 0, pipelineId = 0, jobId }: Run): Past["tried"][number] {
  return { ...(last === undefined ? {} : { last }), upTo: Math.max(after, jobId ?? pipelineId) };
}

function preview(inputs: PipelineProofInputs, before: Partial<PipelineProofOutputs>): Properties {
  const open = { status: unknown, provedAt: unknown, attempts: unknown, runs: unknown, lastProven: unknown };
  return { ...before, ...declared(inputs), ...open, putBack: unknown };
}

function declared(inputs: PipelineProofInputs) {
  const { account, generation, tokenId, consumers, pipelines, maxAttempts = 3 } = inputs;
  return { account, generation, tokenId, consumers, pipelines, maxAttempts };
}

async function prove(
  id: string,
  inputs: PipelineProofInputs,
  past: Past,
  context: Context,
): Promise<PipelineProofOutputs> {
  const at = servers(context);
  const memory = past.lastProven === undefined ? {} : { lastProven: past.lastProven };
  const state = { ...declared(inputs), ...memory, attempts: past.attempts, runs: past.runs, putBack: past.isPutBack };
  const begins = inputs.pipelines.some(
    (_, index) => (past.runs[index]?.status ?? ownStatuses.unstarted) === ownStatuses.unstarted,
  );
  let isMarked = !past.isPutBack;
  if (begins) {
    // Whatever is remembered: a run that was killed while it put the earlier value back remembers nothing, and a proof with
    // that value would be false.
    const { failures, held } = await ensureConsumers(at, inputs.consumers, newValue(inputs));
    // What ran while a place held another value, or may have, proves nothing.
    isMarked &&= held || inputs.markedBy === thisRun;
    if (failures.length > 0)
      throw new PartialFailure(
        [`${doing(inputs, past.attempts + 1)}: setting the new token again: ${failures.join("; ")}. Run again.`],
        id,
        { ...state, status: "failed" },
      );
  }
  const attempt = await Promise.all(
    inputs.pipelines.map((target, index) =>
      runOne(target, past.runs[index], beginOf(inputs, past, index, isMarked), at, context),
    ),
  );
  const runs = attempt.map(({ run }) => run);
  const failed = attempt.filter(
    ({ target, run, refusal }) => refusal !== undefined || "failed" in verdict(target, run),
  );
  const troubles = attempt.flatMap(({ trouble }) => (trouble === undefined ? [] : [trouble]));
  const left = { ...state, runs, putBack: false };
  if (failed.length > 0) {
    const failures = await Promise.all(failed.map((one) => failureText(one, at)));
    return fail(id, inputs, { ...left, attempts: past.attempts + 1 }, failures, at);
  }
  if (troubles.length > 0)
    throw new PartialFailure(
      [
        `${doing(inputs, past.attempts + 1)}: ${troubles.join("; ")}. The pipelines may still run, and no token is revoked: the next run looks at the same ones again.`,
      ],
      id,
      { ...left, status: "running" },
    );
  if (attempt.some(({ target, run }) => "running" in verdict(target, run))) {
    context.log.info(
      `${doing(inputs, past.attempts + 1)}: still running when the time was up; the next run looks again. ${runs.map(({ url }) => url).join(" ")}`,
    );
    return { ...left, status: "running" };
  }
  // What an earlier run started took its time: a person may have set another value meanwhile.
  const others = begins ? [] : await otherPlaces(at, inputs.consumers, inputs.token);
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
 * Where an attempt counts from. Where the places held an earlier value in between, the marks say nothing: then what is there
 * now counts. Nor do they say anything of what the last attempt ran.
 */
function beginOf(inputs: PipelineProofInputs, past: Past, index: number, isMarked: boolean): Begin {
  const target = inputs.pipelines[index];
  const mark = target !== undefined && isMarked ? targetMarkOf(target, inputs.marks ?? []) : undefined;
  const { last, upTo = 0 } = past.tried[index] ?? {};
  return {
    mark: mark === undefined ? undefined : { ...mark, after: Math.max(mark.after, upTo) },
    // An attempt that ended is in the state: nothing was left behind since, unless a run crashed.
    mayBeStarted: inputs.markedBy !== thisRun,
    last,
  };
}

/** What became of one target: a refusal counts as a failure, trouble with the server does not. */
interface Attempt extends FailedAttempt {
  readonly trouble?: string;
}

async function runOne(
  target: PipelineTarget,
  earlier: Run | undefined,
  begin: Begin,
  at: Servers,
  context: Context,
): Promise<Attempt> {
  let run = earlier ?? unstarted(target, at.gitlab().baseUrl);
  try {
    const isFresh = run.status === ownStatuses.unstarted;
    if (isFresh) run = await start(target, begin, at);
    if (run.status === ownStatuses.unstarted) return { target, run };
    await follow(target, run, isFresh, at, context, (seen) => {
      run = seen;
    });
    return { target, run };
  } catch (error) {
    if (context.signal.aborted) return { target, run, trouble: "the run was cancelled" };
    if (isTrouble(error)) return { target, run, trouble: messageOf(error) };
    return { target, run: { ...run, status: ownStatuses.refused }, refusal: messageOf(error) };
  }
}

/** What putting back comes to where a token rotated itself. */
const noWayBack = {
  done: false,
  told: "Not put back: the earlier token died when it rotated itself. The places hold the new token, which lives.",
} as const;

async function fail(
  id: string,
  inputs: PipelineProofInputs,
  state: Omit<PipelineProofOutputs, "status">,
  failures: readonly string[],
  at: Servers,
): Promise<never> {
  const { previousToken, previousGeneration } = inputs;
  const previous =
    previousToken === undefined ? [] : [{ generation: previousGeneration ?? "before", token: previousToken }];
  const earlier = [...(state.lastProven === undefined ? [] : [state.lastProven]), ...previous].filter(
    ({ token }, index, all) => token !== inputs.token && all.findIndex((one) => one.token === token) === index,
  );
  const back: PutBack = inputs.earlierIsDead === true ? noWayBack : await putBack(earlier, inputs.consumers, at);
  const attempts = inputs.maxAttempts ?? 3;
  const next =
    state.attempts < attempts
      ? `What to do: read the job's log in GitLab and mend the cause, such as a scope or a role that the account lacks. The next "pulumi up" sets the new token again and starts the pipelines anew (attempt ${state.attempts + 1} of ${attempts}).`
      : `What to do: read the job's log in GitLab and mend the cause. That was the last attempt: nothing is rerun until the pipelines or the generation change (an entry in "extraDates" opens a new one).`;
  const told = [`${doing(inputs, state.attempts)}: ${failures.join("; ")}`, back.told, next].join("\n");
  throw new PartialFailure([told], id, {
    ...state,
    status: "failed",
    putBack: back.done,
    // What served until now is what a later generation falls back to as well, and not this one, which failed.
    ...(back.earlier === undefined ? {} : { lastProven: back.earlier }),
  });
}

/** All attempts failed: nothing is rerun. A token that was put back is not left in the places when it is about to die. */
async function giveUp(
  id: string,
  inputs: PipelineProofInputs,
  outputs: PipelineProofOutputs,
  context: Context,
): Promise<never> {
  const { lastProven } = outputs;
  const earlier = lastProven?.token ?? inputs.previousToken;
  const at = servers(context);
  if (!outputs.putBack || (earlier !== undefined && (await livesOn(earlier, at)))) throw exhausted(inputs, outputs);
  const { failures } = await ensureConsumers(at, inputs.consumers, newValue(inputs));
  const told =
    failures.length === 0
      ? "The earlier token is dead or about to die, so the places hold the new one again: it lives, although its pipelines failed."
      : `The earlier token is dead or about to die, and the new one could not be set: ${failures.join("; ")}.`;
  throw new PartialFailure([`${exhausted(inputs, outputs).message} ${told}`], id, {
    ...outputs,
    ...declared(inputs),
    putBack: failures.length > 0,
  });
}

function exhausted(inputs: PipelineProofInputs, { attempts, runs, putBack }: PipelineProofOutputs): Error {
  const place = putBack ? "The places hold the earlier token." : "The places hold the new token.";
  return new Error(
    `proving generation "${inputs.generation}" of account "${inputs.account}" by its pipelines: ${attempts} attempts failed, so nothing was rerun. ${place} No token is revoked. Last: ${runs.map(({ url }) => url).join(" ")}. Mend the cause, then change the pipelines, or open a new generation with an entry in "extraDates".`,
  );
}

function newValue({ token, expiresAt }: PipelineProofInputs): Value {
  return { token, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

function doing({ account, generation, maxAttempts = 3 }: PipelineProofInputs, attempt: number): string {
  return `proving generation "${generation}" of account "${account}" by its pipelines, attempt ${attempt} of ${maxAttempts}`;
}
