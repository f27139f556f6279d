import { ownerOf } from "../gitlab/api/owner";
import { listTokens } from "../gitlab/api/tokens";
import type { Context } from "../host/provider";
import { failed } from "./faults";
import { type GenerationInputs, type GenerationOutputs, generationTitle } from "./generation";
import { isOfAccount } from "./minting";
import { revoke } from "./retirement";
import { servers } from "./servers";

/**
 * Ends an account's tokens because its owner says so: this generation's, and whatever else bears the account's mark. Nobody
 * takes over, and nobody is asked who still uses one.
 *
 * @returns the generation without its value.
 */
export async function end(
  inputs: GenerationInputs,
  { token: value, hold: _hold, ...before }: GenerationOutputs,
  context: Context,
): Promise<GenerationOutputs> {
  const { userId } = inputs;
  const at = servers(context);
  const doing = `decommissioning ${generationTitle(inputs)}`;
  if (value !== undefined && at.gitlab().uses(value))
    throw new Error(
      `${doing}: this run itself works with its token. Set "GITLAB_TOKEN" to one of another account, and run again.`,
    );
  try {
    const active = await listTokens(at.gitlab(), ownerOf(inputs), userId, { state: "active" });
    const ours = active.filter((token) => token.id === before.tokenId || isOfAccount(token, inputs));
    for (const { id } of ours) await revoke(inputs, id, at);
    if (ours.length > 0) context.log.info(`${doing}: revoked token ${ours.map(({ id }) => id).join(", ")}`);
  } catch (error) {
    throw failed(doing, error);
  }
  return { ...before, status: before.status === "live" ? "revoked" : before.status, swept: true };
}
