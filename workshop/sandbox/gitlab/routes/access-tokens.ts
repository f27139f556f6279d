import type { Context } from "hono";
import { roles } from "../../world";
import { page } from "../answers/page";
import { Parameters } from "../answers/parameters";
import { accessOf, idOf, type Part, segment } from "../answers/part";
import { badRequest, notFound, unauthorized } from "../answers/refusal";
import { select } from "../answers/token-list";
import type { Env } from "../caller";
import { mint, rotate } from "../mint";
import type { Group, Project, User } from "../records";
import type { Token } from "../tokens";

/** Access tokens of groups and projects themselves: GitLab makes a bot with each, a member of that very group or project. */
export function accessTokenRoutes(part: Part): void {
  for (const kind of ["group", "project"] as const) routes(part, kind);
}

function routes(part: Part, kind: "group" | "project"): void {
  const { app, render, state } = part;
  const base = `/${kind}s/:id/access_tokens`;

  app.get(base, async (context) => {
    const owner = managed(part, context, kind);
    const parameters = await Parameters.of(context);
    const all = select(state, tokensOf(part, owner), parameters);
    return page(context, parameters, all, (token) => render.accessToken(token, owner));
  });

  app.post(base, async (context) => {
    const owner = managed(part, context, kind);
    const parameters = await Parameters.of(context);
    const level = parameters.integer("access_level") ?? roles.maintainer;
    if (!levels.includes(level)) parameters.fault("access_level does not have a valid value");
    parameters.check();
    if (level > accessOf(part, context).level(owner))
      throw badRequest("Access level of the token can't be greater the access level of the user who created the token");
    const bot = newBot(part, owner, parameters.string("name") ?? "");
    const token = mint(part, bot, parameters);
    state.keepUser(bot);
    owner.members.set(bot.id, level);
    return context.json(render.accessTokenWithValue(token, owner), 201);
  });

  app.get(`${base}/:token_id`, (context) => {
    const owner = managed(part, context, kind);
    return context.json(render.accessToken(tokenIn(part, context, kind, owner), owner));
  });

  app.delete(`${base}/:token_id`, (context) => {
    const owner = managed(part, context, kind);
    const token = tokenIn(part, context, kind, owner);
    token.revoked = true;
    // The bot goes with its token, and from then on no list names that.
    owner.members.delete(token.userId);
    return context.body(null, 204);
  });

  app.post(`${base}/:token_id/rotate`, async (context) => {
    const owner = managed(part, context, kind);
    const fresh = rotate(part, tokenIn(part, context, kind, owner), await Parameters.of(context));
    return context.json(render.accessTokenWithValue(fresh, owner));
  });
}

/** The roles that a bot may have. */
const levels: readonly number[] = [10, 15, 20, 30, 40, 50];

/** The group or project in the path; who may not manage its tokens is refused with 401. */
function managed(part: Part, context: Context<Env>, kind: "group" | "project"): Group | Project {
  const access = accessOf(part, context);
  const owner = kind === "group" ? access.group(segment(context, "id")) : access.project(segment(context, "id"));
  if (access.level(owner) < (kind === "group" ? roles.owner : roles.maintainer)) throw unauthorized();
  return owner;
}

function tokensOf({ state }: Part, owner: Group | Project): Token[] {
  return [...owner.members.keys()].flatMap((id) => {
    const { botOf } = state.user(id);
    return botOf?.kind === owner.kind && botOf.id === owner.id ? [...state.tokens.of(id)] : [];
  });
}

function tokenIn(part: Part, context: Context<Env>, kind: string, owner: Group | Project): Token {
  const id = idOf(context, "token_id");
  const token = tokensOf(part, owner).find((one) => one.id === id);
  if (!token) throw notFound(`Could not find ${kind} access token with token_id: ${id}`);
  return token;
}

function newBot({ state }: Part, owner: Group | Project, name: string): User {
  const id = state.nextId("user", 101);
  const username = `${owner.kind}_${owner.id}_bot_${id}`;
  return {
    id,
    username,
    name,
    email: `${username}@noreply.gitlab.example.com`,
    admin: false,
    createdAt: state.stamp(),
    botOf: { kind: owner.kind, id: owner.id },
  };
}
