import { randomBytes } from "node:crypto";
import type { Clock } from "../clock";

/** One version of a secret. */
export interface Version {
  readonly data: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  /** When it was deleted; it can be undeleted. */
  deletedAt?: string;
  /** Gone for good. */
  destroyed: boolean;
}

/** A secret with its versions and what people wrote about it. */
export interface Secret {
  readonly createdAt: string;
  updatedAt: string;
  readonly versions: Map<number, Version>;
  current: number;
  casRequired: boolean;
  maxVersions: number;
  customMetadata: Readonly<Record<string, string>> | null;
}

/** A token and what it may do, by path; `*` at a path's end stands for all below. A root token has no rules. */
export interface BaoToken {
  readonly value: string;
  readonly name: string;
  readonly namespace: string;
  readonly rules?: Readonly<Record<string, readonly string[]>>;
  readonly expiresAt?: string;
}

/** What an OpenBao begins with. */
export interface BaoWorld {
  /** The engines KV, version 2, by namespace; `""` is the root's. @default `secret` in the root */
  readonly mounts?: Readonly<Record<string, readonly string[]>>;
  /** Secrets by their path with its mount, `secret/ci/inventory`, in the root's namespace. */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What the token may do that the environment hands out. @default everything */
  readonly rules?: BaoToken["rules"];
}

/** What an OpenBao server holds. */
export class BaoState {
  readonly mounts: ReadonlyMap<string, readonly string[]>;
  readonly secrets = new Map<string, Secret>();
  readonly tokens: BaoToken[] = [];

  constructor(
    world: BaoWorld,
    private readonly clock: Clock,
  ) {
    this.mounts = new Map(Object.entries(world.mounts ?? { "": ["secret"] }));
    for (const [path, data] of Object.entries(world.secrets ?? {})) {
      const [mount = "", ...rest] = path.split("/");
      this.put(this.made(keyOf("", mount, rest.join("/"))), data);
    }
    this.issue("sandbox", world.rules);
  }

  /** A token that may do what the rules say. */
  issue(name: string, rules?: BaoToken["rules"], namespace = "", expiresAt?: string): BaoToken {
    const token = {
      value: `s.${randomBytes(18).toString("base64url")}`,
      name,
      namespace,
      ...(rules === undefined ? {} : { rules }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
    this.tokens.push(token);
    return token;
  }

  /** The time, as OpenBao writes it. */
  stamp(): string {
    return this.clock.now().toISOString();
  }

  /** The secret of a key, made where there is none. */
  made(key: string): Secret {
    const found = this.secrets.get(key);
    if (found !== undefined) return found;
    const now = this.stamp();
    const secret: Secret = {
      createdAt: now,
      updatedAt: now,
      versions: new Map(),
      current: 0,
      casRequired: false,
      maxVersions: 0,
      customMetadata: null,
    };
    this.secrets.set(key, secret);
    return secret;
  }

  /** Makes the next version; the oldest goes where there are too many. */
  put(secret: Secret, data: Readonly<Record<string, unknown>>): Version {
    secret.current += 1;
    secret.updatedAt = this.stamp();
    const version: Version = { data, createdAt: secret.updatedAt, destroyed: false };
    secret.versions.set(secret.current, version);
    const most = secret.maxVersions === 0 ? 10 : secret.maxVersions;
    for (const number of secret.versions.keys()) if (number <= secret.current - most) secret.versions.delete(number);
    return version;
  }

  /** What the newest version of a secret holds, by its path with its mount; in the root's namespace. */
  held(path: string): Readonly<Record<string, unknown>> | undefined {
    const [mount = "", ...rest] = path.split("/");
    const secret = this.secrets.get(keyOf("", mount, rest.join("/")));
    const version = secret?.versions.get(secret.current);
    return version?.deletedAt === undefined ? version?.data : undefined;
  }
}

/** Tells a secret from every other. */
export function keyOf(namespace: string, mount: string, path: string): string {
  return JSON.stringify([namespace, mount, path]);
}
