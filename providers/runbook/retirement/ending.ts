import { failed } from "../../../clients/faults";
import { ownToken, type Token } from "../../../clients/gitlab/users/tokens";
import { Unauthorized } from "../../../clients/http";
import { type Servers, servers } from "../../../clients/servers";
import type { RetirementInputs, RetirementOutputs } from "../../../contract/retirement";
import { inTurn } from "../../../ground/turns";
import { isOfAccount } from "../../../rotation/mark";
import type { Context } from "../../host/provider";
import { tokenInUse, tokensOf } from "../account/keptIn";
import { generationTitle } from "../token/generation";
import { whyAlive } from "./death";
import { revoke } from "./revoke";

/**
 * Ends an account's tokens because its owner says so: this generation's, and whatever else bears the account's mark. Nobody
 * takes over, and nobody is asked who still uses one, but the places that other accounts declare.
 */
export function end(inputs: RetirementInputs, context: Context): Promise<Ended> {
  // What one of them revokes may be what the next works with.
  return inputs.keptIn === undefined
    ? endNow(inputs, context)
    : inTurn(`the end of user ${inputs.userId}`, () => endNow(inputs, context));
}

type Ended = Pick<RetirementOutputs, "status" | "hold" | "swept">;

async function endNow(inputs: RetirementInputs, context: Context): Promise<Ended> {
  const { account, token: value, tokenId } = inputs;
  const at = servers(context);
  const doing = `decommissioning ${generationTitle(inputs)}`;
  try {
    const active = await stillAlive(inputs, at);
    const ours = active.filter((token) => token.id === tokenId || isOfAccount(token, inputs));
    const last = ours.length === 0 ? undefined : await inUseOf(inputs, at);
    for (const listed of [...ours].sort((a, b) => Number(a.id === last) - Number(b.id === last))) {
      const { id } = listed;
      const known = id === tokenId ? value : undefined;
      const hold = await whyAlive({ id, account, listed, value: known }, { kind: "ended" }, at);
      if (hold !== undefined) throw new Error(`token ${id} lives on: ${hold}`);
      await revoke(inputs, id, at, value);
    }
    if (ours.length > 0) context.log.info(`${doing}: revoked token ${ours.map(({ id }) => id).join(", ")}`);
  } catch (error) {
    throw failed(doing, error);
  }
  return { status: inputs.status === "live" ? "revoked" : inputs.status, hold: "", swept: true };
}

/**
 * The tokens of the account that live. With a plain user's token in use ends what lists them: where none works any more, and this
 * one is dead, there is nothing left that could be done here.
 */
async function stillAlive(inputs: RetirementInputs, at: Servers): Promise<Token[]> {
  try {
    return await tokensOf(inputs, at, { state: "active" }, inputs.token);
  } catch (error) {
    if (inputs.keptIn !== undefined && (await isDead(inputs, at))) return [];
    throw error;
  }
}

async function isDead({ status, token }: RetirementInputs, at: Servers): Promise<boolean> {
  if (status !== "live") return true;
  if (token === undefined) return false;
  return ownToken(at.gitlab().withToken(token)).then(
    () => false,
    (error: unknown) => error instanceof Unauthorized,
  );
}

/** The token with which the others are revoked: it goes last. */
async function inUseOf({ keptIn, userId, token }: RetirementInputs, at: Servers): Promise<number | undefined> {
  return keptIn === undefined ? undefined : (await tokenInUse(keptIn, userId, at, token)).token.id;
}
