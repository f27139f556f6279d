/** A vault as a list shows it. */
export interface Vault {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
}

/** An item as a list shows it: without its fields. */
export interface ItemOverview {
  readonly id: string;
  readonly title: string;
  readonly vault: { readonly id: string };
  /** In 1Password's own spelling, such as `API_CREDENTIAL`. */
  readonly category: string;
  readonly tags?: readonly string[];
  readonly urls?: readonly ItemUrl[];
  readonly version?: number;
  /** `ARCHIVED` or `DELETED`; absent when the item is in use. */
  readonly state?: string;
}

/** A web address of an item. */
export interface ItemUrl {
  readonly href: string;
  readonly label?: string;
  readonly primary?: boolean;
}

/** A named group of fields. */
export interface Section {
  readonly id: string;
  readonly label?: string;
}

/** A field with its value, as the item holds it. */
export interface Field {
  readonly id: string;
  readonly type: string;
  readonly label?: string;
  readonly value?: string;
  readonly section?: { readonly id: string };
  readonly purpose?: string;
}

/** A whole item, secrets included. */
export interface Item extends ItemOverview {
  readonly fields: readonly Field[];
  readonly sections: readonly Section[];
}

/** A field of an item that is to be made: 1Password may be asked to think of the value. */
export interface NewField extends Omit<Field, "id"> {
  /** A fixed word for the fields that come with the category; 1Password gives one to all others. */
  readonly id?: string;
  readonly generate?: boolean;
  readonly recipe?: { readonly length?: number; readonly characterSets?: readonly string[] };
}

/** An item that is to be made. */
export interface NewItem {
  readonly title: string;
  readonly vault: { readonly id: string };
  readonly category: string;
  readonly tags: readonly string[];
  readonly urls?: readonly ItemUrl[];
  readonly sections?: readonly Section[];
  readonly fields: readonly NewField[];
}

/**
 * One change of an item, as JSON Patch writes it (RFC 6902), where a field's place is its id: `/fields/credential/value`.
 * There is no `remove`: nothing is taken out of an item.
 */
export interface PatchOperation {
  readonly op: "add" | "replace";
  readonly path: string;
  readonly value: unknown;
}

/**
 * What the resources need of a password manager. A Connect server is one way to it; whatever else stands behind this,
 * such as a service account, keeps the same promises: a write to a vault waits for the one before it, a lost answer is
 * resolved by looking and never by writing twice, and no error holds a value.
 */
export interface Vaults {
  /** The one vault of that name or id. Once found, it is not looked for again in the same run. */
  findVault(nameOrUuid: string): Promise<Vault>;
  /** All items in use whose title is exactly this one. */
  findItems(vaultUuid: string, title: string): Promise<readonly ItemOverview[]>;
  /** All items of a vault. */
  listItems(vaultUuid: string): Promise<readonly ItemOverview[]>;
  /** An item with its fields. */
  getItem(vaultUuid: string, itemUuid: string): Promise<Item>;
  /** Makes an item. Its tags must tell it from every other: a lost answer is resolved by looking for them. */
  createItem(item: NewItem): Promise<Item>;
  /** Changes what the operations name and nothing else. */
  patchItem(vaultUuid: string, itemUuid: string, operations: readonly PatchOperation[]): Promise<Item>;
  /**
   * Tries a write that changes nothing, and throws what a write would be refused with. Where no such write exists nothing is
   * done: then only the first write tells. Without an item it is tried on one that there is not.
   */
  tryWrite(vaultUuid: string, itemUuid?: string): Promise<void>;
  /** The same, for the length of one step: its requests end when the signal does. */
  within(signal: AbortSignal): Vaults;
}

/** Nothing, or nothing that may be seen, goes by that name. */
export class NoneFound extends Error {
  override readonly name = "NoneFound";

  constructor(
    readonly sought: "vault" | "item" | "section" | "field",
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Several things go by that name, and nobody but the reader can say which one is meant. */
export class ManyFound extends Error {
  override readonly name = "ManyFound";

  constructor(
    readonly sought: "vault" | "item" | "section" | "field",
    message: string,
  ) {
    super(message);
  }
}
