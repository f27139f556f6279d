import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../clock";
import type { GranularScope } from "./granular/scope";

/** A personal access token. */
export interface Token {
  readonly id: number;
  readonly value: string;
  readonly userId: number;
  readonly name: string;
  readonly description: string | null;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  /** A day; the token is dead from its 00:00 UTC on. `null`: never. */
  readonly expiresAt: string | null;
  revoked: boolean;
  lastUsedAt: string | null;
  lastUsedIps: string[];
  /** The id of the token that this one took the place of, by rotation. */
  readonly rotatedFrom?: number;
  /** Of a fine-grained token; its only other scope is `granular`. */
  readonly granularScopes?: readonly GranularScope[];
}

/** What a new token is made of. */
export interface Issue
  extends Partial<Pick<Token, "createdAt" | "revoked" | "lastUsedAt" | "rotatedFrom" | "granularScopes">> {
  readonly id: number;
  readonly handle?: string;
  readonly userId: number;
  readonly name: string;
  readonly description: string | null;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
}

/** GitLab writes `last_used_at` no more often than this. */
const lastUsedStep = 10 * 60_000;

/** Every token ever issued; none is ever deleted. */
export class Tokens {
  readonly #byId = new Map<number, Token>();
  readonly #byValue = new Map<string, Token>();
  readonly #byUser = new Map<number, Token[]>();
  readonly #byHandle = new Map<string, Token>();

  constructor(private readonly clock: Clock) {}

  /** Make a token with a value of its own. */
  issue(issue: Issue): Token {
    const token: Token = {
      id: issue.id,
      value: newValue(issue.id),
      userId: issue.userId,
      name: issue.name,
      description: issue.description,
      scopes: [...issue.scopes],
      createdAt: issue.createdAt ?? this.clock.now().toISOString(),
      expiresAt: issue.expiresAt,
      revoked: issue.revoked ?? false,
      lastUsedAt: issue.lastUsedAt ?? null,
      lastUsedIps: [],
      ...(issue.rotatedFrom === undefined ? {} : { rotatedFrom: issue.rotatedFrom }),
      ...(issue.granularScopes === undefined ? {} : { granularScopes: issue.granularScopes }),
    };
    this.keep(token, issue.handle);
    return token;
  }

  /** Take a token in that is made already. */
  keep(token: Token, handle?: string): void {
    this.#byId.set(token.id, token);
    this.#byValue.set(token.value, token);
    this.#byUser.set(token.userId, [...(this.#byUser.get(token.userId) ?? []), token]);
    if (handle) this.#byHandle.set(handle, token);
  }

  /** What the world called it. */
  handleOf(token: Token): string | undefined {
    return [...this.#byHandle].find(([, one]) => one === token)?.[0];
  }

  /** All, in the order of their making. */
  all(): Token[] {
    return [...this.#byId.values()];
  }

  /** One user's tokens, in the order of their making. */
  of(userId: number): readonly Token[] {
    return this.#byUser.get(userId) ?? [];
  }

  /** The token of that number. */
  byId(id: number): Token | undefined {
    return this.#byId.get(id);
  }

  /** The token of that value, dead or alive. */
  byValue(value: string): Token | undefined {
    return this.#byValue.get(value);
  }

  /** The value of a token that the world named. */
  valueOf(handle: string): string {
    const token = this.#byHandle.get(handle);
    if (!token) throw new Error(`The sandbox's world has no token with the handle "${handle}"`);
    return token.value;
  }

  /** Dead from 00:00 UTC of `expires_at` on. */
  isExpired(token: Token): boolean {
    return token.expiresAt !== null && this.clock.today() >= token.expiresAt;
  }

  /** Neither revoked nor expired. */
  isActive(token: Token): boolean {
    return !token.revoked && !this.isExpired(token);
  }

  /** Note a use; written at most every ten minutes, as GitLab does. */
  touch(token: Token, address: string): void {
    const now = this.clock.now();
    if (token.lastUsedAt === null || now.getTime() - Date.parse(token.lastUsedAt) >= lastUsedStep) {
      token.lastUsedAt = now.toISOString();
    }
    if (!token.lastUsedIps.includes(address)) token.lastUsedIps = [address, ...token.lastUsedIps].slice(0, 5);
  }

  /** Revoke every living descendant of a token in its chain of rotations: what reuse of a rotated token sets off. */
  revokeFamily(token: Token): void {
    for (const descendant of this.of(token.userId)) {
      if (descendant.rotatedFrom !== token.id) continue;
      if (this.isActive(descendant)) descendant.revoked = true;
      this.revokeFamily(descendant);
    }
  }
}

/**
 * In the shape of GitLab's routable tokens: the prefix, a random part, a version and a check sum, joined by dots. Where the
 * random part begins as no other GitLab's does, the program and the providers let the sandbox's clock stand in for theirs.
 */
function newValue(id: number): string {
  const random = `SANDBOX-ONLY-${randomBytes(27).toString("base64url")}`;
  const sum = createHash("sha256").update(`${id}${random}`).digest("hex").slice(0, 9);
  return ["glpat-", random, ".01.", sum].join("");
}
