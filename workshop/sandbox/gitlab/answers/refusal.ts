/** An answer other than the one hoped for, in GitLab's own words. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: number,
    /** JSON, or plain text. */
    readonly body: Readonly<Record<string, unknown>> | string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`answered ${status}`);
  }
}

/** No token, a token that exists nowhere, or somebody else's token asked for. */
export const unauthorized = () => new Refusal(401, { message: "401 Unauthorized" });

/** A known token that is dead. */
export function invalidToken(description: string): Refusal {
  return new Refusal(
    401,
    { error: "invalid_token", error_description: description },
    { "www-authenticate": `Bearer realm="The API", error="invalid_token", error_description="${description}"` },
  );
}

/** The token lives but its scopes do not reach. */
export function insufficientScope(accepted: readonly string[]): Refusal {
  return new Refusal(403, {
    error: "insufficient_scope",
    error_description: "The request requires higher privileges than provided by the access token.",
    scope: accepted.join(" "),
  });
}

/** The role does not reach. */
export function forbidden(reason?: string): Refusal {
  return new Refusal(403, { message: reason ? `403 Forbidden - ${reason}` : "403 Forbidden" });
}

/** Not there, or not to be seen. */
export function notFound(what?: string): Refusal {
  return new Refusal(404, { message: what ? `404 ${what} Not Found` : "404 Not Found" });
}

/** A failed database look-up: the same as {@link notFound} but for one letter. */
export const recordNotFound = () => new Refusal(404, { message: "404 Not found" });

/** A service refused. */
export function badRequest(reason?: string): Refusal {
  return new Refusal(400, { message: reason ? `400 Bad request - ${reason}` : "400 Bad request" });
}

/** A parameter did not pass. */
export const invalidParameters = (faults: readonly string[]) => new Refusal(400, { error: faults.join(", ") });

/** A model's own validation did not pass. */
export const invalidModel = (faults: Readonly<Record<string, readonly string[]>>) =>
  new Refusal(400, { message: faults });
