import type * as sdk from "@1password/sdk";
import { type SdkClient, ServiceAccount } from "../../../clients/onepassword/serviceAccount";

/** What the SDK's core says when something goes wrong, as it stands in its WebAssembly. */
export const says = {
  conflict: "item update failed: The submitted item is not up to date. Refetch the item and retry the request.",
  forbidden: "you do not have the right permissions to perform this action: ",
  notFound: "resource not found",
  badToken: "invalid service account token, please make sure you provide a valid service account token as parameter:  ",
  network: "error sending request",
} as const;

/** In place of 1Password's SDK, which talks to nothing but 1password.com: items and vaults in memory, and mishaps on demand. */
export class FakeSdk {
  /** Every call, as `method place`. */
  readonly calls: string[] = [];
  readonly vaults = [vault("security", "Security"), vault("platform", "Platform")];
  readonly items: sdk.Item[] = [];
  readonly #mishaps: { readonly call: string; readonly error: Error; readonly isLost: boolean }[] = [];
  #clients = 0;

  /** The same as the resources see it. */
  readonly account = ServiceAccount.of(async () => {
    this.#clients++;
    return this.client;
  });

  /** How many clients were made. */
  get clients(): number {
    return this.#clients;
  }

  readonly client: SdkClient = {
    vaults: { list: () => this.#call("vaults.list", () => this.vaults) },
    items: {
      list: (vaultId) =>
        this.#call(`items.list ${vaultId}`, () =>
          this.items
            .filter((item) => item.vaultId === vaultId)
            .map((item) => ({ ...item, state: "active" as sdk.ItemState })),
        ),
      get: (vaultId, itemId) => this.#call(`items.get ${vaultId}/${itemId}`, () => this.#found(vaultId, itemId)),
      create: (params) =>
        this.#call(`items.create ${params.vaultId}`, () => {
          const { files: _files, document: _document, ...rest } = params;
          return this.add({ ...rest, id: `made-${this.items.length + 1}` });
        }),
      put: (item) =>
        this.#call(`items.put ${item.vaultId}/${item.id}`, () => {
          const stored = this.#found(item.vaultId, item.id);
          if (stored.version !== item.version) throw new Error(says.conflict);
          const next = structuredClone({ ...item, version: item.version + 1 });
          this.items.splice(this.items.indexOf(this.#stored(item.id)), 1, next);
          return next;
        }),
    },
  };

  /** Puts an item in the vault. */
  add(parts: Partial<sdk.Item>): sdk.Item {
    const item: sdk.Item = {
      id: "item-1",
      title: "GitLab token",
      category: "ApiCredentials" as sdk.ItemCategory,
      vaultId: "security",
      fields: [],
      sections: [],
      notes: "",
      tags: [],
      websites: [],
      version: 1,
      files: [],
      createdAt: new Date("2026-01-01T00:00:00Z"),
      updatedAt: new Date("2026-01-01T00:00:00Z"),
      ...structuredClone(parts),
    };
    this.items.push(item);
    return item;
  }

  /** Has a call fail; `isLost` when it is carried out all the same. */
  fail(call: string, message: string, isLost = false): void {
    this.#mishaps.push({ call, error: new Error(message), isLost });
  }

  #stored(itemId: string): sdk.Item {
    const item = this.items.find(({ id }) => id === itemId);
    if (item === undefined) throw new Error(says.notFound);
    return item;
  }

  #found(vaultId: string, itemId: string): sdk.Item {
    const item = this.#stored(itemId);
    if (item.vaultId !== vaultId) throw new Error(says.notFound);
    return structuredClone(item);
  }

  async #call<T>(call: string, answer: () => T): Promise<T> {
    this.calls.push(call);
    const at = this.#mishaps.findIndex((mishap) => call.startsWith(mishap.call));
    const [mishap] = at < 0 ? [] : this.#mishaps.splice(at, 1);
    if (mishap?.isLost === true) answer();
    if (mishap !== undefined) throw mishap.error;
    return answer();
  }
}

/** A field as the SDK has it. */
export function field(id: string, title: string, fieldType: string, value: string, sectionId?: string): sdk.ItemField {
  return {
    id,
    title,
    fieldType: fieldType as sdk.ItemFieldType,
    value,
    ...(sectionId === undefined ? {} : { sectionId }),
  };
}

function vault(id: string, title: string): sdk.VaultOverview {
  const at = new Date("2026-01-01T00:00:00Z");
  return {
    id,
    title,
    description: `of ${title}`,
    vaultType: "userCreated" as sdk.VaultType,
    activeItemCount: 0,
    contentVersion: 1,
    attributeVersion: 1,
    createdAt: at,
    updatedAt: at,
  };
}
