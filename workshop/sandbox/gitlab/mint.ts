import { Temporal } from "temporal-polyfill";
import type { Parameters } from "./answers/parameters";
import { isFrom, longestLifetime, type Part } from "./answers/part";
import { badRequest, Refusal } from "./answers/refusal";
import { isEnforced, isSubject } from "./granular/authorize";
import { permissionNames } from "./granular/permissions";
import { checkEscalation, checkScopes, isGranular, wantedScopes } from "./granular/scopes";
import type { User } from "./records";
import type { Token } from "./tokens";

/** The scopes that a token may have. */
const scopes = [
  "api",
  "read_api",
  "read_user",
  "read_repository",
  "write_repository",
  "read_registry",
  "write_registry",
  "read_virtual_registry",
  "write_virtual_registry",
  "create_runner",
  "manage_runner",
  "ai_features",
  "k8s_proxy",
  "self_rotate",
  "sudo",
  "admin_mode",
  "read_service_ping",
] as const;

/** Make a fine-grained token, or a legacy one where the request names `scopes`. */
export function mintEither(
  part: Part,
  user: User,
  parameters: Parameters,
  by: Token | undefined,
  allowed?: readonly string[],
): Token {
  const given = ["scopes", "granular_scopes"].filter((name) => parameters.has(name) || parameters.has(`${name}[]`));
  if (given.length === 2) parameters.fault("scopes, granular_scopes are mutually exclusive");
  if (given.length === 0)
    parameters.fault("scopes, granular_scopes are missing, exactly one parameter must be provided");
  if (given.length === 1 && given[0] === "scopes") return mint(part, user, parameters, allowed);
  const granularScopes = wantedScopes(part.state, user, parameters) ?? [];
  const made = read(part, parameters, parameters.required("name"));
  checkEscalation(part.state, granularScopes, by);
  checkScopes(granularScopes, permissionNames);
  return part.state.tokens.issue({ ...made, ...owned(part, user), scopes: ["granular"], granularScopes });
}

/** The scopes that a user may give a token of its own. */
const ownScopes = ["k8s_proxy", "self_rotate"];

/** Make a token for the caller; a fine-grained one from 19.2 on. */
export function mintOwn(part: Part, user: User, parameters: Parameters, by: Token | undefined): Token {
  return isFrom(part, "19.2")
    ? mintEither(part, user, parameters, by, ownScopes)
    : mint(part, user, parameters, ownScopes);
}

/** Make a legacy token for a user from the parameters of a request, or refuse as GitLab does. */
export function mint(part: Part, user: User, parameters: Parameters, allowed: readonly string[] = scopes): Token {
  const name = parameters.required("name");
  const wanted = parameters.list("scopes");
  if (wanted === undefined) parameters.fault("scopes is missing");
  else if (wanted.length === 0) parameters.fault("scopes is empty");
  else if (wanted.some((scope) => !allowed.includes(scope))) parameters.fault("scopes does not have a valid value");
  const made = read(part, parameters, name);
  if (isEnforced(part.state) && isSubject(part.state, user))
    throw new Refusal(422, { message: `Creation of ${refusedLegacy}` });
  return part.state.tokens.issue({ ...made, ...owned(part, user), scopes: wanted ?? [] });
}

const refusedLegacy = "legacy personal access tokens is disabled. Use a fine-grained token instead.";

function owned(part: Part, user: User) {
  return { id: part.state.nextId("token", 1001), userId: user.id };
}

/** What any token is made of. */
function read(part: Part, parameters: Parameters, name: string) {
  const description = parameters.string("description") ?? null;
  const expiresAt = parameters.date("expires_at");
  parameters.check();
  const faults: string[] = [];
  if (name.trim() === "") faults.push("Name can't be blank");
  if (description && description.length > 255) faults.push("Description is too long (maximum is 255 characters)");
  const late = tooLate(part, expiresAt);
  if (late) faults.push(late);
  if (faults.length > 0) throw new Refusal(422, { message: faults.join(" and ") });
  return {
    name,
    description,
    expiresAt: expiresAt ?? (part.limits.expiryRequired ? daysFromToday(part, longestLifetime(part)) : null),
  };
}

/** Revoke a token and put a new one in its place, in one step and without any overlap. */
export function rotate(part: Part, token: Token, parameters: Parameters): Token {
  const expiresAt = parameters.date("expires_at");
  parameters.check();
  if (token.revoked) throw badRequest("Token already revoked");
  if (!isGranular(token) && isEnforced(part.state) && isSubject(part.state, part.state.user(token.userId)))
    throw badRequest(`Rotation of ${refusedLegacy}`);
  const late = tooLate(part, expiresAt);
  if (late) throw badRequest(late);
  token.revoked = true;
  return part.state.tokens.issue({
    id: part.state.nextId("token", 1001),
    userId: token.userId,
    name: token.name,
    description: token.description,
    scopes: token.scopes,
    expiresAt: expiresAt ?? (part.limits.expiryRequired ? daysFromToday(part, 7) : null),
    rotatedFrom: token.id,
    ...(token.granularScopes === undefined ? {} : { granularScopes: token.granularScopes }),
  });
}

function tooLate(part: Part, expiresAt: string | undefined): string | undefined {
  const last = daysFromToday(part, longestLifetime(part));
  return expiresAt !== undefined && expiresAt > last ? `Expires at must be before ${last}` : undefined;
}

function daysFromToday(part: Part, days: number): string {
  return Temporal.PlainDate.from(part.state.clock.today()).add({ days }).toString();
}
