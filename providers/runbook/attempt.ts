import type { Context } from "../host/provider";
import type { PipelineTarget } from "./accountInputs";
import type { FailedAttempt } from "./failureText";
import { isTrouble, messageOf } from "./faults";
import { follow } from "./following";
import { thisRun } from "./placement";
import type { Past, PipelineProofInputs } from "./proofInputs";
import { ownStatuses, type Run, unstarted } from "./runs";
import type { Servers } from "./servers";
import { type Begin, start } from "./starting";
import { targetMarkOf } from "./targetMark";

/** What became of one target: a refusal counts as a failure, trouble with the server does not. */
export interface Attempt extends FailedAttempt {
  readonly trouble?: string;
}

/** Starts what was not started yet, and follows all pipelines to their end, or until time is up. */
export function attemptAll(
  inputs: PipelineProofInputs,
  past: Past,
  isMarked: boolean,
  at: Servers,
  context: Context,
): Promise<Attempt[]> {
  return Promise.all(
    inputs.pipelines.map((target, index) =>
      runOne(target, past.runs[index], beginOf(inputs, past, index, isMarked), at, context),
    ),
  );
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
