import { ownerOf } from "../../../clients/gitlab/owner";
import { revokeToken } from "../../../clients/gitlab/users/tokens";
import { mayHaveHappened, Unauthorized } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";
import { forgetToken, withClient } from "../account/keptIn";
import type { OwnerInputs } from "../account/tokenOwner";
import { noteDeed } from "../deeds";

/**
 * Revokes a token, and once more if the answer was lost: revoking may be repeated. Whether it may die is asked before, by
 * `whyAlive`.
 *
 * @param known - its value, with which a plain user's is revoked where 1Password holds none that works.
 */
export async function revoke(
  of: OwnerInputs & { readonly account: string; readonly userId: number },
  tokenId: number,
  at: Servers,
  known?: string,
): Promise<void> {
  await withClient(of, at, known, async ({ gitlab, value, token }) => {
    const isItself = token?.id === tokenId;
    const send = () => revokeToken(gitlab, ownerOf(of), of.userId, tokenId);
    await send().catch(async (error: unknown) => {
      if (!mayHaveHappened(error)) throw error;
      await send().catch((again: unknown) => {
        // With the token that was to die nobody gets in any more: it is dead.
        if (!isItself || !(again instanceof Unauthorized)) throw again;
      });
    });
    if (isItself && value !== undefined) forgetToken({ value }, at);
  });
  noteDeed({ account: of.account, does: "revoke", tokenId });
}
