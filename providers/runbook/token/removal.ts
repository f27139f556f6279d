import { failed, messageOf } from "../../../clients/faults";
import { noUser, type Token } from "../../../clients/gitlab/users/tokens";
import { getUser } from "../../../clients/gitlab/users/users";
import { type Servers, servers } from "../../../clients/servers";
import type { PersonalAccessTokenInputs, PersonalAccessTokenOutputs } from "../../../contract/personalAccessToken";
import { today } from "../../../ground/now";
import type { Before, Context } from "../../host/provider";
import { clockFault } from "../account/credential";
import { tokensOf } from "../account/keptIn";
import { whyAlive } from "../retirement/death";
import { revoke } from "../retirement/revoke";
import { generationTitle } from "./generation";
import { works } from "./missing";

/**
 * What becomes of a token whose resource is removed or replaced: one that lives is not forgotten, and revoked only where
 * `onRemoval` says so and nothing speaks against it.
 */
export async function remove(
  { outputs }: Before<PersonalAccessTokenInputs, PersonalAccessTokenOutputs>,
  context: Context,
): Promise<void> {
  const { tokenId, onRemoval } = outputs;
  if (outputs.status !== "live" || tokenId === undefined || onRemoval === "release") return;
  const doing = `deleting ${generationTitle(outputs)}`;
  const at = servers(context);
  const active = await activeTokens(outputs, at).catch((error: unknown) => {
    // By its date it is dead, and nobody can say otherwise.
    if (outputs.expiresAt <= today()) return [];
    throw new Error(
      `${doing}: refused, since ${refusal(outputs)}. (Whether it still lives could not be looked up: ${messageOf(error)}.)`,
      { cause: error },
    );
  });
  const listed = active.find(({ id }) => id === tokenId);
  const clock = outputs.expiresAt <= today() ? clockFault(at) : undefined;
  if (clock !== undefined && listed !== undefined) throw new Error(`${doing}: refused, since ${clock}.`);
  if (listed === undefined && (outputs.expiresAt <= today() || !(await works(outputs, context)))) return;
  if (onRemoval !== "revoke") throw new Error(`${doing}: refused, since ${refusal(outputs)}.`);
  await end(outputs, tokenId, listed, doing, at);
  context.log.info(`${doing}: revoked token ${tokenId}`);
}

async function end(
  outputs: PersonalAccessTokenOutputs,
  tokenId: number,
  listed: Token | undefined,
  doing: string,
  at: Servers,
): Promise<void> {
  try {
    const user = outputs.userId === noUser ? undefined : await getUser(at.gitlab(), outputs.userId);
    const condemned = { id: tokenId, value: outputs.token, account: outputs.account, listed };
    const hold = await whyAlive(condemned, { kind: "removed", username: user?.username }, at);
    if (hold !== undefined) throw new Error(`its token ${tokenId} lives on: ${hold}`);
    await revoke(outputs, tokenId, at, outputs.token);
  } catch (error) {
    throw failed(doing, error);
  }
}

function refusal({ tokenId, expiresAt }: PersonalAccessTokenOutputs): string {
  return `its token ${tokenId} lives until ${expiresAt} and may be in use. Put the declaration back as it was. To let it go: set "onRemoval" to "revoke" (or "release": it lives on, forgotten), run "pulumi up", and remove the declaration after that. One that nothing uses any more (after "--replace"): revoke it in GitLab, and run again`;
}

function activeTokens(outputs: PersonalAccessTokenOutputs, at: Servers): Promise<Token[]> {
  return tokensOf(outputs, at, { state: "active" }, outputs.token);
}
