import { isDeepStrictEqual } from "node:util";
import { failed, messageOf } from "../../../clients/faults";
import { ownToken } from "../../../clients/gitlab/users/tokens";
import { Unauthorized } from "../../../clients/http";
import { servers } from "../../../clients/servers";
import type { Rotated, SelfRotatingTokenInputs, SelfRotatingTokenOutputs } from "../../../contract/selfRotatingToken";
import { today } from "../../../ground/now";
import { type Before, type Context, type Diff, type PropertyChange, type Resource, unknown } from "../../host/provider";
import { holdsUnknown } from "../../host/values";
import { diesBeforeDeclared, generationTitle } from "../token/generation";
import { findInUse, type InUse, inUseFaults, NoneWorks } from "./inUse";
import { revoke, unrecorded } from "./revocation";
import { rotate } from "./rotation";

type State = Before<SelfRotatingTokenInputs, SelfRotatingTokenOutputs>;

/** The generation of the token that was made by hand. */
const HAND_MADE = "adopted";

/** The day on which a token dies that never does. */
const NEVER = "9999-12-31";

/**
 * A plain user's personal access token, which nobody else may make: when a generation opens, it rotates itself. GitLab
 * revokes the old value in the same moment; the new one is in 1Password before this step answers.
 */
export const selfRotatingToken: Resource<SelfRotatingTokenInputs, SelfRotatingTokenOutputs> = {
  diff,
  create: async (inputs, context) => ({
    id: `${inputs.fleet}/${inputs.account}`,
    outputs: await begin(inputs, context),
  }),
  previewCreate: async (inputs) => preview(inputs),
  update: async ({ outputs }, inputs, context) => {
    if (inputs.decommission !== undefined) return end(outputs, inputs, context);
    guardIdentity(outputs, inputs);
    return isDue(outputs, inputs) ? settle(inputs, outputs, context) : remembered(outputs, inputs);
  },
  previewUpdate: async ({ outputs }, inputs, context) => {
    if (inputs.decommission !== undefined) return { ...remembered(outputs, inputs), status: "revoked" };
    if (!isDue(outputs, inputs)) return { ...remembered(outputs, inputs) };
    context.log.info(
      `token ${outputs.tokenId} rotates itself: GitLab revokes it in that moment, and its places hold the new one right after. There is no way back.`,
    );
    return preview(inputs);
  },
  read,
  delete: remove,
};

function diff({ outputs }: State, inputs: SelfRotatingTokenInputs): Diff {
  const changes: Record<string, PropertyChange> = {};
  const ends = inputs.decommission !== undefined && outputs.status === "live";
  if (ends || (inputs.decommission === undefined && isDue(outputs, inputs))) changes.status = "update";
  // At the end of an account no other one opens.
  if (inputs.decommission === undefined && outputs.generation !== inputs.generation) changes.generation = "update";
  for (const name of ["account", "fleet", "userId", "username", "place", "onRemoval"] as const)
    if (!isDeepStrictEqual(outputs[name], inputs[name]) || holdsUnknown(inputs[name])) changes[name] = "update";
  return { changes };
}

function isDue(outputs: SelfRotatingTokenOutputs, inputs: SelfRotatingTokenInputs): boolean {
  return (
    outputs.status !== "live" ||
    outputs.generation !== inputs.generation ||
    (inputs.generation !== HAND_MADE && diesBeforeDeclared(outputs, inputs))
  );
}

function preview(inputs: SelfRotatingTokenInputs) {
  const fresh = { token: unknown, tokenId: unknown, rotatedAt: unknown, predecessor: unknown };
  return inputs.generation === HAND_MADE
    ? { ...inputs, token: unknown, tokenId: inputs.adopt.tokenId, status: "live" }
    : { ...inputs, ...fresh, status: "live" };
}

async function begin(inputs: SelfRotatingTokenInputs, context: Context): Promise<SelfRotatingTokenOutputs> {
  if (inputs.decommission === undefined) return settle(inputs, undefined, context);
  const handMade = { ...inputs, generation: HAND_MADE };
  try {
    return await end(await settle(handMade, undefined, context), inputs, context);
  } catch (error) {
    if (!(error instanceof Error && error.cause instanceof NoneWorks)) throw error;
    return deadAlready(handMade, error.cause, context);
  }
}

/** An account that ends before its first run, and whose token is dead: there is nothing left that could be done here. */
function deadAlready(
  inputs: SelfRotatingTokenInputs,
  { keeper, said }: NoneWorks,
  context: Context,
): SelfRotatingTokenOutputs {
  const { adopt, username } = inputs;
  const doing = `decommissioning ${generationTitle(inputs)}`;
  const found = `the token in ${keeper.title} is dead already (${said.replace(/\.$/, "")})`;
  if (adopt.expiresAt <= today()) context.log.info(`${doing}: ${found}`);
  else
    context.log.warn(
      `${doing}: ${found}, so nothing was revoked with it. Whether token ${adopt.tokenId} or another one of "${username}" lives, only that user sees in GitLab, and can revoke it there`,
    );
  return { ...inputs, tokenId: adopt.tokenId, token: "", expiresAt: adopt.expiresAt, status: "revoked" };
}

/** Has 1Password hold the token of the generation, whatever was done of it by a run that came to no end. */
async function settle(
  inputs: SelfRotatingTokenInputs,
  before: SelfRotatingTokenOutputs | undefined,
  context: Context,
): Promise<SelfRotatingTokenOutputs> {
  const doing = `rotating the token of ${generationTitle(inputs)}`;
  try {
    const at = servers(context);
    const found = await findInUse(inputs, before?.status === "live" ? before.token : undefined, at);
    const faults = inUseFaults(found, inputs, before === undefined);
    if (faults.length > 0) throw new Error(`${faults.join("; ")}. The token was not touched`);
    if (inputs.generation === HAND_MADE) return taken(inputs, found);
    const predecessor = predecessorOf(before, found);
    if (isRotated(inputs, found)) {
      context.log.info(
        `${doing}: a run that came to no end had done it: token ${found.token.id} is in 1Password already, and is taken over`,
      );
      return { ...taken(inputs, found), rotatedAt: found.token.createdAt, ...predecessor };
    }
    const fresh = await rotate(inputs, found, context);
    context.log.info(`${doing}: token ${found.token.id} became token ${fresh.id}; it expires on ${inputs.expiresAt}`);
    const { id: tokenId, value: token, createdAt: rotatedAt } = fresh;
    return { ...inputs, tokenId, token, status: "live", rotatedAt, ...predecessor };
  } catch (error) {
    throw failed(doing, error, "");
  }
}

/** A crash came after the new value was stored, and before the state was. */
function isRotated({ generation, expiresAt }: SelfRotatingTokenInputs, { keeper: { note }, token }: InUse): boolean {
  return (
    note?.stage === "stored" &&
    note.generation === generation &&
    note.tokenId === token.id &&
    token.expiresAt === expiresAt
  );
}

function taken(inputs: SelfRotatingTokenInputs, { token, value }: InUse): SelfRotatingTokenOutputs {
  return { ...inputs, tokenId: token.id, token: value, expiresAt: token.expiresAt ?? NEVER, status: "live" };
}

/** The token that the new one came of: that which was found, which a person may have made since. */
function predecessorOf(
  before: SelfRotatingTokenOutputs | undefined,
  { keeper: { note }, token }: InUse,
): { readonly predecessor?: Rotated } {
  const { generation = HAND_MADE, tokenId = token.id, expiresAt = token.expiresAt ?? NEVER } = before ?? {};
  if (note?.stage === "stored" && note.tokenId === token.id && token.id !== tokenId)
    return { predecessor: { generation, tokenId, expiresAt } };
  return { predecessor: { generation, tokenId: token.id, expiresAt: token.expiresAt ?? NEVER } };
}

/** A live token with what may be declared anew; the rest stays as it was. */
function remembered(outputs: SelfRotatingTokenOutputs, inputs: SelfRotatingTokenInputs): SelfRotatingTokenOutputs {
  const { account, fleet, username, place, onRemoval } = inputs;
  return { ...outputs, account, fleet, username, place, onRemoval };
}

function guardIdentity(outputs: SelfRotatingTokenOutputs, inputs: SelfRotatingTokenInputs): void {
  if (outputs.status !== "live" || outputs.userId === inputs.userId) return;
  throw new Error(
    `updating ${generationTitle(inputs)}: its live token ${outputs.tokenId} belongs to user ${outputs.userId}, and the declaration now means user ${inputs.userId}. Declare the other user under a name of its own.`,
  );
}

/** Ends the account: its owner says so, and nobody is asked who still uses the token. */
async function end(
  outputs: SelfRotatingTokenOutputs,
  inputs: SelfRotatingTokenInputs,
  context: Context,
): Promise<SelfRotatingTokenOutputs> {
  if (outputs.status === "live")
    await revoke(outputs, context).catch((error: unknown) => {
      throw failed(`decommissioning ${generationTitle(outputs)}`, error);
    });
  return { ...remembered(outputs, inputs), status: "revoked" };
}

async function read(
  { id, inputs, outputs }: Before<Partial<SelfRotatingTokenInputs>, Partial<SelfRotatingTokenOutputs>>,
  context: Context,
): Promise<State> {
  if (outputs.status === undefined)
    throw new Error(
      `importing "${id}": a personal access token cannot be imported. Declare it under "adopt" with its id; the first "pulumi up" takes it over.`,
    );
  const before = { id, inputs, outputs } as State;
  if (before.outputs.status !== "live" || (await isAlive(before, context))) return before;
  return { ...before, outputs: { ...before.outputs, status: "revoked" } };
}

/** True also when that cannot be known now. */
async function isAlive({ outputs }: State, context: Context): Promise<boolean> {
  try {
    await ownToken(servers(context).gitlab().withToken(outputs.token));
    return true;
  } catch (error) {
    if (error instanceof Unauthorized) return false;
    context.log.warn(`${generationTitle(outputs)} could not be looked up and is kept as it was: ${messageOf(error)}`);
    return true;
  }
}

async function remove(before: State, context: Context): Promise<void> {
  const { outputs } = before;
  const { onRemoval, tokenId, expiresAt } = outputs;
  if (outputs.status !== "live" || onRemoval === "release" || expiresAt <= today()) return;
  const doing = `deleting ${generationTitle(outputs)}`;
  if (onRemoval === "revoke") {
    await revoke(outputs, context).catch((error: unknown) => {
      throw failed(doing, error);
    });
    return;
  }
  const alive = (await isAlive(before, context)) ? tokenId : (await unrecorded(outputs, context))?.tokenId;
  if (alive !== undefined)
    throw new Error(
      `${doing}: refused, since its token ${alive} lives until ${expiresAt} and may be in use. Put the declaration back as it was. To let it go: set "onRemoval" to "revoke" (or "release": it lives on, forgotten), run "pulumi up", and remove the declaration after that.`,
    );
}
