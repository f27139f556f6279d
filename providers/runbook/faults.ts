import { ApiError, Forbidden, NotFound, RateLimited, ServerFault, Unauthorized, Unreachable } from "../http";

/** An error that says what was being done, what was found and what to do next, and keeps its cause. */
export function failed(doing: string, cause: unknown, next?: string): Error {
  const advice = next ?? adviceOn(cause);
  return new Error(`${doing}: ${messageOf(cause)}.${advice === "" ? "" : ` ${advice}`}`, { cause });
}

/** An error's text, without a full stop. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}

/** Whether a server had trouble, rather than said no: the next run may well succeed. */
export function isTrouble(error: unknown): boolean {
  return error instanceof Unreachable || error instanceof ServerFault || error instanceof RateLimited;
}

/** Whether the answer was that something is not there, or not for us: the two look alike. */
export function isDenied(error: unknown): boolean {
  return error instanceof NotFound || error instanceof Forbidden || error instanceof Unauthorized;
}

function adviceOn(error: unknown): string {
  if (!(error instanceof ApiError) || error.service !== "GitLab") return "";
  if (error instanceof Unauthorized && error.credentialDied)
    return `The token in "GITLAB_TOKEN" is revoked or expired: set a live one, and run again.`;
  if (error instanceof Forbidden && error.requiredScope !== undefined)
    return `The token in "GITLAB_TOKEN" lacks a scope; it takes "api".`;
  return isTrouble(error) ? "Nothing is lost: run again when GitLab answers." : "";
}
