import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../../clients/faults";
import { type MintedToken, ownToken, rotateOwnToken } from "../../../clients/gitlab/users/tokens";
import {
  Conflict,
  Forbidden,
  MissingCredential,
  NotFound,
  RateLimited,
  Refused,
  Unauthorized,
  Unreachable,
} from "../../../clients/http";
import { type Servers, servers } from "../../../clients/servers";
import type { SelfRotatingTokenInputs } from "../../../contract/selfRotatingToken";
import { now } from "../../../ground/now";
import type { Mark } from "../../../rotation/mark";
import type { Context } from "../../host/provider";
import { findInUse, type InUse, type Sought } from "./inUse";
import { write } from "./keeper";

/** What a token is to become. */
export type Turn = Sought & Pick<SelfRotatingTokenInputs, "generation" | "expiresAt">;

/** How long a request that a killed run sent may still be on its way, in milliseconds. */
const STRAGGLE = 60_000;

/** How long to wait before each look at what a rotation with a lost answer did, in milliseconds. */
const LOOKS: readonly number[] = [0, 1_000, 3_000];

/**
 * Has a token rotate itself, and stores the new value in 1Password at once. That the item can be written is tried before,
 * by the note that a rotation has begun. From there on the run cannot be cancelled: the new value is known here alone.
 */
export async function rotate(turn: Turn, found: InUse, context: Context): Promise<MintedToken> {
  const { value, token } = found;
  await awaitStragglers(turn, found, context);
  context.signal.throwIfAborted();
  const steady = servers({ ...context, signal: new AbortController().signal });
  const mark: Mark = { fleet: turn.fleet, account: turn.account, generation: turn.generation };
  const begun = { stage: "begun", at: now().toISOString(), tokenId: token.id, ...mark } as const;
  const keeper = await write(found.keeper, begun, steady);
  const fresh = await rotateOwnToken(steady.gitlab().withToken(value), turn.expiresAt).catch((error: unknown) =>
    unanswered(turn, found, error, steady),
  );
  const stored = { stage: "stored", at: now().toISOString(), tokenId: fresh.id, ...mark } as const;
  await write(keeper, stored, steady, fresh.value).catch((error: unknown) => {
    context.log.warn(
      `token ${fresh.id} is made, and could not be stored in ${keeper.title}: ${messageOf(error)}. It is remembered in this stack's state, and stored by the steps that follow, or by the next run.`,
    );
  });
  return fresh;
}

/** A rotation that was begun with the same token may still arrive; a second one would then kill what came of the first. */
async function awaitStragglers(turn: Turn, { keeper, value, token }: InUse, context: Context): Promise<void> {
  const { note } = keeper;
  const { signal } = context;
  if (note?.stage !== "begun" || note.tokenId !== token.id) return;
  const wait = Math.min(STRAGGLE, STRAGGLE - (now().getTime() - Date.parse(note.at)));
  if (wait <= 0) return;
  context.log.info(
    `a run that began to rotate token ${token.id} at ${note.at} came to no end, and the token lives: waiting ${Math.ceil(wait / 1000)} seconds for its request, which may still be on its way`,
  );
  await sleep(wait, undefined, { signal });
  const at = servers(context);
  if (!(await lives(value, at))) await usedUp(turn, at);
}

/** What came of a rotation whose answer is no yes: certainly nothing, or nobody knows. */
async function unanswered(turn: Turn, found: InUse, error: unknown, at: Servers): Promise<never> {
  if (isNo(error)) throw error;
  for (const wait of LOOKS) {
    await sleep(wait);
    if (!(await lives(found.value, at))) await usedUp(turn, at);
  }
  throw new Error(
    `${messageOf(error)}. So far the token works as before. Run again in a minute: the next run looks whether it was rotated after all`,
    { cause: error },
  );
}

/** Says that the value is lost, and what to do. */
async function usedUp(turn: Turn, at: Servers): Promise<never> {
  const { keeper } = await findInUse(turn, undefined, at);
  throw new Error(`${keeper.title} holds another token by now. Run again`);
}

/** Asked by GET: that harms nothing when the token is used up. */
async function lives(value: string, at: Servers): Promise<boolean> {
  try {
    await ownToken(at.gitlab().withToken(value));
    return true;
  } catch (error) {
    return !(error instanceof Unauthorized);
  }
}

/** Whether GitLab certainly did nothing. */
function isNo(error: unknown): boolean {
  const kinds = [Refused, Forbidden, Unauthorized, NotFound, Conflict, RateLimited, MissingCredential];
  return kinds.some((kind) => error instanceof kind) || (error instanceof Unreachable && error.outcome === "not sent");
}
