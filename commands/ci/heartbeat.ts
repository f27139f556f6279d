// `npm run heartbeat`: tells an outside watchdog that a run ended well. It rings when nobody tells it anything for too long.
import { setTimeout as sleep } from "node:timers/promises";
import { isLoopback } from "../../ground/now";
import { flags, type Outcome, outcomeOf, type Surroundings } from "../command";
import { exitCodes } from "../exitCodes";
import { heartbeatCommand } from "../table/behind";

/** Milliseconds that one try may take. */
const timeout = 10_000;

/** Milliseconds before each further try. */
const pauses = [2000, 10_000] as const;

/**
 * Calls the address of `PAT_ROTATION_HEARTBEAT_URL`, if there is one: `GET`, at most three times. The address may itself be a
 * credential, so it is never shown.
 *
 * @returns what went wrong; nothing when the watchdog was told, or there is none.
 */
export async function beat(
  environment: NodeJS.ProcessEnv,
  waits: readonly number[] = pauses,
): Promise<string | undefined> {
  const url = environment.PAT_ROTATION_HEARTBEAT_URL;
  if (url === undefined || url === "") return undefined;
  if (!URL.canParse(url) || (new URL(url).protocol !== "https:" && !isLoopback(url)))
    return "its address is no https:// address";
  let fault = await call(url);
  for (const wait of waits) {
    if (fault === undefined) break;
    await sleep(wait);
    fault = await call(url);
  }
  return fault;
}

async function call(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(timeout) });
    await response.body?.cancel();
    return response.ok ? undefined : `it answered ${response.status}`;
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    return name === "TimeoutError" ? `it did not answer within ${timeout / 1000} seconds` : "it could not be reached";
  }
}

/** Runs the command; never throws. */
export function heartbeat(args: readonly string[], { environment }: Surroundings): Promise<Outcome> {
  return outcomeOf("heartbeat", async () => {
    flags(args, heartbeatCommand.flags);
    const fault = await beat(environment);
    if (fault === undefined) return { code: exitCodes.fine, stdout: "", stderr: "" };
    const stderr = `Telling the watchdog of PAT_ROTATION_HEARTBEAT_URL that the run ended well: ${fault}. The run itself did end well. Correct the variable, or mend the watchdog: it will ring.\n`;
    return { code: exitCodes.failed, stdout: "", stderr };
  });
}
