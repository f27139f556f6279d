// Generated from providers/onepassword/schema.json by `npm run sdks`: change that file instead.
import * as pulumi from "@pulumi/pulumi";
import type * as types from "./types";

export type * as types from "./types";

/** The provider's version: with it the engine finds the plugin. */
const version = "1.2.1";

/**
 * A 1Password Item. Made once and kept: an item that an earlier run made is taken over, any other of the same
 * title and category is left alone, with an error that says what to do. An update changes only what differs from
 * the declaration. A delete leaves the item in place. Import it as vaults/<vault uuid>/items/<item uuid>. `pulumi
 * import` prints the code that it suggests with the values in plain text, unless it is told
 * `--generate-code=false`.
 */
export class Item extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "onepassword:index/item:Item";

  /** The state of a Item that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Item {
    return new Item(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a Item, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is Item {
    return typeof obj === "object" && obj !== null && "__pulumiType" in obj && obj.__pulumiType === Item.__pulumiType;
  }

  /**
   * The category of the item. One of ["login" "password" "database" "secure_note"], and "api_credential" (extension:
   * upstream only reads that one). Another category makes another item; the one before it stays. Default: login.
   */
  declare readonly category: pulumi.Output<string>;
  /**
   * (Extension: not in the upstream package.) (Only applies to the api_credential category) API credential for this
   * item: its field `credential`.
   */
  declare readonly credential: pulumi.Output<string | undefined>;
  /** (Only applies to the database category) The name of the database. */
  declare readonly database: pulumi.Output<string | undefined>;
  /**
   * (Extension: not in the upstream package.) (Only applies to the api_credential category) The day on which the
   * credential expires, YYYY-MM-DD: its field `expires`.
   */
  declare readonly expiresAt: pulumi.Output<string | undefined>;
  /**
   * (Only applies to the database category and, as an extension, api_credential) The address where the database, or
   * the service, can be found
   */
  declare readonly hostname: pulumi.Output<string | undefined>;
  /** Secure Note value. Any category has one. */
  declare readonly noteValue: pulumi.Output<string | undefined>;
  /** Password for this item, declared or thought of by 1Password. */
  declare readonly password: pulumi.Output<string>;
  /** The recipe used to generate a value for a password, once, when the item is made without one. */
  declare readonly passwordRecipe: pulumi.Output<types.ItemPasswordRecipe | undefined>;
  /** (Only applies to the database category) The port the database is listening on. */
  declare readonly port: pulumi.Output<string | undefined>;
  /** A list of custom sections in an item. What is not listed stays as it is, and nothing is taken out of an item. */
  declare readonly sections: pulumi.Output<types.ItemSection[] | undefined>;
  /**
   * An array of strings of the tags assigned to the item. Tags put on by hand stay. One more tag,
   * pulumi/<project>/<stack>/<resource name>, marks the item as made by this resource; it is not listed here.
   */
  declare readonly tags: pulumi.Output<string[] | undefined>;
  /** The title of the item. */
  declare readonly title: pulumi.Output<string>;
  /**
   * (Only applies to the database category) The type of database. One of ["db2" "filemaker" "msaccess" "mssql"
   * "mysql" "oracle" "postgresql" "sqlite" "other"]
   */
  declare readonly type: pulumi.Output<string | undefined>;
  /** The primary URL for the item. Its other addresses stay. */
  declare readonly url: pulumi.Output<string | undefined>;
  /** Username for this item. */
  declare readonly username: pulumi.Output<string | undefined>;
  /**
   * (Extension: not in the upstream package.) (Only applies to the api_credential category) The day from which the
   * credential is valid, YYYY-MM-DD: its field `validFrom`.
   */
  declare readonly validFrom: pulumi.Output<string | undefined>;
  /**
   * The UUID of the vault the item is in, or (extension) its name. Another vault makes another item; the one before
   * it stays.
   */
  declare readonly vault: pulumi.Output<string>;
  /** The UUID of the item. Item identifiers are unique within a specific vault. */
  declare readonly uuid: pulumi.Output<string>;
  /** (Extension: not in the upstream package.) The UUID of the vault the item is in, also when `vault` is its name. */
  declare readonly vaultUuid: pulumi.Output<string>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: ItemArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      category: undefined,
      credential: undefined,
      database: undefined,
      expiresAt: undefined,
      hostname: undefined,
      noteValue: undefined,
      password: undefined,
      passwordRecipe: undefined,
      port: undefined,
      sections: undefined,
      tags: undefined,
      title: undefined,
      type: undefined,
      url: undefined,
      username: undefined,
      validFrom: undefined,
      vault: undefined,
      uuid: undefined,
      vaultUuid: undefined,
    };
    if (opts.id === undefined) {
      if (args?.vault === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the Item "${name}": the property "vault" is missing; it is required.`);
      }
      Object.assign(inputs, {
        category: args?.category,
        credential: args?.credential === undefined ? undefined : pulumi.secret(args.credential),
        database: args?.database,
        expiresAt: args?.expiresAt,
        hostname: args?.hostname,
        noteValue: args?.noteValue === undefined ? undefined : pulumi.secret(args.noteValue),
        password: args?.password === undefined ? undefined : pulumi.secret(args.password),
        passwordRecipe: args?.passwordRecipe,
        port: args?.port,
        sections: args?.sections,
        tags: args?.tags,
        title: args?.title,
        type: args?.type,
        url: args?.url,
        username: args?.username,
        validFrom: args?.validFrom,
        vault: args?.vault,
      });
    }
    super(
      Item.__pulumiType,
      name,
      inputs,
      pulumi.mergeOptions(
        {
          version,
          additionalSecretOutputs: ["credential", "noteValue", "password"],
          replaceOnChanges: ["category", "vault"],
        },
        opts,
      ),
    );
  }
}

/** What a {@link Item} is made with. */
export interface ItemArgs {
  /**
   * The category of the item. One of ["login" "password" "database" "secure_note"], and "api_credential" (extension:
   * upstream only reads that one). Another category makes another item; the one before it stays. Default: login.
   */
  readonly category?: pulumi.Input<string | undefined>;
  /**
   * (Extension: not in the upstream package.) (Only applies to the api_credential category) API credential for this
   * item: its field `credential`.
   */
  readonly credential?: pulumi.Input<string | undefined>;
  /** (Only applies to the database category) The name of the database. */
  readonly database?: pulumi.Input<string | undefined>;
  /**
   * (Extension: not in the upstream package.) (Only applies to the api_credential category) The day on which the
   * credential expires, YYYY-MM-DD: its field `expires`.
   */
  readonly expiresAt?: pulumi.Input<string | undefined>;
  /**
   * (Only applies to the database category and, as an extension, api_credential) The address where the database, or
   * the service, can be found
   */
  readonly hostname?: pulumi.Input<string | undefined>;
  /** Secure Note value. Any category has one. */
  readonly noteValue?: pulumi.Input<string | undefined>;
  /** Password for this item. Left out where the category has one, 1Password thinks of it when the item is made. */
  readonly password?: pulumi.Input<string | undefined>;
  /** The recipe used to generate a value for a password, once, when the item is made without one. */
  readonly passwordRecipe?: pulumi.Input<types.ItemPasswordRecipeArgs | undefined>;
  /** (Only applies to the database category) The port the database is listening on. */
  readonly port?: pulumi.Input<string | undefined>;
  /** A list of custom sections in an item. What is not listed stays as it is, and nothing is taken out of an item. */
  readonly sections?: pulumi.Input<readonly pulumi.Input<types.ItemSectionArgs>[] | undefined>;
  /**
   * An array of strings of the tags assigned to the item. Tags put on by hand stay. One more tag,
   * pulumi/<project>/<stack>/<resource name>, marks the item as made by this resource; it is not listed here.
   */
  readonly tags?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /** The title of the item. Default: the name of the resource. */
  readonly title?: pulumi.Input<string | undefined>;
  /**
   * (Only applies to the database category) The type of database. One of ["db2" "filemaker" "msaccess" "mssql"
   * "mysql" "oracle" "postgresql" "sqlite" "other"]
   */
  readonly type?: pulumi.Input<string | undefined>;
  /** The primary URL for the item. Its other addresses stay. */
  readonly url?: pulumi.Input<string | undefined>;
  /** Username for this item. */
  readonly username?: pulumi.Input<string | undefined>;
  /**
   * (Extension: not in the upstream package.) (Only applies to the api_credential category) The day from which the
   * credential is valid, YYYY-MM-DD: its field `validFrom`.
   */
  readonly validFrom?: pulumi.Input<string | undefined>;
  /**
   * The UUID of the vault the item is in, or (extension) its name. Another vault makes another item; the one before
   * it stays.
   */
  readonly vault: pulumi.Input<string>;
}

/**
 * (Extension: not in the upstream package.) One field of an existing 1Password item. Everything else in the item
 * stays byte for byte as it was, its category above all. A delete leaves the field and its value in place. Import
 * it as vaults/<vault uuid>/items/<item uuid>/fields/<field id>. `pulumi import` prints the code that it suggests
 * with the values in plain text, unless it is told `--generate-code=false`.
 */
export class ItemField extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "onepassword:index/itemField:ItemField";

  /** The state of a ItemField that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ItemField {
    return new ItemField(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a ItemField, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is ItemField {
    return (
      typeof obj === "object" && obj !== null && "__pulumiType" in obj && obj.__pulumiType === ItemField.__pulumiType
    );
  }

  /** The vault the item is in, by name or UUID. */
  declare readonly vault: pulumi.Output<string>;
  /** The item, by title or UUID. It must exist, and be the only one of that title in the vault. */
  declare readonly item: pulumi.Output<string>;
  /**
   * The field, by label or id, such as `credential` in an API credential. An item that has none of that name is
   * given one, concealed, with this as its label.
   */
  declare readonly field: pulumi.Output<string>;
  /** The section the field is in, by label or id. It must exist. Default: the field is looked for in the whole item. */
  declare readonly section: pulumi.Output<string | undefined>;
  /** What the field is to hold. */
  declare readonly value: pulumi.Output<string>;
  /**
   * The day on which the value expires, YYYY-MM-DD: written into the item's date field `expires` (API credentials
   * have one), or one of that label beside the value. An item without any is given none.
   */
  declare readonly expiresAt: pulumi.Output<string | undefined>;
  /** The UUID of the vault the item is in. */
  declare readonly vaultUuid: pulumi.Output<string>;
  /** The UUID of the item. */
  declare readonly itemUuid: pulumi.Output<string>;
  /** The id of the field, unique within the item. */
  declare readonly fieldId: pulumi.Output<string>;
  /**
   * Whether the field may be of a type of which 1Password shows the value in plain text. Not set: a new value is
   * refused there.
   */
  declare readonly shown: pulumi.Output<boolean | undefined>;

  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args: ItemFieldArgs, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = {
      vault: undefined,
      item: undefined,
      field: undefined,
      section: undefined,
      value: undefined,
      expiresAt: undefined,
      vaultUuid: undefined,
      itemUuid: undefined,
      fieldId: undefined,
      shown: undefined,
    };
    if (opts.id === undefined) {
      if (args?.field === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the ItemField "${name}": the property "field" is missing; it is required.`);
      }
      if (args?.item === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the ItemField "${name}": the property "item" is missing; it is required.`);
      }
      if (args?.value === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the ItemField "${name}": the property "value" is missing; it is required.`);
      }
      if (args?.vault === undefined && opts.urn === undefined) {
        throw new Error(`Declaring the ItemField "${name}": the property "vault" is missing; it is required.`);
      }
      Object.assign(inputs, {
        vault: args?.vault,
        item: args?.item,
        field: args?.field,
        section: args?.section,
        value: args?.value === undefined ? undefined : pulumi.secret(args.value),
        expiresAt: args?.expiresAt,
        shown: args?.shown,
      });
    }
    super(
      ItemField.__pulumiType,
      name,
      inputs,
      pulumi.mergeOptions(
        { version, additionalSecretOutputs: ["value"], replaceOnChanges: ["vault", "item", "field", "section"] },
        opts,
      ),
    );
  }
}

/** What a {@link ItemField} is made with. */
export interface ItemFieldArgs {
  /** The vault the item is in, by name or UUID. */
  readonly vault: pulumi.Input<string>;
  /** The item, by title or UUID. It must exist, and be the only one of that title in the vault. */
  readonly item: pulumi.Input<string>;
  /**
   * The field, by label or id, such as `credential` in an API credential. An item that has none of that name is
   * given one, concealed, with this as its label.
   */
  readonly field: pulumi.Input<string>;
  /** The section the field is in, by label or id. It must exist. Default: the field is looked for in the whole item. */
  readonly section?: pulumi.Input<string | undefined>;
  /** What the field is to hold. */
  readonly value: pulumi.Input<string>;
  /**
   * The day on which the value expires, YYYY-MM-DD: written into the item's date field `expires` (API credentials
   * have one), or one of that label beside the value. An item without any is given none.
   */
  readonly expiresAt?: pulumi.Input<string | undefined>;
  /**
   * Whether the field may be of a type of which 1Password shows the value in plain text. Not set: a new value is
   * refused there.
   */
  readonly shown?: pulumi.Input<boolean | undefined>;
}

/**
 * Use this to get details of an item by its vault (UUID or, as an extension, name) and either the title or the
 * uuid of the item. An item that is not found is an error.
 */
export function getItem(args: GetItemArgs, opts: pulumi.InvokeOptions = {}): Promise<GetItemResult> {
  return pulumi.runtime.invoke(
    "onepassword:index/getItem:getItem",
    { title: args.title, uuid: args.uuid, vault: args.vault },
    { version, ...opts },
  );
}

/**
 * Use this to get details of an item by its vault (UUID or, as an extension, name) and either the title or the
 * uuid of the item. An item that is not found is an error.
 */
export function getItemOutput(
  args: GetItemOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetItemResult> {
  return pulumi.runtime.invokeOutput(
    "onepassword:index/getItem:getItem",
    { title: args.title, uuid: args.uuid, vault: args.vault },
    { version, ...opts },
  );
}

/** What {@link getItem} is called with. */
export interface GetItemArgs {
  /** The title of the item to retrieve. */
  readonly title?: string;
  /** The UUID of the item to retrieve. */
  readonly uuid?: string;
  /** The UUID of the vault the item is in, or (extension) its name. */
  readonly vault: string;
}

/** What {@link getItemOutput} is called with. */
export interface GetItemOutputArgs {
  /** The title of the item to retrieve. */
  readonly title?: pulumi.Input<string | undefined>;
  /** The UUID of the item to retrieve. */
  readonly uuid?: pulumi.Input<string | undefined>;
  /** The UUID of the vault the item is in, or (extension) its name. */
  readonly vault: pulumi.Input<string>;
}

/** What {@link getItem} answers. */
export interface GetItemResult {
  /**
   * The category of the item. One of ["login" "password" "database" "secure_note" "document" "ssh_key"
   * "api_credential"]
   */
  readonly category: string;
  /** API credential for this item. */
  readonly credential: string;
  /** (Only applies to the database category) The name of the database. */
  readonly database: string;
  /**
   * (Extension: not in the upstream package.) (Only applies to the api_credential category) The day on which the
   * credential expires, YYYY-MM-DD.
   */
  readonly expiresAt?: string;
  /**
   * (Only applies to the database and api_credential categories) The address where the database, or the service, can
   * be found
   */
  readonly hostname: string;
  /** The id of the item, as an import takes it. */
  readonly id: string;
  /** Secure Note value. */
  readonly noteValue: string;
  /** Password for this item. */
  readonly password: string;
  /** (Only applies to the database category) The port the database is listening on. */
  readonly port: string;
  /** SSH Private Key for this item. Always empty: this package does not read it. */
  readonly privateKey: string;
  /** SSH Public Key for this item. Always empty: this package does not read it. */
  readonly publicKey: string;
  /** A list of custom sections in an item */
  readonly sections?: types.GetItemSection[];
  /** An array of strings of the tags assigned to the item. */
  readonly tags: string[];
  /** The title of the item. */
  readonly title: string;
  /** (Only applies to the database category) The type of database. */
  readonly type: string;
  /** The primary URL for the item. */
  readonly url: string;
  /** Username for this item. */
  readonly username: string;
  /** The UUID of the item. */
  readonly uuid: string;
  /**
   * (Extension: not in the upstream package.) (Only applies to the api_credential category) The day from which the
   * credential is valid, YYYY-MM-DD.
   */
  readonly validFrom?: string;
  /** The UUID of the vault the item is in. */
  readonly vault: string;
}

/**
 * Use this to get details of a vault by either its name or uuid. A vault that the Connect token does not see is an
 * error.
 */
export function getVault(args?: GetVaultArgs, opts: pulumi.InvokeOptions = {}): Promise<GetVaultResult> {
  return pulumi.runtime.invoke(
    "onepassword:index/getVault:getVault",
    { name: args?.name, uuid: args?.uuid },
    { version, ...opts },
  );
}

/**
 * Use this to get details of a vault by either its name or uuid. A vault that the Connect token does not see is an
 * error.
 */
export function getVaultOutput(
  args?: GetVaultOutputArgs,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<GetVaultResult> {
  return pulumi.runtime.invokeOutput(
    "onepassword:index/getVault:getVault",
    { name: args?.name, uuid: args?.uuid },
    { version, ...opts },
  );
}

/** What {@link getVault} is called with. */
export interface GetVaultArgs {
  /** The name of the vault to retrieve. */
  readonly name?: string;
  /** The UUID of the vault to retrieve. */
  readonly uuid?: string;
}

/** What {@link getVaultOutput} is called with. */
export interface GetVaultOutputArgs {
  /** The name of the vault to retrieve. */
  readonly name?: pulumi.Input<string | undefined>;
  /** The UUID of the vault to retrieve. */
  readonly uuid?: pulumi.Input<string | undefined>;
}

/** What {@link getVault} answers. */
export interface GetVaultResult {
  /** The description of the vault. */
  readonly description: string;
  /** The id of the vault in Pulumi. */
  readonly id: string;
  /** The name of the vault. */
  readonly name: string;
  /** The UUID of the vault. */
  readonly uuid: string;
}
