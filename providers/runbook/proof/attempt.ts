import { isOurs, isTrouble, messageOf } from "../../../clients/faults";
import type { Servers } from "../../../clients/servers";
import type { PipelineProofInputs } from "../../../contract/pipelineProof";
import type { PipelineTarget, Run } from "../../../contract/types/pipelines";
import type { Consumer } from "../../../contract/types/places";
import type { Context } from "../../host/provider";
import { targetTitle } from "../account/accountInputs";
import { follow } from "../pipelines/following";
import { ownStatuses, unstarted } from "../pipelines/runs";
import { type Begin, start } from "../pipelines/starting";
import { targetMarkOf } from "../pipelines/targetMark";
import { doubtOf } from "./doubts";
import type { FailedAttempt } from "./failureText";
import { thisRun } from "./placement";
import type { Past } from "./proofInputs";
import { isSpent, needsMending, verdict } from "./verdict";

/** What became of one target: a refusal counts as a failure, trouble of ours or of the server does not. */
export interface Attempt extends FailedAttempt {
  readonly trouble?: string;
  /** The trouble is with our own credential, or with what it may do. */
  readonly isOurs?: boolean;
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
      runOne(target, past.runs[index], beginOf(inputs, past, target, isMarked), inputs.consumers, at, context),
    ),
  );
}

/**
 * Where an attempt counts from. Where the places held an earlier value in between, the marks say nothing: then what is there
 * now counts.
 */
function beginOf(inputs: PipelineProofInputs, past: Past, target: PipelineTarget, isMarked: boolean): Begin {
  const mark = isMarked ? targetMarkOf(target, inputs.marks ?? []) : undefined;
  const title = targetTitle(target);
  const tried = past.tried.find((run) => run.project === target.project && run.target === title);
  const upTo = past.isSameProof && tried !== undefined ? numberOf(tried) : 0;
  return {
    mark: mark === undefined ? undefined : { ...mark, after: Math.max(mark.after, upTo) },
    // An attempt that ended is in the state: nothing was left behind since, unless a run crashed.
    mayBeStarted: inputs.markedBy !== thisRun,
    tried,
  };
}

/** The number of what a run looked at, or after which it looked. */
function numberOf({ after = 0, pipelineId = 0, jobId }: Run): number {
  return Math.max(after, jobId ?? pipelineId);
}

/** How many more are started in one run, where those before were canceled or skipped. */
const RESTARTS = 2;

async function runOne(
  target: PipelineTarget,
  earlier: Run | undefined,
  first: Begin,
  consumers: readonly Consumer[],
  at: Servers,
  context: Context,
): Promise<Attempt> {
  let run = earlier ?? unstarted(target, at.gitlab().baseUrl);
  let begin = first;
  const until = performance.now() + (target.waitMinutes ?? 30) * 60_000;
  const keep = (seen: Run) => {
    run = seen;
  };
  try {
    for (let more = RESTARTS; ; more--) {
      const isFresh = run.status === ownStatuses.unstarted || isSpent(target, run);
      if (isFresh) {
        const { last } = run;
        const started = await start(target, begin, at);
        run = last === undefined ? started : { ...started, last };
      }
      if (run.status === ownStatuses.unstarted) return { target, run };
      await follow(target, run, { until, isFresh }, at, context, keep);
      const found = verdict(target, run);
      if ("passed" in found || "failed" in found) {
        const doubt = await doubtOf(target, run, consumers, at, context.log);
        if (doubt !== undefined) run = { ...run, doubt };
      }
      if (more === 0 || needsMending(run) || !isSpent(target, run)) return { target, run };
      // What was canceled came after the mark, and another start counts from now on.
      begin = { ...begin, mark: undefined };
    }
  } catch (error) {
    if (context.signal.aborted) return { target, run, trouble: "the run was cancelled" };
    if (isOurs(error)) return { target, run, trouble: messageOf(error), isOurs: !isTrouble(error) };
    return { target, run: { ...run, status: ownStatuses.refused }, refusal: messageOf(error) };
  }
}
