import { messageOf } from "../../clients/faults";
import type { GitLab } from "../../clients/gitlab/client";
import { type Owner, ownerOf, ownerTitle } from "../../clients/gitlab/owner";
import { listServiceAccounts } from "../../clients/gitlab/users/serviceAccounts";
import { listTokens, noUser, ownToken, type Token } from "../../clients/gitlab/users/tokens";
import { findUserId } from "../../clients/gitlab/users/users";
import { ApiError } from "../../clients/http";
import type { Servers } from "../../clients/servers";
import type { Day } from "../../ground/day";
import { clientOf, tokensOf } from "../../providers/runbook/account/keptIn";
import { adopted, generations } from "../../rotation/calendar/generations";
import { isAccessToken } from "../../rotation/declaration/accessToken";
import { keptIn, rotatesItself } from "../../rotation/declaration/self";
import type { AccountDeclaration, Settings } from "../../rotation/declaration/settings";
import { lookAlikes } from "../../rotation/lookAlikes";
import { markOf } from "../../rotation/mark";
import { UsageError } from "../command";
import { whoseTokens } from "../whose";
import type { KnownState } from "./state";

/** Whose a token is. */
export type Found =
  | { readonly kind: "declared"; readonly account: AccountDeclaration; readonly generation: string }
  /** One of a service account here, which no declaration explains; or the one that this command works with. */
  | {
      readonly kind: "undeclared";
      readonly told: string;
      readonly owner: Owner;
      readonly userId: number;
      /** Who revokes it, where that is not our own credential. */
      readonly by?: GitLab;
      /** The other fleet that rotates it, as its mark says. */
      readonly fleet?: string;
    }
  /** None that is declared, and none that this credential can see. */
  | { readonly kind: "unknown"; readonly unseen: readonly string[] };

/** Where to look. */
export interface Sources {
  readonly settings: Settings;
  readonly state: KnownState;
  readonly gitlab: GitLab;
  /** The same GitLab, and the vaults. */
  readonly at: Servers;
}

/** Finds whose a token is: in the declaration, in the state, then among the tokens of the service accounts in GitLab. */
export async function findToken(id: number, sources: Sources): Promise<Found> {
  const { settings, state } = sources;
  const adopting = settings.accounts.find(({ adopt }) => adopt?.tokenId === id);
  if (adopting !== undefined) return { kind: "declared", account: adopting, generation: adopted };
  const known = state.tokens.find(({ tokenId }) => tokenId === id);
  const account = known === undefined ? undefined : declaredAs(settings, known.account);
  if (known !== undefined && account !== undefined) return { kind: "declared", account, generation: known.generation };
  const own = await ownToken(sources.gitlab);
  if (own.id === id) {
    const told = `it is the credential that this run itself works with, "${own.name}". Make another, set it as GITLAB_TOKEN, and revoke this one`;
    return { kind: "undeclared", told, owner: { instance: true }, userId: own.userId };
  }
  return inGitLab(id, sources);
}

/**
 * GitLab's id of a generation's token: as the state or the declaration tells it, else by the mark of one that lives. None where
 * the generation is declared, and no token of it is known.
 *
 * @throws UsageError where nobody knows the generation: a misspelt one is not dead, and what leaked may live.
 */
export async function tokenIdOf(
  account: AccountDeclaration,
  generation: string,
  today: Day,
  sources: Sources,
): Promise<number | undefined> {
  const { settings, state } = sources;
  const isItsOwn = (name: string | undefined) => name === account.name || name === account.formerly;
  const kept = state.tokens.filter((one) => isItsOwn(one.account));
  const minted = kept.find((one) => one.generation === generation)?.tokenId;
  const id = minted ?? (generation === adopted ? account.adopt?.tokenId : undefined);
  if (id !== undefined) return id;
  const declared = generations(account, settings.freezes, today).map(({ name }) => name);
  const living = rotatesItself(account.account) ? [] : await markedTokens(account, sources);
  const found = living.find((one) => one.generation === generation);
  const names = [...kept.map((one) => one.generation), ...declared, ...living.map((one) => one.generation)];
  if (found === undefined && !names.includes(generation))
    throw new UsageError(
      `Looking for generation "${generation}" of account "${account.name}": nobody knows it, neither the state nor the declaration nor GitLab; there are ${[...new Set(names)].sort().join(", ") || "none"}. Nothing was done. Give one of these, or the token's id (--token-id).`,
    );
  return found?.id;
}

/** The tokens of an account that live and bear its mark, with the generations that it names. */
async function markedTokens(account: AccountDeclaration, sources: Sources) {
  const { settings, at } = sources;
  const userId = await userIdOf(account, sources);
  const active = await tokensOf(whoseTokens(account, userId), at, { state: "active" });
  return active.flatMap(({ id, description }) => {
    const mark = markOf(description);
    const isItsOwn = mark?.account === account.name || mark?.account === account.formerly;
    return mark?.fleet === settings.fleet && isItsOwn ? [{ id, generation: mark.generation }] : [];
  });
}

/** The declared account of a name that it has, or had. */
export function declaredAs({ accounts }: Settings, name: string): AccountDeclaration | undefined {
  return accounts.find((one) => one.name === name) ?? accounts.find((one) => one.formerly === name);
}

/** GitLab's id of an account's user: as the last run found it, else as GitLab says. */
export async function userIdOf(
  account: AccountDeclaration,
  { state, gitlab }: Omit<Sources, "settings">,
): Promise<number> {
  const known = state.accounts.find(({ account: name }) => name === account.name || name === account.formerly);
  if (known !== undefined) return known.userId;
  if (isAccessToken(account.account)) return noUser;
  const { username, self } = account.account;
  if (self === true) return userNamed(username, gitlab);
  const owner = ownerOf(account.account);
  const users = await listServiceAccounts(gitlab, owner);
  const found = users.find((user) => user.username.toLowerCase() === username.toLowerCase());
  if (found !== undefined) return found.id;
  throw new Error(`Looking for service account "${username}" of ${ownerTitle(owner)}: GitLab lists none of that name.`);
}

async function userNamed(username: string, gitlab: GitLab): Promise<number> {
  const id = await findUserId(gitlab, username);
  if (id === undefined) throw new Error(`Looking for user "${username}": GitLab shows none of that name.`);
  return id;
}

/** A token that lives, and why it may be what a leaked one became. */
export interface Leftover {
  readonly id: number;
  readonly because: string;
}

/**
 * The tokens that live, are none that the state knows, and bear a generation's mark; or, where that was made by hand and is
 * dead, look just like it.
 */
export async function leftovers(
  account: AccountDeclaration,
  generation: string,
  sources: Sources,
): Promise<Leftover[]> {
  // Nobody but the user may list a plain user's tokens.
  if (rotatesItself(account.account)) return [];
  const { settings, state, at } = sources;
  const userId = await userIdOf(account, sources);
  const handMade = generation === adopted ? account.adopt?.tokenId : undefined;
  const which = handMade === undefined ? ({ state: "active" } as const) : {};
  const tokens = await tokensOf(whoseTokens(account, userId), at, which);
  const known = new Set(state.tokens.map(({ tokenId }) => tokenId));
  const marked = tokens.filter(({ active, description }) => {
    const mark = markOf(description);
    const isItsOwn = mark?.account === account.name || mark?.account === account.formerly;
    return active && mark?.fleet === settings.fleet && isItsOwn && mark?.generation === generation;
  });
  const alike = lookAlikes(tokens, handMade);
  return [
    ...marked.map(({ id }) => ({ id, because: `bears the mark of generation "${generation}"` })),
    ...alike.map(({ id }) => ({ id, because: `has the name, description and scopes of token ${handMade}` })),
  ].filter(({ id }) => !known.has(id));
}

async function inGitLab(id: number, sources: Sources): Promise<Found> {
  const { settings, state, gitlab } = sources;
  const unseen: string[] = [];
  const found = (await amongAccessTokens(id, sources)) ?? (await amongUsers(id, sources, unseen));
  if (found !== undefined) return found;
  const owned = settings.accounts.filter(({ account }) => account.self === undefined && !isAccessToken(account));
  const owners = new Map(owned.map(({ account }) => [ownerTitle(ownerOf(account)), ownerOf(account)]));
  for (const owner of owners.values()) {
    const users = await listServiceAccounts(gitlab, owner).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      unseen.push(`the service accounts of ${ownerTitle(owner)} (${error.message})`);
      return [];
    });
    // One service account may be declared under several names, each with a token of its own.
    const declaredOf = ({ username }: { username: string }) =>
      settings.accounts.filter(({ account }) => account.username.toLowerCase() === username.toLowerCase());
    const isDeclared = (user: { username: string }) => declaredOf(user).length > 0;
    // Those that are declared first: a token that leaked is probably one of theirs.
    for (const user of [...users.filter(isDeclared), ...users.filter((one) => !isDeclared(one))]) {
      const token = (await listTokens(gitlab, owner, user.id)).find((one) => one.id === id);
      if (token === undefined) continue;
      for (const account of declaredOf(user)) {
        const generation = generationOf(token, account, settings, state);
        if (generation !== undefined) return { kind: "declared", account, generation };
      }
      const told = `GitLab knows it as "${token.name}" of service account "${user.username}" of ${ownerTitle(owner)}, ${ending(token)}, and no declaration explains it`;
      const fleet = markOf(token.description)?.fleet;
      const theirs = fleet === undefined || fleet === settings.fleet ? {} : { fleet };
      return { kind: "undeclared", told, owner, userId: user.id, ...theirs };
    }
  }
  return { kind: "unknown", unseen };
}

/** The same among the access tokens of the groups and projects that declare some. */
async function amongAccessTokens(id: number, { settings, state, gitlab }: Sources): Promise<Found | undefined> {
  for (const declared of settings.accounts.filter(({ account }) => isAccessToken(account))) {
    const owner = ownerOf(declared.account);
    const all = await listTokens(gitlab, owner, noUser).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      return [];
    });
    const token = all.find((one) => one.id === id);
    if (token === undefined) continue;
    const accounts = settings.accounts.filter(
      ({ account }) => isAccessToken(account) && ownerTitle(ownerOf(account)) === ownerTitle(owner),
    );
    for (const account of accounts) {
      const generation = generationOf(token, account, settings, state);
      if (generation !== undefined) return { kind: "declared", account, generation };
    }
    const told = `GitLab knows it as the access token "${token.name}" of ${ownerTitle(owner)}, ${ending(token)}, and no declaration explains it`;
    return { kind: "undeclared", told, owner, userId: noUser };
  }
  return undefined;
}

/** The same among the tokens of plain users who mint their own: with the token in use they are listed. */
async function amongUsers(id: number, sources: Sources, unseen: string[]): Promise<Found | undefined> {
  const { settings, state, at } = sources;
  for (const account of settings.accounts.filter((one) => keptIn(one) !== undefined)) {
    const { username } = account.account;
    try {
      const whose = whoseTokens(account, await userIdOf(account, sources));
      const token = (await tokensOf(whose, at)).find((one) => one.id === id);
      if (token === undefined) continue;
      const generation = generationOf(token, account, settings, state);
      if (generation !== undefined) return { kind: "declared", account, generation };
      const told = `GitLab knows it as "${token.name}" of user "${username}", ${ending(token)}, and no declaration explains it`;
      const fleet = markOf(token.description)?.fleet;
      const theirs = fleet === undefined || fleet === settings.fleet ? {} : { fleet };
      const by = await clientOf(whose, at);
      return { kind: "undeclared", told, owner: { instance: true }, userId: whose.userId, by, ...theirs };
    } catch (error) {
      unseen.push(`the tokens of user "${username}" (${messageOf(error)})`);
    }
  }
  return undefined;
}

/** The generation that a token's mark names, unless the state has another token for that one: then it is a leftover. */
function generationOf(
  { id, description }: Token,
  { name, formerly }: AccountDeclaration,
  { fleet }: Settings,
  { tokens }: KnownState,
): string | undefined {
  const mark = markOf(description);
  if (mark?.fleet !== fleet || (mark.account !== name && mark.account !== formerly)) return undefined;
  const other = tokens.some(
    (one) => one.account === mark.account && one.generation === mark.generation && one.tokenId !== id,
  );
  return other ? undefined : mark.generation;
}

function ending({ active, revoked, expiresAt, lastUsedAt }: Token): string {
  const used = lastUsedAt === undefined ? "never used" : `last used at ${lastUsedAt}`;
  if (active) return `which lives until ${expiresAt ?? "somebody revokes it"}, ${used}`;
  return `${revoked ? "which is revoked" : "which has expired"}, ${used}`;
}
