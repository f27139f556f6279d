import { findItem } from "../../clients/onepassword/lookup";
import type { Vaults } from "../../clients/onepassword/vaults";
import { isMarker } from "../../places/item/marker";
import type { ProviderFunction } from "../host/provider";
import { builtInProperties } from "./item/categories";
import { inputsOf } from "./item/itemState";

/** Looks up a vault by its name or id. */
export function getVault(allVaults: Vaults): ProviderFunction {
  return async (args, context) => {
    const sought = textOf(args.uuid) ?? textOf(args.name);
    if (sought === undefined) throw new Error('looking for a 1Password vault: give "name" or "uuid".');
    const vault = await allVaults.within(context.signal).findVault(sought);
    return { id: `vaults/${vault.id}`, uuid: vault.id, name: vault.name, description: vault.description ?? "" };
  };
}

/** Looks up an item, with what it holds, by its title or id. */
export function getItem(allVaults: Vaults): ProviderFunction {
  return async (args, context) => {
    const sought = textOf(args.uuid) ?? textOf(args.title);
    const vaultName = textOf(args.vault);
    if (sought === undefined || vaultName === undefined)
      throw new Error('looking for a 1Password item: give "vault", and "title" or "uuid".');
    const vaults = allVaults.within(context.signal);
    const vault = await vaults.findVault(vaultName);
    const item = await findItem(vaults, vault, sought);
    const empty = Object.fromEntries(
      [...builtInProperties, "url", "privateKey", "publicKey"].map((property) => [property, ""]),
    );
    return {
      ...empty,
      ...inputsOf(item, {}),
      id: `vaults/${vault.id}/items/${item.id}`,
      uuid: item.id,
      tags: (item.tags ?? []).filter((tag) => !isMarker(tag)),
    };
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
