/** How often a request is tried in all, unless the server itself asks to wait and to come back: that counts no tries. */
export const TRIES = 5;

/** The least wait, in milliseconds, of one that has come back so often: a server may ask for none. */
export const LATER = 1_000;

/** How long all tries of one request may wait together, in milliseconds. */
export const PATIENCE = 120_000;

/** A wait before the next try, in milliseconds: what the server asked for, or else growing from half a second, with jitter. */
export function delay(attempt: number, headers: Headers | undefined, random: number = Math.random()): number {
  const asked = headers === undefined ? undefined : askedDelay(headers);
  return asked ?? 500 * 2 ** (attempt - 1) * (0.75 + random / 2);
}

/**
 * The wait that `Retry-After` (seconds or a date) or `RateLimit-Reset` (Unix time) asks for. Points in time are compared
 * with the server's own `Date`, so that our clock does not matter.
 */
export function askedDelay(headers: Headers): number | undefined {
  const after = headers.get("retry-after");
  if (after !== null && /^\d+$/.test(after.trim())) return Number(after) * 1000;
  const date = Date.parse(headers.get("date") ?? "");
  // Only a date with a month's name: a negative number would be read as one too.
  if (after !== null && /[a-z]{3}/i.test(after) && Number.isFinite(Date.parse(after) - date))
    return Math.max(0, Date.parse(after) - date);
  const reset = Number(headers.get("ratelimit-reset") ?? Number.NaN) * 1000;
  return Number.isFinite(reset - date) ? Math.max(0, reset - date) : undefined;
}
