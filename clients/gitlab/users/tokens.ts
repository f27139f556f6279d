import { NotFound, Unauthorized } from "../../http";
import type { GitLab } from "../client";
import { groupPath, type Owner, projectPath } from "../owner";
import type { Shape } from "../shape";
import { type GranularScope, granularScope, isGranular, scopeBody } from "./granular";

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
  /** What a fine-grained token may do; absent for a legacy one, and where GitLab's answer does not tell. */
  readonly granularScopes?: readonly GranularScope[];
  /** The role of its bot, of an access token of a group or project, in the list of those. */
  readonly accessLevel?: number;
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
  /** The role of its bot, where it is an access token of a group or project; see {@link noUser}. */
  readonly accessLevel?: number;
}

/**
 * In place of a user's id: the tokens are access tokens of the group or project itself, of which each has a bot of its own.
 */
export const noUser = 0;

/** The token that the client itself uses: the cheapest way to find out whether one works. */
export function ownToken(gitlab: GitLab): Promise<Token> {
  return gitlab.get("/personal_access_tokens/self", token);
}

/**
 * What GitLab tells of the client's own token, with what it may do where it is fine-grained: GitLab shows that of the token
 * itself from 19.5 on, and of one's own token by its id from 19.2 on.
 */
export async function ownTokenInFull(gitlab: GitLab, known = ownToken(gitlab)): Promise<Token> {
  const own = await known;
  if (!isGranular(own) || own.granularScopes !== undefined) return own;
  return gitlab.get(`/personal_access_tokens/${own.id}`, token);
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
  const { expiresAt, accessLevel, ...rest } = made;
  const role = accessLevel === undefined ? {} : { access_level: accessLevel };
  const body = { ...rest, expires_at: expiresAt, ...role };
  const path = isOwned(owner) ? tokensOf(owner, userId) : `/users/${userId}/personal_access_tokens`;
  const read = (shape: Shape) => {
    if (userId !== noUser) shape.same("user_id", userId);
    return minted(shape);
  };
  return gitlab.write("POST", path, read, { body });
}

/** What a fine-grained token is made of. */
export interface NewGranularToken extends Omit<NewToken, "scopes"> {
  readonly granularScopes: readonly GranularScope[];
}

/**
 * Makes a fine-grained token beside those that exist, for a user, by an administrator (from 19.6 on), or without a user for the
 * client's own one (from 19.2 on). Never to be repeated.
 */
export function mintGranularToken(
  gitlab: GitLab,
  user: { readonly id: number; readonly own: boolean },
  { expiresAt, granularScopes, ...rest }: NewGranularToken,
): Promise<MintedToken> {
  const body = { ...rest, expires_at: expiresAt, granular_scopes: granularScopes.map(scopeBody) };
  const read = (shape: Shape) => {
    shape.same("user_id", user.id);
    return minted(shape);
  };
  const path = user.own ? "/user/personal_access_tokens" : `/users/${user.id}/personal_access_tokens`;
  return gitlab.write("POST", path, read, { body });
}

/** Kills a token for good. May be repeated. */
export function revokeToken(gitlab: GitLab, owner: Owner, userId: number, tokenId: number): Promise<void> {
  const path = isOwned(owner) ? tokensOf(owner, userId) : "/personal_access_tokens";
  // GitLab lists dead tokens for good: one that is in no list is not known to be dead. Of a group or project it lists those
  // whose bot is there still, and takes the bot away with the token.
  const isDead = async () => {
    const tokens = await listTokens(gitlab, owner, userId);
    return userId === noUser
      ? tokens.every(({ id, active }) => id !== tokenId || !active)
      : tokens.some(({ id, active }) => id === tokenId && !active);
  };
  const removed = gitlab.remove(`${path}/${tokenId}`, isDead);
  if (userId !== noUser) return removed;
  return removed.catch(async (error: unknown) => {
    // One that is revoked already is not found; nor is one that we may not see.
    if (!(error instanceof NotFound) || !(await isDead().catch(() => false))) throw error;
  });
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
  if (userId === noUser) return `${place}/access_tokens`;
  return `${place}/service_accounts/${userId}/personal_access_tokens`;
}

function token(shape: Shape): Token {
  const granularScopes = shape.optionalList("granular_scopes", granularScope);
  const accessLevel = shape.optionalInteger("access_level");
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
    ...(granularScopes === undefined ? {} : { granularScopes }),
    ...(accessLevel === undefined ? {} : { accessLevel }),
  };
}

function minted(shape: Shape): MintedToken {
  return { ...token(shape), value: shape.filled("token") };
}
