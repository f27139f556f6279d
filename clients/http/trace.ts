import { appendFileSync } from "node:fs";
import { withoutCredentials } from "../../ground/credential";
import { oneLine } from "../../ground/visible";

/** One request as a trace tells it. Nothing else of it is known here: no header, no body, no value of a query. */
export interface Traced {
  readonly service: string;
  readonly method: string;
  /** Without a query. */
  readonly path: string;
  /** The names in its query. */
  readonly asked?: readonly string[];
  /** The answer's status, or what came in its place, such as `ECONNREFUSED`. */
  readonly found: number | string;
  readonly milliseconds: number;
}

/**
 * Notes a request in the file that `PAT_ROTATION_TRACE` names: a line with the time, the service, the method, the path, the
 * status and how long it took. Whatever process sends a request notes it.
 */
export function trace(traced: Traced, env: NodeJS.ProcessEnv = process.env, now: Date = new Date()): void {
  const file = env.PAT_ROTATION_TRACE;
  if (!file) return;
  try {
    // In one piece: several processes write to it.
    appendFileSync(file, `${now.toISOString()} ${lineOf(traced)}\n`, { mode: 0o600 });
  } catch {
    // A trace that cannot be kept must not change what becomes of the request.
  }
}

function lineOf({ service, method, path, asked = [], found, milliseconds }: Traced): string {
  const query = asked.length === 0 ? "" : `?${asked.join("&")}`;
  const where = oneLine(withoutCredentials(`${path}${query}`));
  return `${service}: ${method} ${where} ${found} (${Math.round(milliseconds)} ms)`;
}
