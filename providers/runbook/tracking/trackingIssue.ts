import { messageOf } from "../../../clients/faults";
import { servers } from "../../../clients/servers";
import type { TrackingIssueInputs, TrackingIssueOutputs } from "../../../contract/trackingIssue";
import { today } from "../../../ground/now";
import { type Context, type Resource, unknown } from "../../host/provider";
import { announcement, announcementText, announcementTitle } from "./announcement";
import { close, commentOnce, type Found, findIssue, openIssue } from "./issues";
import { notify } from "./webhook";

/** A rotation that began so many days ago, and has no issue, gets none: it is taken to be over. */
const LATE = 30;

/**
 * The issue in which one rotation is announced and reported: a person's, or one that is opened for it, once. It comes
 * before the rotation's own steps, so that they can tell it what they failed of. What goes wrong here is a warning, and is
 * tried again by the next run: no token waits for an issue.
 */
export const trackingIssue: Resource<TrackingIssueInputs, TrackingIssueOutputs> = {
  // What is announced is announced: an edit of the declaration does not change the issue.
  diff: ({ outputs }) => ({ changes: outputs.status === "unopened" ? { status: "update" } : {} }),
  create: async (inputs, context) => ({
    id: `${inputs.fleet}/${inputs.account}/${inputs.generation}`,
    outputs: await announce(inputs, context),
  }),
  previewCreate: async (inputs) => preview(inputs),
  update: async ({ outputs }, inputs, context) => (outputs.status === "unopened" ? announce(inputs, context) : outputs),
  previewUpdate: async (_before, inputs) => preview(inputs),
  delete: async ({ outputs }, context) => withdraw(outputs, context),
};

function preview({ iid: _iid, ...inputs }: TrackingIssueInputs) {
  return isLate(inputs.date)
    ? { ...inputs, status: "late" }
    : { ...inputs, status: "opened", iid: unknown, url: unknown, isForeign: unknown };
}

async function announce(inputs: TrackingIssueInputs, context: Context): Promise<TrackingIssueOutputs> {
  const { iid: _iid, ...rest } = inputs;
  if (isLate(inputs.date)) return { ...rest, status: "late" };
  try {
    const { iid, url, isForeign } = await found(inputs, context);
    const text = `The token of "${inputs.account}" is rotated on ${inputs.date}.`;
    const { fleet, account, generation } = inputs;
    await notify({ event: "announced", id: "announced", text, issue: url, fleet, account, generation }, context);
    return { ...rest, status: "opened", iid, url, isForeign };
  } catch (error) {
    context.log.warn(
      `opening the tracking issue of account "${inputs.account}", generation "${inputs.generation}", in project "${inputs.project}": ${messageOf(error)}. The rotation does not wait for it; the next run tries again. If this stays so: correct "issue.project", or give the user of the token in "GITLAB_TOKEN" the role Reporter there.`,
    );
    return { ...rest, status: "unopened" };
  }
}

async function found(inputs: TrackingIssueInputs, context: Context): Promise<Found> {
  const { project, iid, confidential, labels, date } = inputs;
  const at = servers(context);
  const known = await findIssue(at, { project, ...(iid === undefined ? {} : { iid }) }, inputs);
  if (known === undefined) {
    const title = announcementTitle(inputs);
    return openIssue(at, project, inputs, {
      title,
      description: announcement(inputs),
      confidential,
      labels,
      dueDate: date,
    });
  }
  // A person's issue says nothing of what is to come; on the day itself the report will say it all.
  if (known.isForeign && date > today())
    await commentOnce(at, { project, iid: known.iid }, inputs, "announced", announcementText(inputs));
  return known;
}

/** An announced rotation that will not take place any more: its date was changed, or the account is no longer declared. */
async function withdraw(outputs: TrackingIssueOutputs, context: Context): Promise<void> {
  const { project, iid, date, isForeign } = outputs;
  if (iid === undefined || outputs.status !== "opened" || date <= today()) return;
  try {
    const at = servers(context);
    const text = `The rotation that was announced here for ${date} does not take place any more: the declaration was changed.`;
    await commentOnce(at, { project, iid }, outputs, "withdrawn", text);
    if (isForeign !== true) await close(at, project, iid);
  } catch (error) {
    context.log.warn(
      `closing the tracking issue ${iid} in "${project}", whose rotation was called off: ${messageOf(error)}. Close it by hand.`,
    );
  }
}

function isLate(date: string): boolean {
  return Date.parse(today()) - Date.parse(date) > LATE * 86_400_000;
}
