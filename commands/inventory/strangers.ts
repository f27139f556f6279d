import type { GitLab } from "../../clients/gitlab/client";
import { getUser, type User } from "../../clients/gitlab/users/users";
import { ApiError } from "../../clients/http";
import { each } from "../command";
import type { Held } from "./identify";
import type { FoundItem } from "./items";
import { type FoundVariable, variableTitle } from "./variables";

/** Where tokens were found. */
interface Places {
  readonly variables: readonly FoundVariable[];
  readonly items: readonly FoundItem[];
}

/** Of whom all is told already. */
interface Known {
  /** GitLab's ids of users. */
  readonly ids: ReadonlySet<number>;
  /** By lower-case user name: where an account is declared. */
  readonly declared: ReadonlyMap<string, string>;
}

/**
 * The users whose tokens were met, and who are none of the accounts that were listed or declared, a sentence each: a plain
 * user's token is none that our own credential makes, and an account that was made elsewhere is listed there.
 */
export async function strangers(gitlab: GitLab, places: Places, { ids, declared }: Known): Promise<string[]> {
  const met = new Map<number, string[]>();
  for (const variable of places.variables) note(met, variableTitle(variable), variable.held);
  for (const { vault, fields } of places.items)
    for (const { item, field, held } of fields)
      note(met, `field ${field} of 1Password item "${item}" in vault "${vault}"`, held);
  const others = [...met].filter(([id]) => !ids.has(id));
  const told = await each(others, async ([id, where]) => {
    const user = await seen(gitlab, id);
    if (user !== undefined && declared.has(user.username.toLowerCase())) return [];
    return [`${userText(id, user)} ${where.join("; ")}`];
  });
  return told.flat();
}

function note(met: Map<number, string[]>, title: string, held: Held | undefined): void {
  if (held?.identity.kind !== "token") return;
  const { id, userId } = held.identity;
  met.set(userId, [...(met.get(userId) ?? []), `${title} holds token ${id}`]);
}

async function seen(gitlab: GitLab, id: number): Promise<User | undefined> {
  try {
    return await getUser(gitlab, id);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return undefined;
  }
}

function userText(id: number, user: User | undefined): string {
  if (user === undefined) return `user ${id}, whom this credential may not see:`;
  return user.bot
    ? `"${user.username}", a service account or a bot that was made elsewhere (--below, --project and --instance list others):`
    : `"${user.username}", a plain user, for whom our own credential makes no token (docs/accounts/self.md):`;
}
