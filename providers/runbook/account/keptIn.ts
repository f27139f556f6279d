import { createHash } from "node:crypto";
import { messageOf } from "../../../clients/faults";
import type { GitLab } from "../../../clients/gitlab/client";
import { ownerOf } from "../../../clients/gitlab/owner";
import { listTokens, ownTokenInFull, type Token } from "../../../clients/gitlab/users/tokens";
import { ApiError, Unauthorized } from "../../../clients/http";
import { findField, findItem } from "../../../clients/onepassword/lookup";
import type { Servers } from "../../../clients/servers";
import type { ItemTarget } from "../../../contract/types/places";
import { tokenText } from "../../../ground/tokenText";
import { keeperTitle } from "../self/keeper";
import type { OwnerInputs } from "./tokenOwner";

/** Whose tokens are meant. */
type Whose = OwnerInputs & { readonly userId: number };

/** A token that works, and the client that works with it. */
export interface TokenInUse {
  readonly value: string;
  readonly gitlab: GitLab;
  readonly token: Token;
}

/**
 * The one place that decides who makes, lists and revokes the tokens of an account: our own credential, or the account's token in
 * use where that is a plain user's who mints the next one itself.
 *
 * @param known - a value of its tokens that is remembered, for where 1Password holds none that works.
 */
export async function clientOf(whose: Whose, at: Servers, known?: string): Promise<GitLab> {
  return whose.keptIn === undefined ? at.gitlab() : (await tokenInUse(whose.keptIn, whose.userId, at, known)).gitlab;
}

/** The tokens of an account, by {@link clientOf}. */
export function tokensOf(
  whose: Whose,
  at: Servers,
  query: Parameters<typeof listTokens>[3] = {},
  known?: string,
): Promise<Token[]> {
  return withClient(whose, at, known, ({ gitlab }) => listTokens(gitlab, ownerOf(whose), whose.userId, query));
}

/**
 * Does something with the client of an account. Another step of the run may end the token in use meanwhile: then it is looked for
 * once more.
 */
export async function withClient<T>(
  whose: Whose,
  at: Servers,
  known: string | undefined,
  act: (by: Pick<TokenInUse, "gitlab"> & Partial<TokenInUse>) => Promise<T>,
): Promise<T> {
  const { keptIn, userId } = whose;
  if (keptIn === undefined) return act({ gitlab: at.gitlab() });
  const by = await tokenInUse(keptIn, userId, at, known);
  try {
    return await act(by);
  } catch (error) {
    if (!(error instanceof Unauthorized)) throw error;
    forgetToken(by, at);
    const next = await tokenInUse(keptIn, userId, at, known);
    if (next.value === by.value) throw error;
    return act(next);
  }
}

/** The token that a place holds. @throws where none works, or it is another user's; with what a person has to do. */
export async function tokenInUse(place: ItemTarget, userId: number, at: Servers, known = ""): Promise<TokenInUse> {
  const title = keeperTitle(place);
  let said = "it is empty";
  for (const value of new Set([await shownIn(place, at), known])) {
    const text = tokenText(value)?.token;
    if (text === undefined) continue;
    const token = await tokenOf(text, at);
    if (typeof token === "string") {
      said = token;
      continue;
    }
    if (token.userId !== userId)
      throw new Error(
        `the token in ${title} belongs to user ${token.userId}, not to user ${userId}. Put back that user's`,
      );
    return { value: text, gitlab: at.gitlab().withToken(text), token };
  }
  throw new Error(
    `the token in ${title} does not work (${said.replace(/\.$/, "")}), and only with one of that user its tokens are made, listed and revoked. Log in to GitLab as the user, make a token there, put it into the field, and run again`,
  );
}

/** Ends the memory that a token works. */
export function forgetToken({ value }: Pick<TokenInUse, "value">, at: Servers): void {
  at.forget(subjectOf(value));
}

async function shownIn({ vault, item = "", field = "", section }: ItemTarget, at: Servers): Promise<string> {
  const vaults = at.vaults();
  return findField(await findItem(vaults, await vaults.findVault(vault), item), field, section)?.value ?? "";
}

/** One that does not work is asked again by the next step. */
async function tokenOf(value: string, at: Servers): Promise<Token | string> {
  try {
    return await at.remember(subjectOf(value), () => ownTokenInFull(at.gitlab().withToken(value)));
  } catch (error) {
    if (error instanceof Unauthorized) return `GitLab says: ${error.serverMessage ?? "401"}`;
    if (error instanceof ApiError) throw error;
    return messageOf(error);
  }
}

function subjectOf(value: string): string {
  return `the token in use ${createHash("sha256").update(value).digest("hex")}`;
}
