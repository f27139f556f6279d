import { isDeepStrictEqual } from "node:util";
import { isDenied, messageOf } from "../../clients/faults";
import { isUuid } from "../../clients/onepassword/connect";
import { findField, findItem } from "../../clients/onepassword/lookup";
import { type Item, ManyFound, NoneFound } from "../../clients/onepassword/vaults";
import type { Servers } from "../../clients/servers";
import type { DeclaredAccount } from "../../contract/run";
import type { ItemTarget } from "../../contract/types/places";
import { item as declared } from "./declared";

/** A field of an item as it is declared. */
interface Named {
  readonly vault: string;
  readonly item: string;
  readonly field: string;
  readonly section?: string | undefined;
}

/**
 * Fields of 1Password that another line, or another account, declares as well, under other names: an id in place of a title,
 * or without its section. Two accounts would set such a field by turns. Only what the names leave open is looked up, each
 * item once in a run; GitLab's paths leave nothing open.
 */
export async function sharedItemFaults(
  account: string,
  items: readonly ItemTarget[],
  at: Servers,
  accounts: readonly DeclaredAccount[],
): Promise<string[]> {
  const own = items.map(ofTarget);
  const others = accounts.flatMap(({ name, places }) =>
    name === account
      ? []
      : places.flatMap(({ kind, vault = "", item = "", field = "", section }) =>
          kind === "item" ? [{ whose: `account "${name}" declares`, place: { vault, item, field, section } }] : [],
        ),
  );
  const faults = await Promise.all(
    own.flatMap((one, index) => [
      ...own
        .slice(0, index)
        .filter((place) => !isDeepStrictEqual(place, one))
        .map((place) => sharedFault(one, { whose: "this account declares a second time", place }, at)),
      ...others.map((other) => sharedFault(one, other, at)),
    ]),
  );
  return faults.filter((fault) => fault !== undefined);
}

function ofTarget(target: ItemTarget): Named {
  const { vault = "", item = "", field = "", section } = declared.of(target).place;
  return { vault, item, field, section };
}

async function sharedFault(
  one: Named,
  { whose, place }: { readonly whose: string; readonly place: Named },
  at: Servers,
): Promise<string | undefined> {
  if (!mayBeSame(one, place)) return undefined;
  try {
    const [own, other] = await Promise.all([identityOf(one, at), identityOf(place, at)]);
    if (own === undefined || own !== other) return undefined;
    return `${title(one)} is one place with ${title(place)}, which ${whose}: each would undo what the other stores. Take one of them out`;
  } catch (error) {
    return `whether ${title(one)} and ${title(place)}, which ${whose}, are one place could not be looked up: ${messageOf(error)}`;
  }
}

/** Whether the names leave open that it is one item. Its fields have ids and labels of any kind: those are looked up. */
function mayBeSame(one: Named, other: Named): boolean {
  return mayEqual(one.vault, other.vault) && mayEqual(one.item, other.item);
}

function mayEqual(one: string, other: string): boolean {
  return one === other || isUuid(one) !== isUuid(other);
}

/** The ids of a field; undefined where it is not there, or not to be seen: that is another check's to tell. */
async function identityOf({ vault, item, field, section }: Named, at: Servers): Promise<string | undefined> {
  try {
    const found = await idsOf(vault, item, at);
    if (found.item === undefined) return JSON.stringify([found.vault, item, field]);
    const id = findField(found.item, field, section)?.id;
    return id === undefined ? undefined : JSON.stringify([found.vault, found.item.id, id]);
  } catch (error) {
    if (error instanceof NoneFound || error instanceof ManyFound || isDenied(error)) return undefined;
    throw error;
  }
}

/** The ids of an item and of its fields, without a value: looked up once in a run. No item where it is yet to be made. */
function idsOf(
  vaultName: string,
  titleOrId: string,
  at: Servers,
): Promise<{ readonly vault: string; readonly item: Item | undefined }> {
  return at.remember(`ids of ${JSON.stringify([vaultName, titleOrId])}`, async () => {
    const vaults = at.vaults();
    const vault = await vaults.findVault(vaultName);
    try {
      const item = await findItem(vaults, vault, titleOrId);
      return { vault: vault.id, item: { ...item, fields: item.fields.map(({ value: _value, ...field }) => field) } };
    } catch (error) {
      if (error instanceof NoneFound) return { vault: vault.id, item: undefined };
      throw error;
    }
  });
}

function title({ section, ...place }: Named): string {
  return declared.title({ kind: "item", ...place, ...(section === undefined ? {} : { section }) });
}
