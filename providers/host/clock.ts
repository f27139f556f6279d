/** What every token of the sandbox begins with, and none of another GitLab. */
const sandboxOnly = "glpat-SANDBOX-ONLY-";

/**
 * The time that providers go by, in UTC: the one place that reads the clock.
 *
 * `PAT_ROTATION_AS_OF` stands in for it only against the sandbox. Against any other server a pretended date could revoke a
 * token too early, so there it is passed over.
 */
export function now(env: NodeJS.ProcessEnv = process.env): Date {
  const asOf = pretended(env);
  if (asOf === undefined) {
    return new Date();
  }
  const instant = parseAsOf(asOf);
  if (instant === undefined) {
    throw new Error(
      `Reading PAT_ROTATION_AS_OF: "${asOf}" is no date. Write a day such as "2026-11-23", or an instant such as "2026-11-23T08:30:00Z".`,
    );
  }
  return instant;
}

/** The day it is, as `YYYY-MM-DD` in UTC. Follows {@link now}. */
export function today(env: NodeJS.ProcessEnv = process.env): string {
  return now(env).toISOString().slice(0, 10);
}

/** The day that comes so many days after another. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/**
 * How far this machine's clock is ahead of a server's, given the `Date` of an answer that just came, in milliseconds. None
 * where a pretended time stands in for the clock.
 */
export function ahead(date: string | null, env: NodeJS.ProcessEnv = process.env): number {
  const difference = Date.now() - Date.parse(date ?? "");
  return pretended(env) !== undefined || Number.isNaN(difference) ? 0 : difference;
}

function pretended(env: NodeJS.ProcessEnv): string | undefined {
  const asOf = env.PAT_ROTATION_AS_OF;
  return asOf === undefined || asOf === "" || !isSandbox(env) ? undefined : asOf;
}

/**
 * Whether the GitLab of an environment is the sandbox. That it is on this machine says too little: a tunnel may end there.
 * The credential says it: no other GitLab takes one that the sandbox made.
 */
export function isSandbox(env: NodeJS.ProcessEnv): boolean {
  return isLoopback(env.GITLAB_BASE_URL) && env.GITLAB_TOKEN?.startsWith(sandboxOnly) === true;
}

/** Whether an address names this machine: `localhost`, `127.0.0.0/8` or `::1`. */
export function isLoopback(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) {
    return false;
  }
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function parseAsOf(text: string): Date | undefined {
  const shape = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/.exec(text);
  if (shape === null) {
    return undefined;
  }
  const instant = new Date(text);
  // 2026-02-30 would become 2 March.
  const exists = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(shape[1] ?? "");
  return exists ? instant : undefined;
}
