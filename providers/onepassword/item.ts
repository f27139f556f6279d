import type { Before, Context, Resource } from "../host/provider";
import { NotFound } from "../http";
import { builtInProperties, categories } from "./categories";
import { changesOf } from "./changes";
import { isDay } from "./dateField";
import { builtIns, newItem, operationsFor } from "./itemContent";
import { inputsOf, outputsOf } from "./itemState";
import { isMarker, markerOf } from "./marker";
import { observe } from "./observed";
import { type Item, type ItemOverview, ManyFound, NoneFound, type Vault, type Vaults } from "./vaults";

/** How 1Password is to think of a password. */
export interface PasswordRecipe {
  readonly length?: number;
  readonly letters?: boolean;
  readonly digits?: boolean;
  readonly symbols?: boolean;
}

/** A field of a section. */
export interface SectionField {
  readonly id?: string;
  readonly label: string;
  readonly purpose?: string;
  readonly type?: string;
  readonly value?: string;
  readonly passwordRecipe?: PasswordRecipe;
}

/** A named group of fields. */
export interface SectionInputs {
  readonly id?: string;
  readonly label: string;
  readonly fields?: readonly SectionField[];
}

/** A whole item that this resource makes and keeps. */
export interface ItemInputs {
  readonly vault: string;
  readonly category: string;
  readonly title?: string;
  readonly tags?: readonly string[];
  readonly url?: string;
  readonly username?: string;
  readonly password?: string;
  readonly passwordRecipe?: PasswordRecipe;
  readonly noteValue?: string;
  readonly hostname?: string;
  readonly database?: string;
  readonly port?: string;
  readonly type?: string;
  readonly credential?: string;
  readonly expiresAt?: string;
  readonly validFrom?: string;
  readonly sections?: readonly SectionInputs[];
}

/** The inputs, and what 1Password made of them. */
export interface ItemOutputs extends ItemInputs {
  readonly title: string;
  readonly uuid: string;
  readonly vaultUuid: string;
}

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
      const dropped = (before.inputs.tags ?? []).filter((tag) => !inputs.tags?.includes(tag));
      return outputsOf(await ensure(vaults, found, inputs, dropped), inputs);
    },

    async read(before, context) {
      const [vaultUuid, itemUuid] = partsOf(before.id);
      const found = await observe(allVaults.within(context.signal), vaultUuid, itemUuid, context);
      if (found === "gone") return undefined;
      if (found === "unseen") return kept(before);
      const inputs = inputsOf(found, before.inputs);
      return { id: before.id, inputs, outputs: outputsOf(found, inputs) };
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
  const rows = (await vaults.findItems(vault.id, title)).filter((row) => row.category === category);
  const [row, other] = rows;
  if (row === undefined) return undefined;
  if (other !== undefined)
    throw new ManyFound(
      "item",
      `making the item "${title}" in the 1Password vault "${vault.name}": ${rows.length} items of that title and category are there (${rows.map(({ id }) => id).join(", ")}). Choose another title, or take one of them over: ${importOf(context, row)}`,
    );
  if (!row.tags?.includes(markerOf(context.urn)))
    throw new ManyFound(
      "item",
      `making the item "${title}" in the 1Password vault "${vault.name}": an item of that title and category is there (${row.id}), ${row.tags?.some(isMarker) ? "made by another stack or resource" : "made by hand"}. Choose another title, or set one field of it with ItemField, or take it over: ${importOf(context, row)}`,
    );
  context.log.info(`The item "${title}" (${row.id}) was made by an earlier run and is taken over.`);
  return vaults.getItem(vault.id, row.id);
}

function importOf(context: Context, { id, vault }: ItemOverview): string {
  return `pulumi import onepassword:index/item:Item '${context.name}' vaults/${vault.id}/items/${id}`;
}

async function ensure(vaults: Vaults, found: Item, inputs: ItemInputs, dropped?: readonly string[]): Promise<Item> {
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

async function stillThere(vaults: Vaults, { vaultUuid, uuid, title, vault }: ItemOutputs): Promise<Item> {
  try {
    return await vaults.getItem(vaultUuid, uuid);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    throw new NoneFound(
      "item",
      `updating the item "${title}" (${uuid}) in the 1Password vault "${vault}": it is not there, or no longer visible to our credential for 1Password. Restore it in 1Password, or run "pulumi refresh": the next update then makes it anew.`,
      { cause: error },
    );
  }
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
