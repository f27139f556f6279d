import { ownerOf } from "../../gitlab/api/owner";
import { revokeToken } from "../../gitlab/api/tokens";
import { mayHaveHappened } from "../../http";
import type { Servers } from "../servers";
import type { OwnerInputs } from "../tokenOwner";

/**
 * Revokes a token, and once more if the answer was lost: revoking may be repeated. Whether it may die is asked before, by
 * `whyAlive`.
 */
export async function revoke(of: OwnerInputs & { userId: number }, tokenId: number, at: Servers): Promise<void> {
  const send = () => revokeToken(at.gitlab(), ownerOf(of), of.userId, tokenId);
  await send().catch((error: unknown) => {
    if (!mayHaveHappened(error)) throw error;
    return send();
  });
}
