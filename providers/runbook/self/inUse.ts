import { messageOf } from "../../../clients/faults";
import { isGranular } from "../../../clients/gitlab/users/granular";
import { ownTokenInFull, type Token } from "../../../clients/gitlab/users/tokens";
import { ApiError, Unauthorized } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";
import type { AccountInputs } from "../../../contract/account";
import type { SelfRotatingTokenInputs } from "../../../contract/selfRotatingToken";
import { tokenText } from "../../../ground/tokenText";
import { adoptionFault } from "../token/adoption";
import { differences, scopesOf } from "../token/permissions";
import { type Keeper, keeperTitle, openKeeper } from "./keeper";

/** What is known of a plain user's token before it is looked for. */
export type Sought = Pick<
  SelfRotatingTokenInputs,
  "account" | "fleet" | "username" | "userId" | "name" | "scopes" | "place" | "adopt"
>;

/** A token that works, and where it was found. */
export interface InUse {
  readonly keeper: Keeper;
  readonly value: string;
  readonly token: Token;
}

/** No value that is known works: the token is dead, or its value is lost. */
export class NoneWorks extends Error {
  override readonly name = "NoneWorks";

  constructor(
    readonly keeper: Keeper,
    /** What GitLab says of the values. */
    readonly said: string,
    remedy: string,
  ) {
    super(`${lostText(keeper, said)} ${remedy}`);
  }
}

/**
 * The token in use: the one in 1Password, whoever put it there; or the one that is remembered, when 1Password could not be
 * written. Whether a value works is asked by GET alone: a used-up one that is sent to be rotated has GitLab revoke all that
 * came of it.
 *
 * @throws {@link NoneWorks}, with what happened and what a person has to do.
 */
export async function findInUse(sought: Sought, known: string | undefined, at: Servers): Promise<InUse> {
  const keeper = await openKeeper(sought.place, sought.account, at);
  let said = "it is empty";
  const values = [keeper.field.value ?? "", known ?? ""].map((shown) => tokenText(shown)?.token ?? shown);
  for (const value of new Set(values)) {
    if (value === "") continue;
    if (at.gitlab().uses(value))
      throw new Error(
        `this run itself works with the token in ${keeper.title}, which dies when it rotates. Set "GITLAB_TOKEN" to a token of another user`,
      );
    const answer = await tokenOf(value, at);
    if (typeof answer !== "string") return { keeper, value, token: answer };
    said = answer;
  }
  throw new NoneWorks(keeper, said, remedy(sought, at));
}

/** What is wrong with the token in use; `isFirst` when nobody took it over yet. */
export function inUseFaults({ keeper, token }: InUse, sought: Sought, isFirst: boolean): string[] {
  const { adopt, fleet, name, scopes, userId, username } = sought;
  const where = `the token in ${keeper.title}`;
  const list = (all: readonly string[]) => [...all].sort().join(", ");
  const { note } = keeper;
  const isUntouched = isFirst && note === undefined;
  const adoption = isUntouched ? adoptionFault(token, { ...sought, ...adopt }) : undefined;
  return [
    ...(token.userId === userId
      ? []
      : [`${where} belongs to user ${token.userId}, not to "${username}" (user ${userId})`]),
    ...(isUntouched && token.id !== adopt.tokenId
      ? [`${where} has the id ${token.id}, not ${adopt.tokenId}. Correct "adopt", or the field`]
      : []),
    ...(adoption === undefined ? [] : [`${where} cannot be taken over: ${adoption}`]),
    ...[...keeper.notes]
      .filter(([label, one]) => one.fleet !== fleet && (label === keeper.label || one.tokenId === token.id))
      .map(([label, one]) => `${where} is rotated by the fleet "${one.fleet}", as the note "${label}" beside it says`),
    ...(list(token.scopes) === list(scopes)
      ? []
      : [
          `${where} has the scopes ${list(token.scopes)}, and ${list(scopes)} are declared. GitLab keeps them when a token rotates itself: declare those, or have a person make a new token`,
        ]),
    ...(token.name === name
      ? []
      : [
          `${where} is called "${token.name}", and "${name}" is declared. GitLab keeps the name when a token rotates itself: declare that in "token.name"`,
        ]),
  ];
}

/** The same before anything happens, as faults of the account. */
export async function foreseenFaults(
  { items, adopt, tokenName = "", ...inputs }: AccountInputs,
  userId: number,
  isFirst: boolean,
  at: Servers,
): Promise<string[]> {
  const [place] = items;
  if (place === undefined || adopt === undefined) return ["a plain user needs adopt, and a place in 1Password"];
  const sought = { ...inputs, userId, place, adopt, name: tokenName };
  try {
    const found = await findInUse(sought, undefined, at);
    return [...inUseFaults(found, sought, isFirst), ...(await permissionFaults(found, inputs, at))];
  } catch (error) {
    return [messageOf(error)];
  }
}

/** A token that rotates itself may do from then on just what it may do now. */
async function permissionFaults(
  { keeper, token }: InUse,
  { permissions }: Pick<AccountInputs, "permissions">,
  at: Servers,
): Promise<string[]> {
  if (permissions === undefined || !isGranular(token)) return [];
  return differences(token.granularScopes, await scopesOf(permissions, at)).map(
    (text) =>
      `the token in ${keeper.title}: ${text}. GitLab keeps what it may do when a token rotates itself: declare that, or have a person make a new token`,
  );
}

/** The token of a value; what GitLab says of it, when it is none that works. */
async function tokenOf(value: string, at: Servers): Promise<Token | string> {
  try {
    const token = await ownTokenInFull(at.gitlab().withToken(value));
    return token.active ? token : "it is not active";
  } catch (error) {
    if (error instanceof Unauthorized) return `GitLab says: ${error.serverMessage ?? "401"}`;
    if (error instanceof ApiError) throw error;
    return "it holds nothing that could be a token";
  }
}

function lostText({ title, note }: Keeper, said: string): string {
  const dead = `the token in ${title} does not work (${said.replace(/\.$/, "")}).`;
  if (note?.stage !== "begun" || /expired/i.test(said)) return dead;
  return `${dead} It rotated itself, and the new value is lost: a run had token ${note.tokenId} rotate to generation "${note.generation}" at ${note.at}, and never got GitLab's answer, which is given only once. GitLab revoked the old one in the same moment: nothing can be put back.`;
}

function remedy({ username, name, scopes, place }: Sought, at: Servers): string {
  const query = new URLSearchParams({ name, scopes: scopes.join(",") });
  const page = `${at.gitlab().baseUrl}/-/user_settings/personal_access_tokens?${query}`;
  return `A person has to make a new token: log in to GitLab as "${username}", open ${page}, revoke there what bears the name "${name}" and still lives, make a token of that name with the scopes ${scopes.join(", ")} that lives for a week at least, put it into ${keeperTitle(place)}, and run again: that run has it rotate itself, and sets all places`;
}
