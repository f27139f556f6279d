import type { ItemOverview, Vault, Vaults } from "../../clients/onepassword/vaults";
import { isMarker } from "./marker";

/** How a title stands in a vault, for an item that a resource is to make or has made. */
export type Standing =
  | { readonly kind: "free" }
  | { readonly kind: "ours"; readonly row: ItemOverview }
  | { readonly kind: "taken"; readonly rows: readonly ItemOverview[]; readonly by: string };

/** An item that is to be made. */
export interface Wanted {
  readonly title: string;
  /** In 1Password's own spelling. */
  readonly category: string;
}

/**
 * Whether a title is free for an item of a category, or what has it: the item that an earlier run made, known by its mark, or
 * others, which stay untouched.
 */
export async function standingOf(
  vaults: Vaults,
  vault: Vault,
  { title, category }: Wanted,
  isOurs: (tag: string) => boolean,
): Promise<Standing> {
  const rows = (await vaults.findItems(vault.id, title)).filter((row) => row.category === category);
  const [row, other] = rows;
  if (row === undefined) return { kind: "free" };
  if (other !== undefined) return { kind: "taken", rows, by: "others" };
  if (row.tags?.some(isOurs)) return { kind: "ours", row };
  return { kind: "taken", rows, by: row.tags?.some(isMarker) ? "another stack or resource" : "hand" };
}

/** The item that an earlier run made, and that somebody archived. */
export async function archivedOf(
  vaults: Vaults,
  vault: Vault,
  title: string,
  isOurs: (tag: string) => boolean,
): Promise<ItemOverview | undefined> {
  const rows = await vaults.listItems(vault.id);
  return rows.find((row) => row.title === title && row.state !== undefined && row.tags?.some(isOurs));
}
