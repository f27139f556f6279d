import { setTimeout as sleep } from "node:timers/promises";
import { Memory } from "../../ground/memory";
import { inTurn } from "../../ground/turns";
import {
  Api,
  Conflict,
  Forbidden,
  type Method,
  MissingCredential,
  mayHaveHappened,
  NotFound,
  Refused,
  type RequestOptions,
  StrangeAnswer,
  Unauthorized,
} from "../http";
import { holds, isRepeatable } from "./patch";
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

/** How long to wait before each look at what a write with a lost answer did, in milliseconds. Connect's copy lags behind. */
const LOOKS: readonly number[] = [0, 1_000, 3_000];

/** How long to wait before a write that met another one is sent again, in milliseconds. */
const AFTER_CONFLICT: readonly number[] = [500, 1_000, 2_000, 4_000];

/** An id that no item has. */
const NO_ITEM = "a".repeat(26);

/** What the steps of one run share. */
interface Shared {
  readonly host: string;
  readonly api: () => Api;
  readonly found: Memory<Vault>;
}

/** A 1Password Connect server. See {@link Vaults} for what each method promises. */
export class Connect implements Vaults {
  readonly #shared: Shared;
  readonly #signal: AbortSignal | undefined;

  private constructor(shared: Shared, signal?: AbortSignal) {
    this.#shared = shared;
    this.#signal = signal;
  }

  /** The server that the environment names. What is missing there fails the first request, and not the start. */
  static fromEnvironment(env: NodeJS.ProcessEnv = process.env): Connect {
    let api: Api | undefined;
    return new Connect({
      host: env.OP_CONNECT_HOST ?? "",
      api: () => {
        api ??= apiOf(env);
        return api;
      },
      found: new Memory(),
    });
  }

  within(signal: AbortSignal): Connect {
    return new Connect(this.#shared, signal);
  }

  /** A vault that was found is not looked for again: this object lives no longer than one run. */
  findVault(nameOrUuid: string): Promise<Vault> {
    return this.#shared.found.remember(nameOrUuid, () => this.#findVault(nameOrUuid));
  }

  async #findVault(nameOrUuid: string): Promise<Vault> {
    if (isUuid(nameOrUuid)) {
      const vault = await this.#vaultOfId(nameOrUuid);
      if (vault !== undefined) return vault;
    }
    const vaults = await this.#search("/vaults", "name", nameOrUuid, (vault: Vault) => vault.name);
    const [vault, other] = vaults;
    if (vault === undefined) throw await this.#notVisible(nameOrUuid);
    if (other !== undefined)
      throw new ManyFound(
        "vault",
        `looking for the 1Password vault "${nameOrUuid}": ${vaults.length} vaults have that name (${vaults.map(({ id }) => id).join(", ")}). Name the one you mean by its id.`,
      );
    return vault;
  }

  async findItems(vaultUuid: string, title: string): Promise<readonly ItemOverview[]> {
    const rows = await this.#search(
      `${vaultPath(vaultUuid)}/items`,
      "title",
      title,
      (item: ItemOverview) => item.title,
    );
    return rows.filter(({ state }) => state === undefined);
  }

  listItems(vaultUuid: string): Promise<readonly ItemOverview[]> {
    return this.#rows(`${vaultPath(vaultUuid)}/items`);
  }

  /** An item with its fields. */
  async getItem(vaultUuid: string, itemUuid: string): Promise<Item> {
    const read = { method: "GET", path: itemPath(vaultUuid, itemUuid) } as const;
    return itemOf(await this.#request(read.method, read.path), read, (item) => item.id === itemUuid);
  }

  createItem(item: NewItem): Promise<Item> {
    const write = { method: "POST", path: `${vaultPath(item.vault.id)}/items` } as const;
    return this.#inTurn(item.vault.id, async () => {
      try {
        const answer = await this.#write(write.method, write.path, item.vault.id, item);
        return itemOf(answer, write, ({ title }) => title.trim() === item.title.trim());
      } catch (error) {
        if (!mayHaveHappened(error)) throw error;
        return await this.#look(error, async () => {
          const rows = await this.findItems(item.vault.id, item.title);
          const [made, other] = rows.filter((row) => isMade(row, item));
          if (made === undefined || other !== undefined) return undefined;
          return this.getItem(item.vault.id, made.id);
        });
      }
    });
  }

  patchItem(vaultUuid: string, itemUuid: string, operations: readonly PatchOperation[]): Promise<Item> {
    const write = { method: "PATCH", path: itemPath(vaultUuid, itemUuid) } as const;
    const look = async () => {
      const item = await this.getItem(vaultUuid, itemUuid);
      return holds(item, operations) ? item : undefined;
    };
    const once = (looks: readonly number[]) =>
      this.#inTurn(vaultUuid, async () => {
        try {
          const answer = await this.#write(write.method, write.path, vaultUuid, operations);
          return itemOf(
            answer,
            write,
            (item) =>
              item.id === itemUuid &&
              holds(
                item,
                operations.filter((one) => isPlain(one, item)),
              ),
          );
        } catch (error) {
          if (!mayHaveHappened(error)) throw error;
          return await this.#look(error, look, looks);
        }
      });
    if (!operations.every(isRepeatable)) return once(LOOKS);
    return once([0]).catch((error: unknown) => {
      // To set the same value again doubles nothing, even if the first write still arrives.
      if (!mayHaveHappened(error) || this.#signal?.aborted) throw error;
      return once(LOOKS);
    });
  }

  /** By Connect's description a patch without an operation leaves the item as it is, and needs the right to write. */
  async tryWrite(vaultUuid: string, itemUuid = NO_ITEM): Promise<void> {
    try {
      await this.#inTurn(vaultUuid, () => this.#write("PATCH", itemPath(vaultUuid, itemUuid), vaultUuid, []));
    } catch (error) {
      // Whatever else goes wrong says nothing about the right.
      if (error instanceof Forbidden) throw error;
    }
  }

  async #vaultOfId(id: string): Promise<Vault | undefined> {
    try {
      const read = { method: "GET", path: vaultPath(id) } as const;
      return known<Vault>(await this.#request(read.method, read.path), read, "a vault");
    } catch (error) {
      // A name can look like an id: only the search by name can tell.
      if (error instanceof NotFound || error instanceof Forbidden) return undefined;
      throw error;
    }
  }

  async #notVisible(nameOrUuid: string): Promise<NoneFound> {
    const visible = await this.#rows<Vault>("/vaults");
    const names = visible.map(({ name }) => `"${name}"`).join(", ");
    return new NoneFound(
      "vault",
      `looking for the 1Password vault "${nameOrUuid}": the Connect token in OP_CONNECT_TOKEN sees ${names === "" ? "no vault at all" : `only ${names}`}. Check the name. If it is right, ask the vault's owner to give the Connect server access to it (op connect vault grant), and create a token for that server with the rights read and write on this vault.`,
    );
  }

  /** Rows whose text is exactly this one, by the server's filter; where that cannot be relied on, by listing all. */
  async #search<T>(path: string, attribute: string, text: string, textOf: (row: T) => string): Promise<readonly T[]> {
    const exact = (rows: readonly T[]) => rows.filter((row) => textOf(row) === text);
    // A filter's text is a JSON string. Whether the server reads its escapes is not documented: hence the second look.
    const quoted = JSON.stringify(text);
    const isPlain = quoted === `"${text}"`;
    try {
      const rows = exact(await this.#rows<T>(path, { query: { filter: `${attribute} eq ${quoted}` } }));
      if (isPlain || rows.length > 0) return rows;
    } catch (error) {
      if (isPlain || !(error instanceof Refused)) throw error;
    }
    return exact(await this.#rows<T>(path));
  }

  async #rows<T>(path: string, options?: RequestOptions): Promise<readonly T[]> {
    const body = await this.#request("GET", path, options);
    const read = { method: "GET", path } as const;
    if (!Array.isArray(body)) throw strange(read, "a list");
    return body.map((row) => known<T>(row, read, "a list of vaults or items"));
  }

  /** Looks for what a write with a lost answer should have left behind; throws the write's own error if it is not there. */
  async #look(lost: unknown, found: () => Promise<Item | undefined>, waits: readonly number[] = LOOKS): Promise<Item> {
    for (const wait of waits) {
      if (wait > 0) await sleep(wait);
      // A look that fails as well says nothing about the write.
      const item = await found().catch(() => undefined);
      if (item !== undefined) return item;
      if (this.#signal?.aborted) break;
    }
    if (lost instanceof Error)
      lost.message +=
        "; whether it was carried out is not known: 1Password does not show it so far. Run again: the next run looks first";
    throw lost;
  }

  /** Connect answers writes to one vault that run side by side with a data conflict. */
  #inTurn<T>(vaultUuid: string, task: () => Promise<T>): Promise<T> {
    return inTurn(`${this.#shared.host} ${vaultUuid}`, task);
  }

  async #write(method: "POST" | "PATCH", path: string, vaultUuid: string, body: unknown): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#request(method, path, { body });
      } catch (error) {
        const wait = AFTER_CONFLICT[attempt];
        if (error instanceof Conflict && wait !== undefined) {
          await sleep(wait);
          continue;
        }
        if (error instanceof Forbidden)
          error.message += `; the Connect token in OP_CONNECT_TOKEN may not write to the vault ${vaultUuid}. Ask the vault's owner for a token with the right write on it`;
        throw error;
      }
    }
  }

  async #request(method: Method, path: string, options: RequestOptions = {}): Promise<unknown> {
    // A cancelled run sends no more writes, but one that is under way is not cut short: its answer would be lost.
    const isCut = this.#signal !== undefined && (method === "GET" || this.#signal.aborted);
    try {
      const signal = isCut ? { signal: this.#signal } : {};
      return (await this.#shared.api().request(method, path, { ...options, ...signal })).body;
    } catch (error) {
      if (error instanceof Unauthorized)
        error.message +=
          "; the token in OP_CONNECT_TOKEN is not accepted by the server in OP_CONNECT_HOST. Check that both belong together, or create a new token for this server";
      throw error;
    }
  }
}

function apiOf(env: NodeJS.ProcessEnv): Api {
  const host = env.OP_CONNECT_HOST;
  const token = env.OP_CONNECT_TOKEN;
  if (!host)
    throw new MissingCredential(
      "OP_CONNECT_HOST",
      "the address of your 1Password Connect server, such as https://connect.example.com",
    );
  if (!token)
    throw new MissingCredential(
      "OP_CONNECT_TOKEN",
      "a token of your 1Password Connect server with read and write on the vaults that are declared",
    );
  return new Api({
    service: "1Password Connect",
    baseUrl: `${host.replace(/\/+$/, "").replace(/\/v1$/, "")}/v1`,
    headers: { authorization: `Bearer ${token}` },
  });
}

/** Whether a text can be the id of a vault or an item. A name can look so too. */
export function isUuid(text: string): boolean {
  return /^[a-z0-9]{26}$/.test(text);
}

function vaultPath(vaultUuid: string): string {
  return `/vaults/${encodeURIComponent(vaultUuid)}`;
}

function itemPath(vaultUuid: string, itemUuid: string): string {
  return `${vaultPath(vaultUuid)}/items/${encodeURIComponent(itemUuid)}`;
}

/** The item of an answer; where it is not the one that was meant, somebody else answered. */
function itemOf(body: unknown, request: Request, isMeant: (item: Item) => boolean): Item {
  const answered = known<Item>(body, request, "an item");
  const fields = answered.fields ?? [];
  const sections = answered.sections ?? [];
  if (![fields, sections].every((members) => Array.isArray(members) && members.every(isKnown)))
    throw strange(request, "one");
  const item = { ...answered, fields, sections };
  if (!isMeant(item)) throw strange(request, request.method === "GET" ? "the item" : "the item as it was written");
  return item;
}

/** A thing of 1Password: whatever else it is, it has an id. */
function known<T>(body: unknown, request: Request, what: string): T {
  if (!isKnown(body)) throw strange(request, what);
  return body as T;
}

function isKnown(body: unknown): boolean {
  return typeof body === "object" && body !== null && "id" in body && typeof body.id === "string";
}

/** What was asked, for errors. */
interface Request {
  readonly method: Method;
  readonly path: string;
}

function strange({ method, path }: Request, expected: string): StrangeAnswer {
  return new StrangeAnswer(
    { service: "1Password Connect", method, path },
    `the server answered something else than ${expected}. Check that OP_CONNECT_HOST is the address of a 1Password Connect server, and that no proxy answers in its place`,
  );
}

/** Whether a value is set that comes back as it was sent, as a token does: dates, for one, may be written in another way. */
function isPlain({ path, value }: PatchOperation, { fields }: Item): boolean {
  const place = /^\/fields\/([^/]+)\/value$/.exec(path)?.[1];
  if (place === undefined || typeof value !== "string" || /\s/.test(value)) return false;
  const type = fields.find(({ id }) => id === place)?.type;
  return type === undefined || type === "CONCEALED" || type === "STRING";
}

function isMade(row: ItemOverview, wanted: NewItem): boolean {
  return row.category === wanted.category && wanted.tags.every((tag) => row.tags?.includes(tag));
}
