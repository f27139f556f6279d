import { createHash } from "node:crypto";
import { messageOf } from "../../../clients/faults";
import { servers } from "../../../clients/servers";
import { schema } from "../../../contract/runbook";
import type { StepIssue } from "../../../contract/types/step";
import { diffInputs } from "../../host/diff";
import { isRecord } from "../../host/path";
import type { Context, Diff, Properties, Resource } from "../../host/provider";
import { Secrets } from "../../host/secrets";
import { learnSecrets } from "../../host/values";
import { commentOnce, findIssue, NONE, openRotation } from "./issues";
import { block, code } from "./text";
import { notify } from "./webhook";

/**
 * A step of a rotation that tells the tracking issue, when its input `issue` names one, what it failed of: once for each
 * attempt, so that a run every hour does not repeat itself. The step fails as before, whatever becomes of the comment.
 */
export function telling<I extends object, O extends object>(token: string, step: Resource<I, O>): Resource<I, O> {
  const { create, update } = step;
  return {
    ...step,
    diff: (before, inputs, context) =>
      step.diff?.(before, inputs, context) ??
      diffWithoutIssue(token, before.inputs as Properties, inputs as Properties),
    create: (inputs, context) => tellingOf(token, inputs, [], context, () => create(inputs, context)),
    ...(update === undefined
      ? {}
      : {
          update: (before, inputs, context) =>
            tellingOf(token, inputs, [before.inputs, before.outputs], context, () => update(before, inputs, context)),
        }),
  };
}

async function tellingOf<T>(
  token: string,
  inputs: object,
  before: readonly object[],
  context: Context,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const issue = issueOf(inputs);
    if (issue !== undefined && !context.signal.aborted) {
      const told = scrubber(token, [inputs, ...before])(`${messageOf(error)}.`);
      await tellOrWarn(issue, told, context);
    }
    throw error;
  }
}

/** Tells a rotation's issue of a failure, unless it was told the same before. An issue is not opened for it. */
export async function tellFailure(issue: StepIssue, told: string, context: Context): Promise<void> {
  const { project, iid, fleet, account } = issue;
  const revoked = issue.rotatesItself === true ? "" : "No token was revoked. ";
  const at = servers(context);
  const place = { project, ...(iid === undefined ? {} : { iid }) };
  const { generation = await openRotation(at, project, issue) } = issue;
  const rotation = { fleet, account, generation };
  const found = await findIssue(at, place, rotation);
  if (found === undefined) return;
  const which = generation === NONE ? "" : ` (generation ${code(generation)})`;
  const said = `failed ${createHash("sha256").update(told).digest("hex").slice(0, 16)}` as const;
  const text = [
    `A step of rotating the token of ${code(account)}${which} failed:`,
    block(told),
    `${revoked}The next run takes it up again; this issue stays open until it has come to its end.`,
  ].join("\n\n");
  await commentOnce(at, { project, iid: found.iid }, rotation, said, text);
  const sentence = `Rotating the token of "${account}"${which.replaceAll("`", "")} failed${revoked === "" ? "" : "; no token was revoked"}.`;
  await notify({ event: "failed", id: said.replace(" ", "/"), text: sentence, issue: found.url, ...rotation }, context);
}

/** A notice that fails is a warning: the step itself has failed. */
async function tellOrWarn(issue: StepIssue, told: string, context: Context): Promise<void> {
  try {
    await tellFailure(issue, told, context);
  } catch (cause) {
    context.log.warn(
      `telling the tracking issue in "${issue.project}" of this failure was not possible: ${messageOf(cause)}`,
    );
  }
}

/** Another issue is no reason to take a step again. */
function diffWithoutIssue(token: string, before: Properties, inputs: Properties): Diff {
  const { resources, types } = schema;
  const { issue: _old, ...old } = before;
  const { issue: _new, ...now } = inputs;
  return diffInputs(old, now, resources[token] ?? { properties: {}, inputProperties: {} }, types);
}

function issueOf(inputs: object): StepIssue | undefined {
  const { issue } = inputs as { issue?: unknown };
  return isRecord(issue) ? (issue as unknown as StepIssue) : undefined;
}

/** Takes out of a text all that is secret in the step's properties. */
export function scrubber(token: string, known: readonly object[]): (text: string) => string {
  const { resources, types } = schema;
  const { inputProperties, properties } = resources[token] ?? { inputProperties: {}, properties: {} };
  const secrets = new Secrets();
  for (const one of known)
    learnSecrets(one as Properties, { properties: { ...inputProperties, ...properties }, types }, secrets);
  return (text) => secrets.scrub(text);
}
