import { ApiError, Conflict, Forbidden, NotFound, RateLimited, Refused, Unauthorized, Unreachable } from "../http";
import type { RequestFacts } from "../http/errors";

/** What the SDK's core says, in its own words: it has no other way to tell what went wrong. */
const words: readonly (readonly [RegExp, (facts: RequestFacts) => ApiError])[] = [
  [/rate limit exceeded/i, (facts) => new RateLimited(facts)],
  [/right permissions|permission denied|forbidden/i, (facts) => new Forbidden(facts)],
  [
    /not authenticated|service account token|service account deserialization|invalid user input.*token/i,
    (facts) => new Unauthorized(facts, true),
  ],
  [/not up to date|conflict occurred|incorrect.*version/i, (facts) => new Conflict(facts, said(facts))],
  [/not found|couldn't be found/i, (facts) => new NotFound(facts, said(facts))],
  [/invalid user input|not supported|validation|too big/i, (facts) => new Refused(facts, said(facts))],
];

/**
 * An error of the SDK as the class that a caller can do something about. What is in none of the known words may have been
 * carried out.
 *
 * @param secrets - what was sent: the SDK may repeat what it could not read.
 */
export function errorOfSdk(cause: unknown, method: string, path: string, secrets: readonly string[] = []): ApiError {
  if (cause instanceof ApiError) return cause;
  const told = cause instanceof Error ? `${cause.constructor.name}: ${cause.message}` : String(cause);
  const text = secrets
    .filter((secret) => secret.length >= 8)
    .reduce((clean, secret) => clean.replaceAll(secret, "[secret]"), told);
  const serverMessage = text.replace(/^Error: /, "").slice(0, 500);
  const facts: RequestFacts = { service: "1Password", method, path, serverMessage };
  const found = words.find(([pattern]) => pattern.test(serverMessage) || pattern.test(spaced(text)));
  return found?.[1](facts) ?? new Unreachable(facts, "unknown", said(facts));
}

/** `RateLimitExceededError` as `Rate Limit Exceeded Error`: the SDK's classes say what their messages may not. */
function spaced(text: string): string {
  return text.replace(/([a-z])([A-Z])/g, "$1 $2");
}

function said({ serverMessage }: RequestFacts): string {
  return `1Password's SDK says: ${serverMessage}`;
}
