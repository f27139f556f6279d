import { ownToken, revokeOwnToken } from "../../../clients/gitlab/users/tokens";
import { mayHaveHappened, Unauthorized } from "../../../clients/http";
import { NoneFound } from "../../../clients/onepassword/vaults";
import { type Servers, servers } from "../../../clients/servers";
import type { Context } from "../../host/provider";
import { noteDeed } from "../deeds";
import { heldElsewhere } from "../retirement/holders";
import type { Sought } from "./inUse";
import { type Keeper, openKeeper } from "./keeper";

/** A token that rotates itself, as the state knows it. */
export interface Remembered extends Pick<Sought, "account" | "fleet" | "place"> {
  readonly tokenId: number;
  readonly token: string;
}

/** A token that lives. */
export interface Living {
  readonly tokenId: number;
  readonly value: string;
}

/** Kills the token, and the one that it became where the state does not know that. Revoking may be repeated. */
export async function revoke(known: Remembered, context: Context): Promise<void> {
  const at = servers(context);
  const [held] = await heldElsewhere({ id: known.tokenId, value: known.token }, known.account, at);
  if (held !== undefined) throw new Error(`token ${known.tokenId} lives on: ${held}`);
  if (await kill({ tokenId: known.tokenId, value: known.token }, at)) {
    context.log.info(`token ${known.tokenId} of account "${known.account}" is revoked`);
    noteDeed({ account: known.account, does: "revoke", tokenId: known.tokenId });
    return;
  }
  const other = await unrecorded(known, context);
  if (other === undefined) return;
  await kill(other, at);
  context.log.info(
    `token ${known.tokenId} was dead: it had become token ${other.tokenId} in a run that came to no end, and that is revoked`,
  );
}

/** What the token became, where a run stored that in 1Password and was killed before the state knew it. */
export async function unrecorded(known: Remembered, context: Context): Promise<Living | undefined> {
  const at = servers(context);
  const keeper = await keeperOf(known, at);
  if (keeper === undefined) return undefined;
  const { field, note, title } = keeper;
  if (note === undefined || note.fleet !== known.fleet) return undefined;
  if (note.stage === "begun" && note.tokenId === known.tokenId)
    context.log.warn(
      `token ${known.tokenId} is dead, and may have become one whose value nobody knows: a run had it rotate at ${note.at}, and never got GitLab's answer. Its user finds it in GitLab under the same name: revoke it there`,
    );
  if (note.stage === "begun" || note.tokenId === known.tokenId || !field.value) return undefined;
  const id = await idOf(field.value, at);
  // What a person put there since is none of ours.
  if (id !== note.tokenId) return undefined;
  context.log.info(`token ${known.tokenId} had become token ${id}, as ${title} says`);
  return { tokenId: id, value: field.value };
}

/** An item that is gone keeps nothing. */
async function keeperOf({ place, account }: Remembered, at: Servers): Promise<Keeper | undefined> {
  try {
    return await openKeeper(place, account, at);
  } catch (error) {
    if (error instanceof NoneFound) return undefined;
    throw error;
  }
}

/** @returns false when it was dead. */
async function kill({ tokenId, value }: Living, at: Servers): Promise<boolean> {
  const gitlab = at.gitlab();
  if (gitlab.uses(value))
    throw new Error(
      `this run itself works with token ${tokenId}. Set "GITLAB_TOKEN" to a token of another user, and run again`,
    );
  try {
    await revokeOwnToken(gitlab.withToken(value));
    return true;
  } catch (error) {
    if (error instanceof Unauthorized) return false;
    if (!mayHaveHappened(error)) throw error;
  }
  await revokeOwnToken(gitlab.withToken(value)).catch((error: unknown) => {
    // The first request did it, and its answer was lost.
    if (!(error instanceof Unauthorized)) throw error;
  });
  return true;
}

async function idOf(value: string, at: Servers): Promise<number | undefined> {
  try {
    return (await ownToken(at.gitlab().withToken(value))).id;
  } catch (error) {
    if (error instanceof Unauthorized) return undefined;
    throw error;
  }
}
