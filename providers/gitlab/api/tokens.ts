import { Unauthorized } from "../../http";
import type { GitLab } from "../client";
import { groupPath, type Owner, projectPath } from "./owner";
import type { Shape } from "./shape";

/** A personal access token as GitLab lists it: without its value. */
export interface Token {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly scopes: readonly string[];
  readonly userId: number;
  /** An instant. */
  readonly createdAt: string;
  /** An instant, written at most every ten minutes. */
  readonly lastUsedAt: string | undefined;
  /** The day (UTC) at whose beginning it dies; absent when it never does. */
  readonly expiresAt: string | undefined;
  readonly active: boolean;
  readonly revoked: boolean;
}

/** A token with its value, which GitLab shows once. */
export interface MintedToken extends Token {
  readonly value: string;
}

/** What a token is made of. */
export interface NewToken {
  readonly name: string;
  readonly description: string;
  readonly scopes: readonly string[];
  readonly expiresAt: string;
}

/** The token that the client itself uses: the cheapest way to find out whether one works. */
export function ownToken(gitlab: GitLab): Promise<Token> {
  return gitlab.get("/personal_access_tokens/self", token);
}

/** The tokens of an account. */
export function listTokens(
  gitlab: GitLab,
  owner: Owner,
  userId: number,
  query: { state?: "active"; created_after?: string } = {},
): Promise<Token[]> {
  if (!isOwned(owner)) return gitlab.list("/personal_access_tokens", token, { user_id: userId, ...query });
  return gitlab.list(tokensOf(owner, userId), token, query);
}

/** Makes a token beside those that exist. Never to be repeated: each call makes another one. */
export function mintToken(gitlab: GitLab, owner: Owner, userId: number, made: NewToken): Promise<MintedToken> {
  const { expiresAt, ...rest } = made;
  const body = { ...rest, expires_at: expiresAt };
  const path = isOwned(owner) ? tokensOf(owner, userId) : `/users/${userId}/personal_access_tokens`;
  const read = (shape: Shape) => {
    shape.same("user_id", userId);
    return minted(shape);
  };
  return gitlab.write("POST", path, read, { body });
}

/** Kills a token for good. May be repeated. */
export function revokeToken(gitlab: GitLab, owner: Owner, userId: number, tokenId: number): Promise<void> {
  const path = isOwned(owner) ? tokensOf(owner, userId) : "/personal_access_tokens";
  // GitLab lists dead tokens for good: one that is in no list is not known to be dead.
  const isDead = async () =>
    (await listTokens(gitlab, owner, userId)).some(({ id, active }) => id === tokenId && !active);
  return gitlab.remove(`${path}/${tokenId}`, isDead);
}

/**
 * Has the client's own token rotate: another one of the same name, description and scopes takes its place, and it is dead
 * at once. Never to be repeated: a token that is used up and sent here again has GitLab revoke all that came of it.
 */
export function rotateOwnToken(gitlab: GitLab, expiresAt: string): Promise<MintedToken> {
  return gitlab.write("POST", "/personal_access_tokens/self/rotate", minted, { body: { expires_at: expiresAt } });
}

/** Kills the client's own token for good. */
export function revokeOwnToken(gitlab: GitLab): Promise<void> {
  const isDead = () =>
    ownToken(gitlab).then(
      () => false,
      (error: unknown) => error instanceof Unauthorized,
    );
  return gitlab.remove("/personal_access_tokens/self", isDead);
}

/** Tokens of an instance's accounts are reached as an administrator, by the way to any user's tokens. */
function isOwned(owner: Owner): boolean {
  return owner.group !== undefined || owner.project !== undefined;
}

function tokensOf(owner: Owner, userId: number): string {
  const place = owner.group !== undefined ? groupPath(owner.group) : projectPath(owner.project ?? "");
  return `${place}/service_accounts/${userId}/personal_access_tokens`;
}

function token(shape: Shape): Token {
  return {
    id: shape.integer("id"),
    name: shape.text("name"),
    description: shape.optionalText("description") ?? "",
    scopes: shape.texts("scopes"),
    userId: shape.integer("user_id"),
    createdAt: shape.text("created_at"),
    lastUsedAt: shape.optionalText("last_used_at"),
    expiresAt: shape.optionalText("expires_at"),
    active: shape.flag("active"),
    revoked: shape.flag("revoked"),
  };
}

function minted(shape: Shape): MintedToken {
  return { ...token(shape), value: shape.filled("token") };
}
