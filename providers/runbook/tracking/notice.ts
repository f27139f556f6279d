import { messageOf } from "../../../clients/faults";
import { servers } from "../../../clients/servers";
import type { NoticeInputs, NoticeOutputs, Predecessor } from "../../../contract/notice";
import { now } from "../../../ground/now";
import {
  type Before,
  type Context,
  type Diff,
  type Properties,
  type PropertyChange,
  type Resource,
  unknown,
} from "../../host/provider";
import { holdsUnknown } from "../../host/values";
import { close, commentOnce } from "./issues";
import { type AuditRecord, type PredecessorRecord, recordVersion, runRecord } from "./record";
import { retiredReport, rotatedReport } from "./report";
import { notify } from "./webhook";

type State = Before<NoticeInputs, NoticeOutputs>;

/**
 * What came of an account's rotation, told where it was announced: a comment with the facts for people and the record for
 * auditors, which mentions those concerned, and the issue is closed; later, that an older token was revoked. Each is told
 * once. What goes wrong here is a warning, and is tried again by the next run.
 */
export const notice: Resource<NoticeInputs, NoticeOutputs> = {
  diff,
  create: async (inputs, context) => ({ id: inputs.account, outputs: await tellRotated(inputs, context) }),
  previewCreate: async (inputs) => preview(inputs),
  update: async ({ outputs }, inputs, context) =>
    isTold(outputs, inputs) ? tellRetired(outputs, inputs, context) : tellRotated(inputs, context),
  previewUpdate: async (_before, inputs) => preview(inputs),
};

function diff({ outputs }: State, inputs: NoticeInputs): Diff {
  const changes: Record<string, PropertyChange> = {};
  if (outputs.generation !== inputs.generation) changes.generation = "update";
  else if (isTold(outputs, inputs)) {
    if (holdsUnknown(inputs.predecessors) || revoked(outputs, inputs).length > 0) changes.ended = "update";
  } else if (outputs.status === "untold" || isReady(inputs)) changes.status = "update";
  return { changes };
}

function isTold(outputs: NoticeOutputs, inputs: NoticeInputs): boolean {
  return outputs.status === "told" && outputs.generation === inputs.generation;
}

/** What is not known yet in a preview counts as there. */
function isReady({ provedAt, iid }: NoticeInputs): boolean {
  return provedAt !== undefined && iid !== undefined;
}

function preview(inputs: NoticeInputs): Properties {
  return isReady(inputs)
    ? { ...inputs, status: "told", toldAt: unknown, ended: unknown }
    : { ...inputs, status: "waiting", ended: [] };
}

async function tellRotated(inputs: NoticeInputs, context: Context): Promise<NoticeOutputs> {
  const { project, iid, provedAt } = inputs;
  if (iid === undefined || provedAt === undefined) return { ...inputs, status: "waiting", ended: [] };
  try {
    const at = servers(context);
    const record = recordOf(inputs, provedAt, "rotated", inputs.predecessors.map(predecessorRecord));
    const { external, nextDate } = inputs;
    const text = rotatedReport({ record, external, ...(nextDate === undefined ? {} : { nextDate }) });
    await commentOnce(at, { project, iid }, inputs, "rotated", text);
    await close(at, project, iid);
    await tellWebhook(
      "rotated",
      "rotated",
      `The token of "${inputs.account}" is rotated; the new one lives until ${inputs.expiresAt}.`,
      inputs,
      context,
    );
    const ended = inputs.predecessors.flatMap(({ tokenId, status }) =>
      tokenId === undefined || status === "live" ? [] : [tokenId],
    );
    return { ...inputs, status: "told", toldAt: now().toISOString(), ended };
  } catch (error) {
    warn(inputs, "was rotated", error, context);
    return { ...inputs, status: "untold", ended: [] };
  }
}

async function tellRetired(before: NoticeOutputs, inputs: NoticeInputs, context: Context): Promise<NoticeOutputs> {
  const told: number[] = [];
  const { iid, project, provedAt } = before;
  try {
    for (const { tokenId, predecessor } of revoked(before, inputs)) {
      const record = recordOf(inputs, provedAt ?? "", "retired", [predecessorRecord(predecessor)]);
      if (iid !== undefined)
        await commentOnce(servers(context), { project, iid }, inputs, `retired ${tokenId}`, retiredReport(record));
      const sentence = `Token ${tokenId} of "${inputs.account}" (generation ${predecessor.generation}) is revoked.`;
      await tellWebhook("retired", `retired/${tokenId}`, sentence, inputs, context);
      told.push(tokenId);
    }
  } catch (error) {
    warn(inputs, "had an older token revoked", error, context);
  }
  // Told where it was announced, also when the declaration has moved to another project since.
  const place = { project, ...(iid === undefined ? {} : { iid }), ...(provedAt === undefined ? {} : { provedAt }) };
  return { ...before, ...inputs, ...place, ended: [...before.ended, ...told] };
}

function revoked(before: NoticeOutputs, inputs: NoticeInputs): { tokenId: number; predecessor: Predecessor }[] {
  return inputs.predecessors.flatMap((predecessor) => {
    const { tokenId, lifecycle, status } = predecessor;
    const isNew = tokenId !== undefined && lifecycle === "retired" && status === "revoked";
    return isNew && !before.ended.includes(tokenId) ? [{ tokenId, predecessor }] : [];
  });
}

function recordOf(
  inputs: NoticeInputs,
  provedAt: string,
  event: AuditRecord["event"],
  predecessors: readonly PredecessorRecord[],
): AuditRecord {
  const { fleet, account, generation, username, tokenId, expiresAt, places, external } = inputs;
  return {
    patRotation: recordVersion,
    event,
    at: now().toISOString(),
    fleet,
    account,
    generation,
    username,
    tokenId,
    expiresAt,
    ...(inputs.may === undefined ? {} : { may: inputs.may }),
    provedAt,
    places,
    proofs: inputs.runs.map(({ project, target, status, url, jobs }) => ({
      project,
      target,
      status,
      url,
      jobs: jobs.map((job) => ({ name: job.name, status: job.status, url: job.url })),
    })),
    told: event === "rotated" ? [...new Set([...inputs.notify, ...external.map(({ owner }) => owner)])] : [],
    predecessors,
    run: runRecord(),
  };
}

function predecessorRecord({ generation, tokenId, status, expiresAt }: Predecessor): PredecessorRecord {
  return { generation, tokenId, status, expiresAt };
}

async function tellWebhook(
  event: "rotated" | "retired",
  id: string,
  text: string,
  { fleet, account, generation, issueUrl }: NoticeInputs,
  context: Context,
): Promise<void> {
  const issue = issueUrl === undefined ? {} : { issue: issueUrl };
  await notify({ event, id, text, ...issue, fleet, account, generation }, context);
}

function warn(
  { account, generation, project, iid }: NoticeInputs,
  what: string,
  error: unknown,
  context: Context,
): void {
  context.log.warn(
    `telling issue ${iid} in project "${project}" that account "${account}" (generation "${generation}") ${what}: ${messageOf(error)}. The rotation does not wait for it; the next run tries again.`,
  );
}
