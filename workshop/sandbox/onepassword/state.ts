import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../clock";
import type { World, WorldField, WorldItem, WorldValue } from "../world";

/** One field of an item, with whatever else it holds. */
export interface Field {
  id: string;
  type: string;
  label?: string;
  value?: string;
  purpose?: string;
  section?: { id: string };
  [other: string]: unknown;
}

/** A whole item, as Connect answers it. */
export interface Item {
  id: string;
  title: string;
  vault: { id: string };
  category: string;
  tags?: string[];
  version: number;
  createdAt: string;
  updatedAt: string;
  sections?: { id: string; label?: string }[];
  fields?: Field[];
  [other: string]: unknown;
}

/** A vault. */
export interface Vault {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly items: Map<string, Item>;
  contentVersion: number;
  readonly createdAt: string;
  updatedAt: string;
}

/** What a Connect token may do in a vault. */
export type Right = "read" | "write";

/** A Connect token. */
export interface ConnectToken {
  readonly handle: string;
  readonly value: string;
  /** By vault id. */
  readonly rights: ReadonlyMap<string, readonly Right[]>;
}

/** All that this 1Password holds. */
export class OnePasswordState {
  readonly vaults = new Map<string, Vault>();
  readonly tokens: ConnectToken[] = [];
  /** Whether an authenticated request has come: before the first, Connect has nothing to sync with. */
  synced = false;

  constructor(
    world: World,
    readonly clock: Clock,
    resolve: (value: WorldValue) => string,
  ) {
    for (const vault of world.vaults) {
      const id = steadyId(`vault ${vault.name}`);
      const items = vault.items.map((item, at) => itemOf(item, id, at, resolve));
      this.vaults.set(id, {
        id,
        name: vault.name,
        description: vault.description ?? "",
        items: new Map(items.map((item) => [item.id, item])),
        contentVersion: 1,
        createdAt: world.startsAt,
        updatedAt: world.startsAt,
      });
    }
    for (const token of world.connectTokens) {
      this.tokens.push({
        handle: token.handle,
        value: tokenValue(token.handle),
        rights: new Map(Object.entries(token.vaults).map(([name, rights]) => [this.vaultNamed(name).id, rights])),
      });
    }
  }

  /** A vault that must exist. */
  vaultNamed(name: string): Vault {
    const vault = [...this.vaults.values()].find((one) => one.name === name);
    if (!vault) throw new Error(`The sandbox's world has no vault "${name}"`);
    return vault;
  }

  /** The value of a Connect token that the world named. */
  valueOf(handle: string): string {
    const token = this.tokens.find((one) => one.handle === handle);
    if (!token) throw new Error(`The sandbox's world has no Connect token with the handle "${handle}"`);
    return token.value;
  }

  /** The time, as Connect writes it. */
  stamp(): string {
    return this.clock.now().toISOString();
  }
}

/** A new id in 1Password's form: 26 letters and digits. */
export function newId(): string {
  return inAlphabet(randomBytes(26));
}

/** An id that is the same in every run, so that settings can name it. */
function steadyId(seed: string): string {
  return inAlphabet(createHash("sha512").update(seed).digest().subarray(0, 26));
}

function inAlphabet(bytes: Uint8Array): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  return [...bytes].map((byte) => alphabet[byte % 32]).join("");
}

function itemOf(item: WorldItem, vaultId: string, at: number, resolve: (value: WorldValue) => string): Item {
  const id = steadyId(`item ${vaultId} ${at} ${item.title}`);
  return {
    id,
    title: item.title,
    vault: { id: vaultId },
    category: item.category,
    ...(item.urls ? { urls: item.urls.map((href, first) => ({ href, primary: first === 0 })) } : {}),
    favorite: false,
    ...(item.tags ? { tags: [...item.tags] } : {}),
    version: 3,
    createdAt: item.createdAt,
    updatedAt: item.createdAt,
    lastEditedBy: "LMVRDDX2FRA4BDUPVMB5UQHNGI",
    ...(item.sections ? { sections: item.sections.map((label) => ({ id: sectionId(label), label })) } : {}),
    fields: item.fields.map((field) => fieldOf(field, id, resolve)),
  };
}

function fieldOf(field: WorldField, itemId: string, resolve: (value: WorldValue) => string): Field {
  return {
    id: field.id ?? steadyId(`field ${itemId} ${field.label}`),
    type: field.type,
    ...(field.purpose ? { purpose: field.purpose } : {}),
    ...(field.section ? { section: { id: sectionId(field.section) } } : {}),
    label: field.label,
    ...(field.value === undefined ? {} : { value: resolve(field.value) }),
  };
}

function sectionId(label: string): string {
  return `Section_${steadyId(`section ${label}`)}`;
}

/** Connect tokens are JWTs: three parts, of which the last is a signature. */
function tokenValue(handle: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return [
    part({ alg: "ES256", typ: "JWT" }),
    part({ sub: handle, aud: ["com.1password.connect"] }),
    randomBytes(64).toString("base64url"),
  ].join(".");
}
