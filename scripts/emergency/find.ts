import { type Owner, ownerOf, ownerTitle } from "../../providers/gitlab/api/owner";
import { listServiceAccounts } from "../../providers/gitlab/api/serviceAccounts";
import { listTokens, ownToken, type Token } from "../../providers/gitlab/api/tokens";
import type { GitLab } from "../../providers/gitlab/client";
import { ApiError } from "../../providers/http";
import { lookAlikes } from "../../providers/runbook/lookAlikes";
import { markOf } from "../../providers/runbook/mark";
import { adopted } from "../../rotation/generations";
import { rotatesItself } from "../../rotation/self";
import type { AccountDeclaration, Settings } from "../../rotation/settings";
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
  const { username } = account.account;
  const owner = ownerOf(account.account);
  const users = await listServiceAccounts(gitlab, owner);
  const found = users.find((user) => user.username.toLowerCase() === username.toLowerCase());
  if (found !== undefined) return found.id;
  throw new Error(`Looking for service account "${username}" of ${ownerTitle(owner)}: GitLab lists none of that name.`);
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
  const { settings, state, gitlab } = sources;
  const userId = await userIdOf(account, sources);
  const handMade = generation === adopted ? account.adopt?.tokenId : undefined;
  const which = handMade === undefined ? ({ state: "active" } as const) : {};
  const tokens = await listTokens(gitlab, ownerOf(account.account), userId, which);
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

async function inGitLab(id: number, { settings, state, gitlab }: Sources): Promise<Found> {
  const owned = settings.accounts.filter(({ account }) => account.self === undefined);
  const owners = new Map(owned.map(({ account }) => [ownerTitle(ownerOf(account)), ownerOf(account)]));
  const unseen: string[] = [];
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
