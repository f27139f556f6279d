import { isDeepStrictEqual } from "node:util";
import { messageOf } from "../../../clients/faults";
import { noUser } from "../../../clients/gitlab/users/tokens";
import { type Servers, servers } from "../../../clients/servers";
import type { AccountInputs, AccountOutputs } from "../../../contract/account";
import { today } from "../../../ground/now";
import { noteFailure } from "../../host/failures";
import { isRecord } from "../../host/path";
import {
  type Before,
  type CheckFailure,
  type Context,
  type Properties,
  type Resource,
  unknown,
} from "../../host/provider";
import { holdsUnknown } from "../../host/values";
import { absentJobs } from "../preflight/absentJobs";
import { isEnding, preflight, strangerFaults } from "../preflight/preflight";
import { fallsBack, stayFine } from "../preflight/rightsFaults";
import { tellExpiry, tellTransport } from "./credential";
import { guardHistory, openedOnce } from "./history";
import { noteOpening } from "./openedNow";
import { accountId, ownerFaults } from "./tokenOwner";

type State = Before<AccountInputs, AccountOutputs>;

/** What a rotation of the account touches; when one of these changes, everything is looked at anew. */
const targets = [
  "group",
  "project",
  "instance",
  "self",
  "accessToken",
  "keptIn",
  "username",
  "scopes",
  "permissions",
  "variables",
  "items",
  "pipelines",
  "adopt",
] as const;

/**
 * A service account. It is looked up and guarded before anything else happens to it: against a history that was rewritten,
 * against being another user than before, and, when a generation opens or a target changes, against everything that would
 * make the rotation fail half-way.
 */
export const account: Resource<AccountInputs, AccountOutputs> = {
  // What is wrong with a declaration fails its own account: a fault of a check would stop all.
  check: (inputs) => (inputs.faults === undefined ? [...ownerFaults(inputs), ...targetShapes(inputs)] : []),
  create: async (inputs, context) => {
    const outputs = await first(inputs, context);
    noteOpenings([], outputs, context);
    return { id: accountId(inputs, outputs.userId), outputs };
  },
  previewCreate: async (inputs, context) => {
    const unseen = { ...inputs, userId: unknown, opened: unknown };
    return holdsUnknown(inputs) ? unseen : foreseen((isPreview) => first(inputs, context, isPreview), unseen, context);
  },
  update: async (before, inputs, context) => {
    const outputs = await again(before, inputs, context);
    noteOpenings(before.outputs.opened, outputs, context);
    return outputs;
  },
  previewUpdate: async (before, inputs, context) => {
    const unseen = { ...before.outputs, ...inputs };
    return holdsUnknown(inputs)
      ? unseen
      : foreseen((isPreview) => again(before, inputs, context, isPreview), unseen, context);
  },
};

/** What an update would find. An error would end the preview of all other accounts too, so faults are warnings there. */
async function foreseen(
  look: (isPreview: true) => Promise<AccountOutputs>,
  unseen: Properties,
  context: Context,
): Promise<Properties> {
  try {
    return { ...(await look(true)) };
  } catch (error) {
    const fault = messageOf(error);
    context.log.warn(`"pulumi up" would fail this account: ${fault}.`);
    noteFailure(context.urn, fault);
    return { ...unseen, fault };
  }
}

async function first(inputs: AccountInputs, context: Context, isPreview = false): Promise<AccountOutputs> {
  refuseFaults(inputs);
  const at = servers(context);
  const { userId, faults, warnings, unknown, tokens } = await preflight(inputs, at, false, true, context.urn);
  warn([...warnings, ...(await forecast(inputs, at, isPreview))], inputs, context);
  const all = userId === undefined ? faults : [...faults, ...(await strangerFaults(inputs, userId, at, tokens))];
  if (userId === undefined || all.length > 0) throw new Error(report(inputs, all));
  await tellExpiry(at, context.log);
  await tellTransport(at, context.log);
  const opened = openedOnce([], inputs.generations, today());
  return { ...inputs, userId, opened, ...(isPreview ? { unchecked: unknown } : {}) };
}

async function again(
  before: State,
  inputs: AccountInputs,
  context: Context,
  isPreview = false,
): Promise<AccountOutputs> {
  refuseFaults(inputs);
  const { userId } = before.outputs;
  guardTakeOver(before.outputs, inputs);
  const at = servers(context);
  const history = await guardHistory(before.outputs, inputs, today(), at, stackOf(context));
  const outputs = { ...inputs, userId, opened: openedOnce(history, inputs.generations, today()) };
  const isOpening = inputs.generations.some(
    ({ name, lifecycle }) => lifecycle === "current" && !before.outputs.opened.some((opened) => opened.name === name),
  );
  const isChanged = targets.some((name) => !isDeepStrictEqual(before.outputs[name], inputs[name]));
  if (!isOpening && !isChanged) return outputs;
  const isTaken = inputs.self === true || before.outputs.opened.some(({ name }) => name === "adopted");
  const found = await preflight(inputs, at, isTaken, isOpening, context.urn);
  warn([...found.warnings, ...(await forecast(inputs, at, isPreview))], inputs, context);
  const other =
    found.userId === undefined || found.userId === userId
      ? []
      : [
          `${found.userId === noUser ? "access tokens of the group or project are declared" : `"${inputs.username}" is now user ${found.userId}`}, and this account's tokens ${userId === noUser ? "are access tokens of the group or project" : `belong to user ${userId}`}. Declare the other account under a name of its own`,
        ];
  const back =
    before.outputs.permissions !== undefined && fallsBack(inputs)
      ? [`its tokens are fine-grained, and legacy ones would follow: ${stayFine}`]
      : [];
  if (found.faults.length + other.length + back.length > 0)
    throw new Error(report(inputs, [...other, ...back, ...found.faults]));
  await tellExpiry(at, context.log);
  await tellTransport(at, context.log);
  return isPreview ? { ...outputs, unchecked: found.unknown } : outputs;
}

/** What a preview looks at beside what an update does: a person who reads it may still correct it. */
async function forecast(inputs: AccountInputs, at: Servers, isPreview: boolean): Promise<readonly string[]> {
  return isPreview && !isEnding(inputs) ? absentJobs(inputs, at) : [];
}

/** What rotates itself is given up by its own resource, which forgets no token that lives unless it is told to. */
function guardTakeOver(before: AccountOutputs, inputs: AccountInputs): void {
  if (before.keptIn !== undefined && inputs.self === true)
    throw new Error(
      report(inputs, [
        'its tokens are minted beside one another, and rotating itself would kill the one in use at once. Leave "account.mints" as it was',
      ]),
    );
  if (before.self !== true || inputs.keptIn === undefined || before.released === true) return;
  throw new Error(
    report(inputs, [
      'its token rotates itself, and is not released yet. Take the edit back, set "onRemoval" to "release", run "pulumi up", and make the edit after that: docs/accounts/self-minting.md has the steps',
    ]),
  );
}

/** The name of the stack, as the resource's URN has it. */
function stackOf({ urn }: Context): string {
  return /^urn:pulumi:([^:]+)::/.exec(urn)?.[1] ?? "<the stack>";
}

function noteOpenings(before: readonly { readonly name: string }[], now: AccountOutputs, context: Context): void {
  const fresh = now.opened.filter(({ name }) => !before.some((one) => one.name === name));
  for (const { name } of fresh) noteOpening({ ...now, generation: name }, servers(context).gitlab().baseUrl);
}

function warn(warnings: readonly string[], { account }: AccountInputs, context: Context): void {
  for (const warning of warnings) context.log.warn(`account "${account}": ${warning}.`);
}

function refuseFaults({ account, faults = [] }: AccountInputs): void {
  if (faults.length > 0)
    throw new Error(
      `reading the settings of account "${account}": ${listed(faults, "nothing of it was touched")}\nThe other accounts go on.`,
    );
}

function report(inputs: AccountInputs, faults: readonly string[]): string {
  const current = inputs.generations.find(({ lifecycle }) => lifecycle === "current");
  const doing = current === undefined ? "checking" : `before generation "${current.name}" opens: checking`;
  return `${doing} account "${inputs.account}": ${listed(faults, "nothing was changed")}`;
}

function listed(faults: readonly string[], outcome: string): string {
  const count = faults.length === 1 ? "1 fault was" : `${faults.length} faults were`;
  return `${count} found, and ${outcome}.\n${faults.map((fault) => `- ${fault.replace(/\.$/, "")}.`).join("\n")}`;
}

function targetShapes(inputs: Properties): CheckFailure[] {
  return [
    ...shapes(inputs, "variables", ["project", "group", "instance"], (variable) =>
      one(variable, "project", "group", "instance"),
    ),
    ...shapes(inputs, "items", ["item", "newItem"], (item) => one(item, "item", "newItem")),
    ...shapes(
      inputs,
      "pipelines",
      ["schedule", "ref", "job"],
      (pipeline) => one(pipeline, "schedule", "ref", "job") || isObserved(pipeline),
    ),
  ];
}

function shapes(
  inputs: Properties,
  property: string,
  names: readonly string[],
  isRight: (member: Record<string, unknown>) => boolean,
): CheckFailure[] {
  const members = inputs[property];
  if (!Array.isArray(members)) return [];
  return members.flatMap((member: unknown, index) =>
    !isRecord(member) || isRight(member)
      ? []
      : [{ property: `${property}[${index}]`, reason: `exactly one of ${names.join(", ")} is needed` }],
  );
}

function one(member: Record<string, unknown>, ...names: readonly string[]): boolean {
  return names.filter((name) => member[name] !== undefined).length === 1;
}

/** Named jobs are observed wherever they run. */
function isObserved(pipeline: Record<string, unknown>): boolean {
  return pipeline.observed === true && ["schedule", "ref", "job"].every((name) => pipeline[name] === undefined);
}
