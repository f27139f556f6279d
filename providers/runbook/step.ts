import { messageOf } from "../../clients/faults";
import { isInAccount } from "../host/account/account";
import { isNews, notedFailures, noteFailure } from "../host/failures";
import { type Before, type Context, PartialFailure, type Properties, type Resource } from "../host/provider";
import { holdsUnknown } from "../host/values";
import { noteStep } from "./deeds";
import { withForeseenFault } from "./foreseen";
import { scrubber } from "./tracking/failure";
import { tellWebhook, tellWebhookOfFailure } from "./tracking/happenings";

/** What a step is told by the one before. */
interface Told {
  /** The account's key. */
  readonly account?: string;
  /** What an earlier step failed of: then this one does nothing. */
  readonly stoppedBy?: string;
}

/** What a step tells the next one. */
interface Outcome {
  /** What stopped it; empty when nothing did. */
  readonly fault?: string;
  /** The fault is an earlier step's. */
  readonly stopped?: boolean;
  /** It was never taken: what it would have made is not there. */
  readonly untaken?: boolean;
}

/**
 * A step of an account's chain. Inside an `Account` its fault is data: it is noted, told as a warning and handed down, the
 * steps after it do nothing, and the program ends in an error when every account has come to its end. What was there before
 * stays as it was, and the next run takes the step again. Elsewhere, and when the run is cancelled, a fault is an error.
 */
export function step<I extends object, O extends object>(
  token: string,
  resource: Resource<I, O>,
): Resource<I & Told, O & Outcome> {
  const { create, update, previewCreate, previewUpdate, read } = resource;
  const changed = (before: Before<I, O>, inputs: I, context?: Pick<Context, "urn">) =>
    resource.diff?.(before, inputs, context).changes ?? {};
  /** What stopped it is gone, or nobody had told of faults yet, and it had been done before that. */
  const isOnlyTold = (before: Before<I & Told, O & Outcome>, inputs: I, context?: Pick<Context, "urn">) => {
    const { fault, stopped } = before.outputs;
    const isDone = fault === undefined || stopped === true;
    return isDone && Object.keys(changed(apart(before).last, inputs, context)).length === 0;
  };
  const guarded = guard<O>(token);
  return {
    ...resource,
    isStopped: (inputs) => isStopped(inputs),
    diff: (before, inputs, context) => {
      const { fault, untaken } = before.outputs;
      // One that was not taken has nothing that could be compared.
      if (isStopped(inputs) || untaken === true) return { changes: { fault: "update" } };
      // Where the output is not there at all, a preview would take it, and all that follows from it, for unknown.
      const told = fault === "" ? {} : { fault: fault === undefined ? ("add" as const) : ("update" as const) };
      return { changes: { ...changed(before, inputs, context), ...told } };
    },
    create: async (inputs, context) => {
      if (isStopped(inputs)) return untaken(context, inputs);
      const made: { id: string } = { id: context.name };
      const outputs = await guarded(inputs, undefined, context, async () => {
        const { id, outputs } = await create(inputs, context);
        made.id = id;
        return outputs;
      });
      return { id: made.id, outputs };
    },
    previewCreate: async (inputs, context): Promise<Properties> =>
      isStopped(inputs)
        ? { ...inputs, fault: inputs.stoppedBy ?? "" }
        : withForeseenFault(
            token,
            { fault: "", ...((await previewCreate?.(inputs, context)) ?? ({ ...inputs } as Properties)) },
            context,
          ),
    ...(update === undefined
      ? {}
      : {
          update: async (before, inputs, context) => {
            const { outcome, last } = apart(before);
            if (isStopped(inputs)) {
              // What it failed of itself is still to be done when the earlier fault is gone.
              const hasFailed = outcome.fault !== undefined && outcome.fault !== "" && outcome.stopped !== true;
              const fault = handedDown(context, inputs);
              return { ...before.outputs, fault, ...(hasFailed ? {} : { stopped: true }) };
            }
            const act = async () => {
              if (outcome.untaken === true) return (await create(inputs, context)).outputs;
              if (isOnlyTold(before, inputs, context)) return last.outputs;
              return update(last, inputs, context);
            };
            return guarded(inputs, outcome.untaken === true ? undefined : last, context, act, outcome.fault);
          },
        }),
    previewUpdate: async (before, inputs, context): Promise<Properties> => {
      if (isStopped(inputs)) return { ...before.outputs, fault: inputs.stoppedBy ?? "" };
      const { outcome, last } = apart(before);
      const foreseen: Properties =
        outcome.untaken === true
          ? ((await previewCreate?.(inputs, context)) ?? ({ ...inputs } as Properties))
          : isOnlyTold(before, inputs, context)
            ? ({ ...last.outputs } as Properties)
            : ((await previewUpdate?.(last, inputs, context)) ?? ({ ...last.outputs, ...inputs } as Properties));
      return withForeseenFault(token, { fault: "", ...foreseen }, context);
    },
    ...(read === undefined
      ? {}
      : {
          // Nothing of one that was not taken is there to be read.
          read: async (before, context) =>
            before.outputs.untaken === true
              ? (before as Before<I & Told, O & Outcome>)
              : (read(before, context) as Promise<Before<I & Told, O & Outcome> | undefined>),
        }),
  };
}

/** What a step left, and how it ended. */
function apart<I, O extends object>({ outputs, ...before }: Before<I & object, O & Outcome>) {
  const { fault, stopped, untaken, ...rest } = outputs;
  return { outcome: { fault, stopped, untaken }, last: { ...before, outputs: rest as unknown as O } };
}

function isStopped({ stoppedBy }: Told | Properties): boolean {
  return typeof stoppedBy === "string" && stoppedBy !== "" && !holdsUnknown(stoppedBy);
}

function untaken<O>(context: Context, told: Told): { id: string; outputs: O & Outcome } {
  const outputs: Outcome = { fault: handedDown(context, told), stopped: true, untaken: true };
  return { id: context.name, outputs: outputs as O & Outcome };
}

/** A run that passes over the step which failed (`--target`) has noted nothing of it yet. */
function handedDown({ urn }: Context, { account = "", stoppedBy = "" }: Told): string {
  const stack = urn.split("::").slice(0, 2).join("::");
  // Every step of an account is named after it.
  const isOfAccount = (other: string) => other.startsWith(stack) && other.split("::").at(-1)?.startsWith(account);
  const isNoted = notedFailures().some((one) => one.message === stoppedBy && isOfAccount(one.urn));
  if (!isNoted) noteFailure(urn, stoppedBy);
  return stoppedBy;
}

function guard<O extends object>(token: string) {
  return async (
    inputs: object,
    before: Before<object, O> | undefined,
    context: Context,
    act: () => Promise<O>,
    lastFault?: string,
  ): Promise<O & Outcome> => {
    try {
      const left = await act();
      noteStep(token, before?.outputs, left);
      tellWebhook({ token, inputs, before: before?.outputs, left, context });
      return { ...left, fault: "" };
    } catch (error) {
      if (!isInAccount(context.urn) || context.signal.aborted) throw error;
      const known = [inputs, ...(before === undefined ? [] : [before.inputs, before.outputs])];
      const scrub = scrubber(token, error instanceof PartialFailure ? [...known, error.outputs] : known);
      const fault = scrub(messageOf(error));
      noteFailure(context.urn, fault);
      if (isNews(fault)) context.log.warn(fault);
      const left =
        error instanceof PartialFailure
          ? (error.outputs as O)
          : (before?.outputs ?? ({ untaken: true } as unknown as O));
      const ended = { token, inputs, before: before?.outputs, left, context };
      tellWebhook(ended);
      tellWebhookOfFailure(fault, lastFault, ended);
      return { ...left, fault };
    }
  };
}
