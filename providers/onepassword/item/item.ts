import { NotFound } from "../../../clients/http";
import { isDay } from "../../../clients/onepassword/dateField";
import {
  type Item,
  type ItemOverview,
  ManyFound,
  NoneFound,
  type Vault,
  type Vaults,
} from "../../../clients/onepassword/vaults";
import { markerOf } from "../../../places/item/marker";
import { fieldRefusal } from "../../../places/item/refusal";
import { standingOf } from "../../../places/item/standing";
import { isInAccount } from "../../host/account/account";
import type { Before, Context, Resource } from "../../host/provider";
import { changesOf } from "../changes";
import { isMissing, observe } from "../observed";
import { builtInProperties, categories } from "./categories";
import type { ItemInputs, ItemOutputs } from "./inputs";
import { builtIns, newItem, operationsFor } from "./itemContent";
import { inputsOf, outputsOf } from "./itemState";

/** Makes an item once, and keeps what is declared of it. */
export function item(allVaults: Vaults): Resource<ItemInputs, ItemOutputs> {
  return {
    defaults: (inputs) => ({
      ...inputs,
      category: typeof inputs.category === "string" ? inputs.category.toLowerCase() : (inputs.category ?? "login"),
    }),

    diff: (before, inputs) =>
      changesOf(before, inputs, ["vault", "category"], {
        vault: before.outputs.vaultUuid,
        title: before.outputs.title,
      }),

    async create(inputs, context) {
      const title = inputs.title ?? context.name;
      refuseFaults(inputs, title);
      const vaults = allVaults.within(context.signal);
      const vault = await vaults.findVault(inputs.vault);
      const made = await madeBefore(vaults, vault, inputs, title, context);
      const found =
        made === undefined
          ? await vaults.createItem(newItem(inputs, title, vault.id, markerOf(context.urn)))
          : await ensure(vaults, made, inputs);
      return { id: `vaults/${vault.id}/items/${found.id}`, outputs: outputsOf(found, inputs) };
    },

    async update(before, inputs, context) {
      refuseFaults(inputs, before.outputs.title);
      const vaults = allVaults.within(context.signal);
      const found = await stillThere(vaults, before.outputs);
      if (found === undefined) return madeAnew(vaults, before.outputs, inputs, context);
      const dropped = (before.inputs.tags ?? []).filter((tag) => !inputs.tags?.includes(tag));
      return outputsOf(await ensure(vaults, found, inputs, dropped), inputs);
    },

    async read(before, context) {
      const { vaultUuid: vault, uuid } = before.outputs;
      // One that was made anew has another id than the resource was made with.
      const [vaultUuid, itemUuid] = vault === undefined || uuid === undefined ? partsOf(before.id) : [vault, uuid];
      const found = await observe(allVaults.within(context.signal), vaultUuid, itemUuid, context);
      if (found === "gone") return undefined;
      if (found === "unseen") return kept(before);
      const inputs = inputsOf(found, before.inputs);
      return { id: `vaults/${vaultUuid}/items/${itemUuid}`, inputs, outputs: outputsOf(found, inputs) };
    },

    async delete(before, context) {
      context.log.info(
        `Left in place: the item "${before.outputs.title}" (${before.outputs.uuid}) in the 1Password vault "${before.outputs.vault}". What is deleted through the API cannot be restored; archive the item in 1Password if it is no longer needed.`,
      );
    },
  };
}

/** The item that an earlier run made without remembering it. Any other item of that title stays untouched. */
async function madeBefore(
  vaults: Vaults,
  vault: Vault,
  inputs: ItemInputs,
  title: string,
  context: Context,
): Promise<Item | undefined> {
  const category = inputs.category.toUpperCase();
  const mark = markerOf(context.urn);
  const found = await standingOf(vaults, vault, { title, category }, (tag) => tag === mark);
  if (found.kind === "free") return undefined;
  if (found.kind === "taken") {
    const { rows, by } = found;
    const [row] = rows as readonly [ItemOverview];
    const what =
      rows.length > 1
        ? `${rows.length} items of that title and category are there (${rows.map(({ id }) => id).join(", ")})`
        : `an item of that title and category is there (${row.id}), made by ${by}`;
    throw new ManyFound(
      "item",
      `making the item "${title}" in the 1Password vault "${vault.name}": ${what}. ${takeOver(context, row)}`,
    );
  }
  const { row } = found;
  context.log.info(`The item "${title}" (${row.id}) was made by an earlier run and is taken over.`);
  return vaults.getItem(vault.id, row.id);
}

/**
 * How to use an item that is there already, in the words of those who wrote the declaration. An import shows what it imports,
 * secrets too, unless it is told to suggest no code, and protects it unless it is told not to.
 */
function takeOver({ urn, name }: Context, { id, vault }: ItemOverview): string {
  if (isInAccount(urn))
    return `Choose another title, or have the token written to a field of that item: in "onePassword" of the account write "item: ${id}" and "field: <the field's name>" in place of "newItem".`;
  const quoted = `'${name.replaceAll("'", "'\\''")}'`;
  return `Choose another title, or set one field of that item with ItemField, or take it over: pulumi import --generate-code=false --protect=false onepassword:index/item:Item ${quoted} vaults/${vault.id}/items/${id}`;
}

async function ensure(vaults: Vaults, found: Item, inputs: ItemInputs, dropped?: readonly string[]): Promise<Item> {
  const refusal = fieldRefusal(found, undefined);
  if (refusal !== undefined)
    throw new Error(`updating the item "${found.title}" (${found.id}) in 1Password: ${refusal}.`);
  const operations = operationsFor(found, inputs, dropped);
  return operations.length === 0 ? found : vaults.patchItem(found.vault.id, found.id, operations);
}

/** Faults that only this item has: they must not stop the run for all others, so they are not found in a check. */
function refuseFaults(inputs: ItemInputs, title: string): void {
  const known = builtIns(inputs.category).map(({ property }) => property);
  const faults = [
    ...(categories[inputs.category] === undefined
      ? [`category is "${inputs.category}": write one of ${Object.keys(categories).join(", ")}`]
      : builtInProperties
          .filter((property) => inputs[property] !== undefined && !known.includes(property))
          .map((property) => `an item of category "${inputs.category}" has no ${property}: leave it out`)),
    ...(["expiresAt", "validFrom"] as const).flatMap((property) => {
      const day = inputs[property];
      return day === undefined || isDay(day) ? [] : [`${property} is "${day}": write a day that exists as YYYY-MM-DD`];
    }),
  ];
  if (faults.length > 0) throw new Error(`declaring the 1Password item "${title}": ${faults.join("; ")}.`);
}

/** The item that is remembered; nothing when its vault's list was answered and lacks it. */
async function stillThere(vaults: Vaults, { vaultUuid, uuid, title, vault }: ItemOutputs): Promise<Item | undefined> {
  try {
    return await vaults.getItem(vaultUuid, uuid);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    if (await isMissing(vaults, vaultUuid, uuid)) return undefined;
    throw new NoneFound(
      "item",
      `updating the item "${title}" (${uuid}) in the 1Password vault "${vault}": it is not visible to our credential for 1Password. Check that this may read the vault, and run again.`,
      { cause: error },
    );
  }
}

/** Makes an item again that somebody deleted, or moved to another vault. */
async function madeAnew(
  vaults: Vaults,
  { vaultUuid, uuid, vault: name, title }: ItemOutputs,
  inputs: ItemInputs,
  context: Context,
): Promise<ItemOutputs> {
  const vault = { id: vaultUuid, name };
  const made = await madeBefore(vaults, vault, inputs, title, context);
  context.log.warn(
    `The item "${title}" (${uuid}) is no longer in the 1Password vault "${name}": it was deleted, or moved to another one, where it keeps an old value. It is made anew.`,
  );
  const found =
    made === undefined
      ? await vaults.createItem(newItem(inputs, title, vaultUuid, markerOf(context.urn)))
      : await ensure(vaults, made, inputs);
  return outputsOf(found, inputs);
}

function kept(before: Before<Partial<ItemInputs>, Partial<ItemOutputs>>): Before<ItemInputs, ItemOutputs> {
  if (before.inputs.vault === undefined)
    throw new Error(
      `importing "${before.id}" from 1Password: it could not be read. See the warning above for what is missing.`,
    );
  return before as Before<ItemInputs, ItemOutputs>;
}

function partsOf(id: string): [vaultUuid: string, itemUuid: string] {
  const [, vaultUuid, itemUuid] = /^vaults\/([^/]+)\/items\/([^/]+)$/.exec(id) ?? [];
  if (vaultUuid === undefined || itemUuid === undefined)
    throw new Error(
      `reading an item from 1Password: "${id}" is no id of one. Write vaults/<vault id>/items/<item id>.`,
    );
  return [vaultUuid, itemUuid];
}
