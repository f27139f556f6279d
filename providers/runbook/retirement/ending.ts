import { ownerOf } from "../../gitlab/api/owner";
import { listTokens } from "../../gitlab/api/tokens";
import type { Context } from "../../host/provider";
import { failed } from "../faults";
import { generationTitle } from "../generation";
import { isOfAccount } from "../minting";
import { servers } from "../servers";
import { whyAlive } from "./death";
import type { RetirementInputs, RetirementOutputs } from "./inputs";
import { revoke } from "./revoke";

/**
 * Ends an account's tokens because its owner says so: this generation's, and whatever else bears the account's mark. Nobody
 * takes over, and nobody is asked who still uses one, but the places that other accounts declare.
 */
export async function end(
  inputs: RetirementInputs,
  context: Context,
): Promise<Pick<RetirementOutputs, "status" | "hold" | "swept">> {
  const { account, token: value, tokenId, userId } = inputs;
  const at = servers(context);
  const doing = `decommissioning ${generationTitle(inputs)}`;
  try {
    const active = await listTokens(at.gitlab(), ownerOf(inputs), userId, { state: "active" });
    const ours = active.filter((token) => token.id === tokenId || isOfAccount(token, inputs));
    for (const listed of ours) {
      const { id } = listed;
      const known = id === tokenId ? value : undefined;
      const hold = await whyAlive({ id, account, listed, value: known }, { kind: "ended" }, at);
      if (hold !== undefined) throw new Error(`token ${id} lives on: ${hold}`);
      await revoke(inputs, id, at);
    }
    if (ours.length > 0) context.log.info(`${doing}: revoked token ${ours.map(({ id }) => id).join(", ")}`);
  } catch (error) {
    throw failed(doing, error);
  }
  return { status: inputs.status === "live" ? "revoked" : inputs.status, hold: "", swept: true };
}
