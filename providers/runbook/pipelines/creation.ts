import { setTimeout as sleep } from "node:timers/promises";
import { Refused } from "../../../clients/http";
import type { Servers } from "../../../clients/servers";

/** GitLab makes 25 pipelines a minute for one project, user and commit; some are left to others. */
const SHARE = 20;
const MINUTE = 60_000;

/** When the pipelines of each project were ordered, in milliseconds since the process began. */
export class Orders {
  readonly #last = new Map<string, number[]>();

  /** How long to wait, in milliseconds, before one more may be ordered; 0, and it counts as ordered, when it may be at once. */
  claim(project: string, now = performance.now()): number {
    const recent = (this.#last.get(project) ?? []).filter((at) => now - at < MINUTE);
    const oldest = recent.at(-SHARE);
    const wait = oldest === undefined ? 0 : oldest + MINUTE - now;
    this.#last.set(project, wait > 0 ? recent : [...recent, now]);
    return wait;
  }
}

/** Waits until a project may have one more pipeline, within our share of GitLab's limit. */
export async function creationTurn(project: string, at: Servers): Promise<void> {
  const orders = await at.remember("pipelines ordered", async () => new Orders());
  for (let wait = orders.claim(project); wait > 0; wait = orders.claim(project))
    await sleep(wait, undefined, { signal: at.signal });
}

/** Whether GitLab makes no more pipelines in this minute: a 400 of its own, not a 429. */
export function isTooMany(error: unknown): boolean {
  return error instanceof Refused && /too many pipelines/i.test(error.serverMessage ?? "");
}

/** Gives the order again each minute while GitLab makes no more, for at most so many minutes; then that is thrown. */
export async function inTurn<T>(create: () => Promise<T>, minutes: number, signal: AbortSignal): Promise<T> {
  const begin = performance.now();
  for (;;) {
    try {
      return await create();
    } catch (error) {
      if (!isTooMany(error) || performance.now() - begin + MINUTE > minutes * MINUTE) throw error;
      await sleep(MINUTE, undefined, { signal });
    }
  }
}
