import { setTimeout as sleep } from "node:timers/promises";
import type { Client, Item as SdkItem } from "@1password/sdk";
import { Memory } from "../../ground/memory";
import { inTurn } from "../../ground/turns";
import {
  AmbiguousCredential,
  Conflict,
  Forbidden,
  MissingCredential,
  mayHaveHappened,
  RateLimited,
  trace,
  Unauthorized,
} from "../http";
import { holds } from "./patch";
import { errorOfSdk } from "./sdkErrors";
import { createParamsOf, itemOf, overviewOf, patched } from "./sdkItem";
import {
  type Item,
  type ItemOverview,
  ManyFound,
  type NewItem,
  NoneFound,
  type PatchOperation,
  type Vault,
  type Vaults,
} from "./vaults";

/** The part of 1Password's SDK that is used. */
export type SdkClient = {
  readonly items: Pick<Client["items"], "create" | "get" | "list" | "put">;
  readonly vaults: Pick<Client["vaults"], "list">;
};

/** How long to wait before a write that met another one is made anew, in milliseconds. */
const AFTER_CONFLICT: readonly number[] = [500, 1_000, 2_000, 4_000];

/** What the steps of one run share. */
interface Shared {
  readonly client: () => Promise<SdkClient>;
  readonly found: Memory<Vault>;
}

/**
 * A 1Password service account, by 1Password's own SDK: the only way in. It has no single-field writes: an item is read,
 * changed and written back whole, and 1Password refuses what is not its newest version. See {@link Vaults} for what each
 * method promises.
 */
export class ServiceAccount implements Vaults {
  readonly #shared: Shared;
  readonly #signal: AbortSignal | undefined;

  private constructor(shared: Shared, signal?: AbortSignal) {
    this.#shared = shared;
    this.#signal = signal;
  }

  /** The account that the environment names. What is missing there fails the first request, and not the start. */
  static fromEnvironment(env: NodeJS.ProcessEnv = process.env): ServiceAccount {
    return ServiceAccount.of(() => clientOf(env.OP_SERVICE_ACCOUNT_TOKEN));
  }

  /** The account that a client of the SDK stands for; it is made at the first request. */
  static of(make: () => Promise<SdkClient>): ServiceAccount {
    let client: Promise<SdkClient> | undefined;
    return new ServiceAccount({
      client: () => {
        client ??= make();
        client.catch(() => {
          client = undefined;
        });
        return client;
      },
      found: new Memory(),
    });
  }

  within(signal: AbortSignal): ServiceAccount {
    return new ServiceAccount(this.#shared, signal);
  }

  /** A vault that was found is not looked for again: this object lives no longer than one run. */
  findVault(nameOrUuid: string): Promise<Vault> {
    return this.#shared.found.remember(nameOrUuid, () => this.#findVault(nameOrUuid));
  }

  async #findVault(nameOrUuid: string): Promise<Vault> {
    const visible = await this.#call("vaults.list", "vaults", ({ vaults }) => vaults.list());
    const all = visible.map(({ id, title: name, description }): Vault => ({ id, name, description }));
    const byId = all.find(({ id }) => id === nameOrUuid);
    if (byId !== undefined) return byId;
    const named = all.filter(({ name }) => name === nameOrUuid);
    const [vault, other] = named;
    if (vault === undefined) {
      const names = all.map(({ name }) => `"${name}"`).join(", ");
      throw new NoneFound(
        "vault",
        `looking for the 1Password vault "${nameOrUuid}": the service account of OP_SERVICE_ACCOUNT_TOKEN sees ${names === "" ? "no vault at all" : `only ${names}`}. Check the name. If it is right, ask an owner or administrator of the 1Password account for a service account with the rights read_items and write_items on this vault (op service-account create <name> --vault "${nameOrUuid}:read_items,write_items"): the vaults of one that exists cannot be changed.`,
      );
    }
    if (other !== undefined)
      throw new ManyFound(
        "vault",
        `looking for the 1Password vault "${nameOrUuid}": ${named.length} vaults have that name (${named.map(({ id }) => id).join(", ")}). Name the one you mean by its id.`,
      );
    return vault;
  }

  async findItems(vaultUuid: string, title: string): Promise<readonly ItemOverview[]> {
    return (await this.listItems(vaultUuid)).filter((item) => item.title === title && item.state === undefined);
  }

  async listItems(vaultUuid: string): Promise<readonly ItemOverview[]> {
    const rows = await this.#call("items.list", `vaults/${vaultUuid}`, ({ items }) => items.list(vaultUuid));
    return rows.map(overviewOf);
  }

  async getItem(vaultUuid: string, itemUuid: string): Promise<Item> {
    return itemOf(await this.#get(vaultUuid, itemUuid));
  }

  createItem(item: NewItem): Promise<Item> {
    const vaultUuid = item.vault.id;
    const params = createParamsOf(item);
    return this.#inTurn(vaultUuid, async () => {
      try {
        const secrets = params.fields?.map(({ value }) => value) ?? [];
        return itemOf(await this.#write("items.create", vaultUuid, ({ items }) => items.create(params), secrets));
      } catch (error) {
        if (!mayHaveHappened(error)) throw error;
        const rows = await this.findItems(vaultUuid, item.title).catch(() => []);
        const [made, other] = rows.filter((row) => item.tags.every((tag) => row.tags?.includes(tag)));
        if (made === undefined || other !== undefined) throw notKnown(error);
        return this.getItem(vaultUuid, made.id);
      }
    });
  }

  patchItem(vaultUuid: string, itemUuid: string, operations: readonly PatchOperation[]): Promise<Item> {
    return this.#inTurn(vaultUuid, async () => {
      for (let attempt = 0; ; attempt++) {
        const before = await this.#get(vaultUuid, itemUuid);
        // Also after an answer that was lost: then this is what it wanted.
        if (attempt > 0 && holds(itemOf(before), operations)) return itemOf(before);
        try {
          const wanted = patched(before, operations);
          const secrets = wanted.fields.map(({ value }) => value);
          const place = `${vaultUuid}/items/${itemUuid}`;
          return itemOf(await this.#write("items.put", place, ({ items }) => items.put(wanted), secrets));
        } catch (error) {
          const wait = AFTER_CONFLICT[attempt];
          const isOver = wait === undefined || this.#signal?.aborted === true;
          // 1Password takes nothing but a change of the newest version, so that a second try doubles nothing.
          if (isOver || !(error instanceof Conflict || mayHaveHappened(error)))
            throw mayHaveHappened(error) ? notKnown(error) : error;
          await sleep(wait);
        }
      }
    });
  }

  /** The SDK writes an item as a whole, or not at all: there is no write that changes nothing. */
  async tryWrite(): Promise<void> {}

  #get(vaultUuid: string, itemUuid: string): Promise<SdkItem> {
    return this.#call("items.get", `vaults/${vaultUuid}/items/${itemUuid}`, ({ items }) =>
      items.get(vaultUuid, itemUuid),
    );
  }

  #inTurn<T>(vaultUuid: string, task: () => Promise<T>): Promise<T> {
    return inTurn(`service account ${vaultUuid}`, task);
  }

  async #write<T>(
    method: string,
    place: string,
    call: (client: SdkClient) => Promise<T>,
    secrets: readonly string[],
  ): Promise<T> {
    try {
      return await this.#call(method, `vaults/${place}`, call, secrets);
    } catch (error) {
      if (error instanceof Forbidden)
        error.message += `; the service account of OP_SERVICE_ACCOUNT_TOKEN may not write there. Ask an owner or administrator of the 1Password account for one with the right write_items on this vault`;
      throw error;
    }
  }

  /** One call of the SDK. A cancelled run begins no more; the SDK cannot be told to stop one. */
  async #call<T>(
    method: string,
    path: string,
    call: (client: SdkClient) => Promise<T>,
    secrets: readonly string[] = [],
  ): Promise<T> {
    this.#signal?.throwIfAborted();
    const began = performance.now();
    const tell = (found: string) =>
      trace({ service: "1Password", method, path, found, milliseconds: performance.now() - began });
    try {
      const answer = await call(await this.#shared.client());
      tell("done");
      return answer;
    } catch (cause) {
      tell(cause instanceof Error ? cause.constructor.name : "failed");
      if (cause instanceof MissingCredential || cause instanceof AmbiguousCredential) throw cause;
      const error = errorOfSdk(cause, method, path, secrets);
      if (error instanceof Unauthorized)
        error.message +=
          "; the token in OP_SERVICE_ACCOUNT_TOKEN is not accepted. Check that all of it was copied, or ask an owner or administrator of the 1Password account to rotate it";
      if (error instanceof RateLimited)
        error.message += "; 1Password limits what a service account may do in an hour and in a day. Run again later";
      throw error;
    }
  }
}

function notKnown(error: unknown): unknown {
  if (error instanceof Error)
    error.message +=
      "; whether it was carried out is not known: 1Password does not show it so far. Run again: the next run looks first";
  return error;
}

async function clientOf(token: string | undefined): Promise<SdkClient> {
  if (!token)
    throw new MissingCredential(
      "OP_SERVICE_ACCOUNT_TOKEN",
      "the token of a 1Password service account with the rights read_items and write_items on the vaults that are declared",
    );
  // Its core is 14 MB of WebAssembly: loaded only where it is used.
  const { createClient }: typeof import("@1password/sdk") = require("@1password/sdk");
  return createClient({ auth: token, integrationName: "pat-rotation", integrationVersion: "v0.1.0" });
}
