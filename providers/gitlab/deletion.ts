import { setTimeout as sleep } from "node:timers/promises";
import type { GitLab } from "../../clients/gitlab/client";
import { userState } from "../../clients/gitlab/users/users";
import { ApiError } from "../../clients/http";
import type { CheckFailure, Context } from "../host/provider";

/** How the end of a user is waited for, which GitLab deletes in the background. */
export interface Deletion {
  readonly skipWaitForDeletion?: boolean;
  readonly timeouts?: {
    /** As Go writes durations, such as `2h45m`. @default 10 minutes */
    readonly delete?: string;
  };
}

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

const whole = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;

/** The first wait between two looks, and the longest, in milliseconds. */
const [FIRST, LONGEST] = [250, 10_000];

/** What is wrong with a declared time. */
export function checkDeletion({ timeouts }: Deletion): CheckFailure[] {
  const written = timeouts?.delete;
  if (typeof written !== "string" || whole.test(written)) return [];
  return [{ property: "timeouts.delete", reason: `found "${written}"; write a duration such as "30s" or "2h45m"` }];
}

/** Waits until a user is gone that GitLab was told to delete: only that there is none of its number says so. */
export async function waitUntilGone(
  gitlab: GitLab,
  id: number,
  { skipWaitForDeletion = false, timeouts }: Deletion,
  { signal }: Pick<Context, "signal">,
): Promise<void> {
  if (skipWaitForDeletion) return;
  const limit = milliseconds(timeouts?.delete ?? "10m");
  const end = performance.now() + limit;
  for (let wait = FIRST; ; wait = Math.min(wait * 2, LONGEST)) {
    const state = await userState(gitlab, id).catch((error: unknown) => {
      if (error instanceof ApiError) return error;
      throw error;
    });
    if (state === undefined) return;
    const left = end - performance.now();
    if (left <= 0)
      throw new Error(
        `GitLab took the order, and the user ${id} is still there after ${timeouts?.delete ?? "10m"}${state instanceof ApiError ? ` (${state.message})` : ""}. It deletes in the background: run again, or give it longer ("timeouts"), or do not wait ("skipWaitForDeletion")`,
      );
    await sleep(Math.min(wait, left), undefined, { signal });
  }
}

function milliseconds(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units], 0);
}
