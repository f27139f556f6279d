import { Temporal } from "temporal-polyfill";
import type { Parameters } from "./parameters";
import type { Part } from "./part";
import { badRequest, Refusal } from "./refusal";
import type { User } from "./state";
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

/** Make a token for a user from the parameters of a request, or refuse as GitLab does. */
export function mint(part: Part, user: User, parameters: Parameters, allowed: readonly string[] = scopes): Token {
  const name = parameters.required("name");
  const wanted = parameters.list("scopes");
  if (wanted === undefined) parameters.fault("scopes is missing");
  else if (wanted.length === 0) parameters.fault("scopes is empty");
  else if (wanted.some((scope) => !allowed.includes(scope))) parameters.fault("scopes does not have a valid value");
  const description = parameters.string("description") ?? null;
  const expiresAt = parameters.date("expires_at");
  parameters.check();
  const faults: string[] = [];
  if (name.trim() === "") faults.push("Name can't be blank");
  if (description && description.length > 255) faults.push("Description is too long (maximum is 255 characters)");
  const late = tooLate(part, expiresAt);
  if (late) faults.push(late);
  if (faults.length > 0) throw new Refusal(422, { message: faults.join(" and ") });
  return part.state.tokens.issue({
    id: part.state.nextId("token", 1001),
    userId: user.id,
    name,
    description,
    scopes: wanted ?? [],
    expiresAt: expiresAt ?? (part.limits.expiryRequired ? daysFromToday(part, part.limits.lifetimeDays) : null),
  });
}

/** Revoke a token and put a new one in its place, in one step and without any overlap. */
export function rotate(part: Part, token: Token, parameters: Parameters): Token {
  const expiresAt = parameters.date("expires_at");
  parameters.check();
  if (token.revoked) throw badRequest("Token already revoked");
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
  });
}

function tooLate(part: Part, expiresAt: string | undefined): string | undefined {
  const last = daysFromToday(part, part.limits.lifetimeDays);
  return expiresAt !== undefined && expiresAt > last ? `Expires at must be before ${last}` : undefined;
}

function daysFromToday(part: Part, days: number): string {
  return Temporal.PlainDate.from(part.state.clock.today()).add({ days }).toString();
}
