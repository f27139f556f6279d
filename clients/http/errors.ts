import { oneLine } from "../../ground/visible";

/** The services that these providers talk to, as people call them. */
export type Service = "GitLab" | "1Password Connect" | "1Password" | "OpenBao";

/** What an error may say about a request: never its headers, its query or its body, since those hold tokens. */
export interface RequestFacts {
  readonly service: Service;
  readonly method: string;
  /** Path below the base URL, without query. */
  readonly path: string;
  readonly status?: number;
  /** The server's own short explanation, when it sent one. */
  readonly serverMessage?: string;
}

/** A request that did not end well. Its subclasses are what a caller can do something about. */
export class ApiError extends Error {
  override readonly name: string = "ApiError";
  readonly service: Service;
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly serverMessage: string | undefined;

  constructor(facts: RequestFacts, found?: string) {
    const { serverMessage, status } = facts;
    // 1Password's SDK tells no status.
    const answer = `${status === undefined ? "" : ` ${status}`}${serverMessage === undefined ? "" : `: ${serverMessage}`}`;
    super(`${facts.method} ${facts.path}: ${found ?? `${facts.service} answered${answer}`}`);
    this.service = facts.service;
    this.method = facts.method;
    this.path = facts.path;
    this.status = facts.status;
    this.serverMessage = facts.serverMessage;
  }
}

/** 401: the credential is not accepted, or (GitLab's token endpoints) what was asked for belongs to someone else. */
export class Unauthorized extends ApiError {
  override readonly name = "Unauthorized";

  constructor(
    facts: RequestFacts,
    /** The server said that the credential itself is revoked or expired; otherwise it may just not be allowed. */
    readonly credentialDied: boolean,
  ) {
    super(facts);
  }
}

/** 403: the credential is alive and may not do this. */
export class Forbidden extends ApiError {
  override readonly name = "Forbidden";

  constructor(
    facts: RequestFacts,
    /** The scopes of which the credential lacks one, when the server said so: `api`, or several separated by blanks. */
    readonly requiredScope?: string,
    /** Permissions of fine-grained tokens decided: GitLab names in its message what is missing. */
    readonly byPermissions: boolean = false,
  ) {
    super(facts);
  }
}

/** 404: not there, or not visible to this credential. The two look the same. */
export class NotFound extends ApiError {
  override readonly name = "NotFound";
}

/** 409: ambiguous or locked. */
export class Conflict extends ApiError {
  override readonly name = "Conflict";
}

/** 400 or 422: the server understood and refused. Nothing was carried out. */
export class Refused extends ApiError {
  override readonly name = "Refused";
}

/** 429, still after waiting as long as was asked. Nothing was carried out. */
export class RateLimited extends ApiError {
  override readonly name = "RateLimited";

  /** @param until - when the server takes requests again, where that is too far away to wait for it. */
  constructor(facts: RequestFacts, until?: Date) {
    super(facts, until === undefined ? undefined : `${usedUp(facts.service, until)}; the next run does what is left`);
  }
}

/** The one sentence on a limit that nobody waits for, such as that of an hour. */
function usedUp(service: Service, until: Date): string {
  // Rounded up: who comes at that minute is not too early.
  const minute = new Date(Math.ceil(until.getTime() / 60_000) * 60_000).toISOString().slice(0, 16).replace("T", " ");
  return `${service}'s limit of requests is used up until ${minute} UTC`;
}

/** 5xx. Whether a write was carried out is unknown. */
export class ServerFault extends ApiError {
  override readonly name = "ServerFault";
}

/**
 * 2xx, and not what the service says to such a request: something else may have answered in its place, or changed its
 * answer. Whether a write was carried out is unknown.
 */
export class StrangeAnswer extends ApiError {
  override readonly name = "StrangeAnswer";
}

/** No answer came. */
export class Unreachable extends ApiError {
  override readonly name = "Unreachable";

  constructor(
    facts: RequestFacts,
    /** `not sent`: certainly not carried out. `unknown`: it may have been, so look before doing it again. */
    readonly outcome: "unknown" | "not sent",
    found: string,
  ) {
    super(facts, found);
  }
}

/** A credential that an operation needs is not in the environment. */
export class MissingCredential extends Error {
  override readonly name = "MissingCredential";

  constructor(
    /** The environment variable to set. */
    readonly variable: string,
    /** What it should hold. */
    readonly expected: string,
  ) {
    super(`the environment variable "${variable}" is not set: set it to ${expected}, and run again`);
  }
}

/** What the environment names as a server's address is none, or what it holds as a credential. */
export class UnusableEnvironment extends Error {
  override readonly name = "UnusableEnvironment";
}

/** The environment holds credentials for two ways to one service: only the reader can say which one is meant. */
export class AmbiguousCredential extends Error {
  override readonly name = "AmbiguousCredential";
}

/** Whether a write that failed so may still have been carried out. Look before doing it again. */
export function mayHaveHappened(error: unknown): boolean {
  if (error instanceof Unreachable) return error.outcome === "unknown";
  return error instanceof ServerFault || error instanceof StrangeAnswer;
}

/** The error that an answer's status stands for. */
export function errorOfAnswer(facts: RequestFacts, body: unknown): ApiError {
  const status = facts.status ?? 0;
  if (status === 401) return new Unauthorized(facts, text(body, "error") === "invalid_token");
  if (status === 403)
    return new Forbidden(facts, text(body, "scope"), text(body, "error") === "insufficient_granular_scope");
  if (status === 404) return new NotFound(facts);
  if (status === 409) return new Conflict(facts);
  if (status === 400 || status === 422) return new Refused(facts);
  if (status === 429) return new RateLimited(facts);
  if (status >= 500) return new ServerFault(facts);
  return new ApiError(facts);
}

/** The explanation in an error body: GitLab has `message` (text, or lists by attribute) and `error`, Connect `message`, OpenBao `errors`. */
export function messageOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const { message, error, errors, error_description: description } = body as Record<string, unknown>;
  const found = [flatten(message), flatten(error), flatten(errors), flatten(description)].filter((part) => part !== "");
  return found.length === 0 ? undefined : oneLine(found.join(": ").slice(0, 500));
}

function flatten(part: unknown): string {
  if (typeof part === "string") return part;
  if (Array.isArray(part)) return part.map(flatten).join(", ");
  if (typeof part !== "object" || part === null) return "";
  return Object.entries(part)
    .map(([attribute, texts]) =>
      attribute === "base" || attribute === "error" ? flatten(texts) : `${attribute} ${flatten(texts)}`,
    )
    .join("; ");
}

function text(body: unknown, key: string): string | undefined {
  const found = typeof body === "object" && body !== null ? (body as Record<string, unknown>)[key] : undefined;
  return typeof found === "string" ? found : undefined;
}
