import {
  AmbiguousCredential,
  ApiError,
  Forbidden,
  MissingCredential,
  NotFound,
  RateLimited,
  Refused,
  ServerFault,
  StrangeAnswer,
  Unauthorized,
  Unreachable,
} from "./http";

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
  return [Unreachable, ServerFault, RateLimited, StrangeAnswer].some((kind) => error instanceof kind);
}

/**
 * Whether we could not ask, or were not answered: a server's trouble, or our own credential, which is dead, missing or may no
 * longer do what it did. That says nothing about what was asked.
 */
export function isOurs(error: unknown): boolean {
  if (isTrouble(error) || isDenied(error)) return true;
  if (error instanceof MissingCredential || error instanceof AmbiguousCredential) return true;
  return error instanceof Error && error.cause !== undefined && isOurs(error.cause);
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
  if (error instanceof Refused && /must be before/i.test(error.serverMessage ?? ""))
    return `This GitLab lets no token live that long: lower "rotation.lifetimeDays", and run again.`;
  if (error instanceof Forbidden && error.byPermissions)
    return "A fine-grained token lacks that permission, or GitLab takes no legacy token there any more: docs/permissions.md lists what is needed, npm run doctor tells what is missing.";
  if (error instanceof Refused && error.serverMessage?.includes("legacy personal access tokens") === true)
    return `This GitLab makes fine-grained tokens only: declare "token.permissions" ("npm run propose -- migrate <account>" suggests some).`;
  return isTrouble(error) ? "Nothing is lost: run again when GitLab answers." : "";
}
