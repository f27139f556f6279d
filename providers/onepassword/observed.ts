import { ApiError, Forbidden, NotFound, Unauthorized } from "../../clients/http";
import type { Item, Vaults } from "../../clients/onepassword/vaults";
import type { Context } from "../host/provider";

/**
 * The item as it is now. `"gone"` needs proof: its vault's list was answered and lacks it, for a 404 alone may mean "may
 * not see". `"unseen"` when nothing can be said: the person was warned, and what is remembered stays.
 */
export async function observe(
  vaults: Vaults,
  vaultUuid: string,
  itemUuid: string,
  context: Context,
): Promise<Item | "gone" | "unseen"> {
  try {
    return await vaults.getItem(vaultUuid, itemUuid);
  } catch (error) {
    if (error instanceof NotFound && (await isMissing(vaults, vaultUuid, itemUuid))) return "gone";
    if (!(error instanceof NotFound || error instanceof Unauthorized || error instanceof Forbidden)) throw error;
    context.log.warn(
      `The item ${itemUuid} in the 1Password vault ${vaultUuid} could not be read (${error.message}). It is kept as it was remembered. Check that our credential for 1Password may read this vault.`,
    );
    return "unseen";
  }
}

/** Whether a vault's list was answered, and lacks an item. */
export async function isMissing(vaults: Vaults, vaultUuid: string, itemUuid: string): Promise<boolean> {
  try {
    const items = await vaults.listItems(vaultUuid);
    return items.every(({ id }) => id !== itemUuid);
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}
