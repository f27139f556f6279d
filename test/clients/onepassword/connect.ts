import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Connect } from "../../../clients/onepassword/connect";
import type { Context } from "../../../providers/host/provider";

/** A Connect server's document of an item. */
export interface StoredItem {
  id: string;
  title: string;
  category: string;
  vault: { id: string };
  version: number;
  tags?: string[];
  urls?: { href: string; primary?: boolean }[];
  state?: string;
  sections?: { id: string; label?: string }[];
  fields: StoredField[];
}

/** A field in it. */
export interface StoredField {
  id: string;
  type: string;
  label?: string;
  value?: string;
  purpose?: string;
  section?: { id: string };
}

/** What happens to a request instead of a plain answer. */
export type Mishap =
  | { readonly status: number; readonly message?: string }
  /** Nothing is carried out, and somebody else answers that all is well. */
  | { readonly instead: unknown }
  /** Nothing is carried out, and the connection breaks. */
  | "reset"
  /** It is carried out, and the connection breaks. */
  | "lost";

const token = "connect-token-of-the-tests";

/** A Connect server small enough to be read: two vaults, JSON Patch on fields and attributes, mishaps on demand. */
export class ConnectServer {
  /** Every request, as `METHOD /path?query`, decoded. */
  readonly requests: string[] = [];
  /** The body of every write. */
  readonly bodies: unknown[] = [];
  readonly items: StoredItem[] = [];
  /** The most writes that were under way side by side. */
  mostWritesAtOnce = 0;
  #writesNow = 0;
  readonly vaults = [
    { id: idOf("security"), name: "Security", description: "Credentials of the security team" },
    { id: idOf("platform"), name: "Platform" },
  ];
  readonly #mishaps: { matches: (line: string) => boolean; mishap: Mishap }[] = [];
  readonly #server = createServer((request, response) => void this.#count(request, response));

  /** Listens on a free port of this machine. */
  static async start(): Promise<ConnectServer> {
    const server = new ConnectServer();
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get environment() {
    const { port } = this.#server.address() as AddressInfo;
    return { OP_CONNECT_HOST: `http://127.0.0.1:${port}`, OP_CONNECT_TOKEN: token };
  }

  get connect(): Connect {
    return Connect.fromEnvironment(this.environment);
  }

  /** Writes among the requests so far. */
  get writes(): string[] {
    return this.requests.filter((line) => !line.startsWith("GET"));
  }

  /** The next request that begins so goes wrong. */
  next(beginning: string, mishap: Mishap): void {
    this.#mishaps.push({ matches: (line) => line.startsWith(beginning), mishap });
  }

  add(item: Partial<StoredItem> & { title: string }): StoredItem {
    const stored = {
      id: idOf(`item ${this.items.length}`),
      category: "API_CREDENTIAL",
      vault: { id: idOf("security") },
      version: 1,
      fields: [],
      ...item,
    };
    this.items.push(stored);
    return stored;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #count(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const write = request.method === "GET" ? 0 : 1;
    this.#writesNow += write;
    this.mostWritesAtOnce = Math.max(this.mostWritesAtOnce, this.#writesNow);
    if (write === 1) await new Promise((resolve) => setTimeout(resolve, 5));
    await this.#serve(request, response);
    this.#writesNow -= write;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://localhost");
    const filter = url.searchParams.get("filter");
    const line = `${request.method} ${url.pathname.replace(/^\/v1/, "")}${filter === null ? "" : `?${filter}`}`;
    const text = await bodyOf(request);
    this.requests.push(line);
    if (text !== "") this.bodies.push(JSON.parse(text));
    const index = this.#mishaps.findIndex(({ matches }) => matches(line));
    const mishap = index < 0 ? undefined : this.#mishaps.splice(index, 1)[0]?.mishap;
    if (mishap === "reset") return void request.socket.destroy();
    if (typeof mishap === "object" && "instead" in mishap) return answer(response, 200, mishap.instead);
    if (typeof mishap === "object") return answer(response, mishap.status, { message: mishap.message ?? "as told" });
    if (request.headers.authorization !== `Bearer ${token}`)
      return answer(response, 401, { message: "Invalid token signature" });
    const [status, body] = this.#carryOut(request.method ?? "", url.pathname.slice("/v1".length), filter, text);
    if (mishap === "lost") return void request.socket.destroy();
    answer(response, status, body);
  }

  #carryOut(method: string, path: string, filter: string | null, text: string): [number, unknown] {
    const [, , vaultUuid, , itemUuid] = path.split("/");
    const wanted = filter === null ? undefined : (JSON.parse(filter.replace(/^\w+ eq /, "")) as string);
    if (vaultUuid === undefined)
      return [200, this.vaults.filter(({ name }) => wanted === undefined || name === wanted)];
    const vault = this.vaults.find(({ id }) => id === vaultUuid);
    if (vault === undefined) return [404, { status: 404, message: `vault ${vaultUuid} not found` }];
    if (path === `/vaults/${vaultUuid}`) return [200, vault];
    const items = this.items.filter((item) => item.vault.id === vaultUuid);
    if (itemUuid === undefined && method === "POST") return [200, this.#create(text)];
    if (itemUuid === undefined) {
      const rows = items.filter(({ title }) => wanted === undefined || title === wanted);
      return [200, rows.map(({ fields: _, sections: __, ...row }) => row)];
    }
    const item = items.find(({ id }) => id === itemUuid);
    if (item === undefined) return [404, { status: 404, message: `item ${itemUuid} not found` }];
    if (method === "PATCH") this.#patch(item, JSON.parse(text));
    return [200, item];
  }

  #create(text: string): StoredItem {
    const given = JSON.parse(text) as Omit<StoredItem, "fields"> & { fields: (StoredField & { generate?: boolean })[] };
    const fields = given.fields.map(({ generate, ...field }, index) => ({
      ...field,
      id: field.id ?? idOf(`field ${index}`),
      ...(generate ? { value: "thought-of-by-the-server" } : {}),
    }));
    return this.add({ ...given, fields });
  }

  #patch(item: StoredItem, operations: { op: string; path: string; value: unknown }[]): void {
    for (const { op, path, value } of operations) {
      const [, attribute, id, part] = path.split("/");
      if (attribute === "fields" && id === undefined) {
        item.fields.push({ id: idOf(`field ${item.fields.length}`), ...(value as Omit<StoredField, "id">) });
      } else if (attribute === "sections") {
        item.sections = [...(item.sections ?? []), value as { id: string }].flat();
      } else if (attribute === "fields" && part === "value") {
        const field = item.fields.find((candidate) => candidate.id === id);
        if (field === undefined) throw new Error(`no field ${id}`);
        if (op === "replace" && field.value === undefined) throw new Error(`nothing to replace at ${path}`);
        field.value = value as string;
      } else {
        Object.assign(item, { [attribute ?? ""]: value });
      }
    }
    item.version += 1;
  }
}

/** Twenty-six letters and digits, the same for the same word. */
export function idOf(word: string): string {
  return word
    .replace(/[^a-z0-9]/g, "")
    .padEnd(26, "x")
    .slice(0, 26);
}

/** What a handler is told, with everything it says collected. */
export function contextOf(name = "inventory", type = "onepassword:index/item:Item") {
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  const context: Context = {
    urn: `urn:pulumi:prod::rotation::${type}::${name}`,
    name,
    signal: new AbortController().signal,
    log: { info: say, warn: say, status: say },
  };
  return { context, said };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
