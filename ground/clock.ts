/** What every token of the sandbox begins with, and none of another GitLab. */
const sandboxOnly = "glpat-SANDBOX-ONLY-";

/** What an environment pretends the time to be, as written: a day, or an instant in UTC; nothing when it pretends none. */
export function pretence(env: NodeJS.ProcessEnv): string | undefined {
  return env.PAT_ROTATION_AS_OF || undefined;
}

/**
 * The one rule of a pretended time: it holds in a preview anywhere, which changes nothing, and otherwise against the sandbox
 * alone. Against any other GitLab it could revoke a token too early.
 */
export function mayPretend(env: NodeJS.ProcessEnv, preview: boolean): boolean {
  return preview || isSandbox(env);
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
  const host = hostnameOf(url);
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host ?? "");
}

/** The host that an address names. */
export function hostnameOf(url: string | undefined): string | undefined {
  return url === undefined || !URL.canParse(url) ? undefined : new URL(url).hostname;
}

/** The instant that a text names, a day counting as its beginning; nothing for any other text. */
export function instantNamedBy(text: string): Date | undefined {
  const shape = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z)?$/.exec(text);
  if (shape === null) return undefined;
  const instant = new Date(text);
  // 2026-02-30 would become 2 March.
  const exists = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(shape[1] ?? "");
  return exists ? instant : undefined;
}
