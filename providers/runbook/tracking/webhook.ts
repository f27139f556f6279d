import { setTimeout as sleep } from "node:timers/promises";
import { trace } from "../../../clients/http";
import { isLoopback, now } from "../../../ground/now";
import { visible } from "../../../ground/visible";
import type { Context } from "../../host/provider";
import type { Rotation } from "./mark";

/**
 * What the webhook is told: the JSON body of a POST. It holds facts only, never a token, and no error's text.
 */
export interface Notification extends Rotation {
  /** Version of this shape. */
  readonly version: 1;
  /** The same when one event is sent twice: after a lost answer, or a run that was killed. */
  readonly id: string;
  /** What happened. */
  readonly event: Event;
  /** When, an instant. */
  readonly at: string;
  /** One sentence for people. */
  readonly text: string;
  /** The tracking issue's page. */
  readonly issue?: string;
}

/** What is told to the webhook. */
export type Event = "announced" | "minted" | "rotated" | "put-back" | "held" | "retired" | "failed";

/** How long one try may take, in milliseconds. */
const TIMEOUT = 10_000;

/** The wait before the one retry, in milliseconds. */
const PAUSE = 1000;

/**
 * Tells the webhook that `PAT_ROTATION_WEBHOOK_URL` names, if it names one. What goes wrong is a warning: nobody's token
 * waits for a notice. The address may itself be a credential, so it is never shown.
 *
 * @returns whether it arrived, or there was nobody to tell.
 */
export async function notify(
  { event, id, text, issue, ...rotation }: Omit<Notification, "version" | "at">,
  context: Context,
  env: NodeJS.ProcessEnv = process.env,
): Promise<boolean> {
  const url = env.PAT_ROTATION_WEBHOOK_URL;
  if (url === undefined || url === "") return true;
  const { fleet, account, generation } = rotation;
  const body: Notification = {
    version: 1,
    id: `${fleet}/${account}/${generation}/${id}`,
    event,
    fleet,
    account,
    generation,
    at: now(env).toISOString(),
    text: visible(text),
    ...(issue === undefined ? {} : { issue }),
  };
  const fault = isFit(url) ? await deliver(url, body) : "its address is no https:// address";
  if (fault === undefined) return true;
  context.log.warn(
    `telling the webhook of PAT_ROTATION_WEBHOOK_URL that generation "${generation}" of account "${account}" was ${event}: ${fault}. Nothing else depends on it.`,
  );
  return false;
}

function isFit(url: string): boolean {
  return URL.canParse(url) && (new URL(url).protocol === "https:" || isLoopback(url));
}

/** @returns what went wrong. */
async function deliver(url: string, body: Notification): Promise<string | undefined> {
  if ((await send(url, body)) === undefined) return undefined;
  await sleep(PAUSE);
  return send(url, body);
}

async function send(url: string, body: Notification): Promise<string | undefined> {
  const began = performance.now();
  // Who knows its path may write there.
  const tell = (found: number | string) =>
    trace({ service: "webhook", method: "POST", path: "/…", found, milliseconds: performance.now() - began });
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    await response.body?.cancel();
    tell(response.status);
    return response.ok ? undefined : `it answered ${response.status}`;
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    tell(name);
    return name === "TimeoutError" ? "it did not answer within 10 seconds" : "it could not be reached";
  }
}
