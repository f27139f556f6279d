import type { Context } from "hono";
import { page } from "../answers/page";
import { Parameters } from "../answers/parameters";
import { accessOf, idOf, type Part, segment } from "../answers/part";
import { badRequest, notFound } from "../answers/refusal";
import { select } from "../answers/token-list";
import type { Env } from "../caller";
import { mint, rotate } from "../mint";
import type { Group, Project, User } from "../records";
import type { Token } from "../tokens";

/** Service accounts of groups, projects and the instance, and their tokens. */
export function serviceAccountRoutes(part: Part): void {
  for (const kind of ["group", "project"] as const) {
    const base = `/${kind}s/:id/service_accounts`;
    accounts(part, base, (context) => {
      const owner = managed(part, context, kind);
      return { is: (user) => user.owner?.kind === owner.kind && user.owner.id === owner.id, owner };
    });
    tokens(part, kind, `${base}/:user_id/personal_access_tokens`);
  }
  accounts(part, "/service_accounts", (context) => {
    accessOf(part, context).admin();
    return { is: (user) => user.owner?.kind === "instance", owner: { kind: "instance" } };
  });
}

interface Pool {
  /** Whether an account belongs here. */
  readonly is: (user: User) => boolean;
  readonly owner: { readonly kind: "instance" } | Group | Project;
}

function accounts(part: Part, base: string, poolOf: (context: Context<Env>) => Pool): void {
  const { app, render, state } = part;

  app.get(base, async (context) => {
    const pool = poolOf(context);
    const parameters = await Parameters.of(context);
    const by = parameters.oneOf("order_by", ["id", "username"]) ?? "id";
    const sign = parameters.oneOf("sort", ["asc", "desc"]) === "asc" ? 1 : -1;
    const found = [...state.users.values()].filter(pool.is);
    found.sort((a, b) => sign * (by === "id" ? a.id - b.id : a.username.localeCompare(b.username)));
    return page(context, parameters, found, render.serviceAccount);
  });

  app.post(base, async (context) => {
    const { owner } = poolOf(context);
    const parameters = await Parameters.of(context);
    const id = state.nextId("user", 101);
    const where = owner.kind === "instance" ? "" : `_${owner.kind}_${owner.id}`;
    const username = parameters.present("username") ?? `service_account${where}_${id}`;
    const email = parameters.present("email") ?? `${username}@noreply.gitlab.example.com`;
    parameters.check();
    const taken = [...state.users.values()].find((user) => user.email === email);
    if (state.userNamed(username)) throw badRequest("Username has already been taken");
    if (taken) throw badRequest("Email has already been taken");
    const user: User = {
      id,
      username,
      name: parameters.present("name") ?? "Service account user",
      email,
      admin: false,
      createdAt: state.stamp(),
      owner: owner.kind === "instance" ? owner : { kind: owner.kind, id: owner.id },
    };
    state.keepUser(user);
    return context.json(render.serviceAccount(user), 201);
  });

  app.patch(`${base}/:user_id`, async (context) => {
    const user = accountIn(part, context, poolOf(context));
    const parameters = await Parameters.of(context);
    const username = parameters.string("username") ?? user.username;
    const other = state.userNamed(username);
    parameters.check();
    for (const [attribute, text] of Object.entries({ Name: parameters.string("name"), Username: username }))
      if (text?.trim() === "") throw badRequest(`${attribute} can't be blank`);
    if (other && other !== user) throw badRequest("Username has already been taken");
    user.name = parameters.string("name") ?? user.name;
    user.email = parameters.string("email") ?? user.email;
    user.username = username;
    state.keepUser(user);
    return context.json(render.serviceAccount(user));
  });

  // Those of the instance are deleted as other users are.
  if (base === "/service_accounts") return;
  app.delete(`${base}/:user_id`, (context) => {
    const user = accountIn(part, context, poolOf(context));
    part.runner.forget(user);
    return context.body(null, 204);
  });
}

function tokens(part: Part, kind: "group" | "project", base: string): void {
  const { app, render, state } = part;

  app.get(base, async (context) => {
    const user = ownedAccount(part, context, kind);
    const parameters = await Parameters.of(context);
    return page(context, parameters, select(state, state.tokens.of(user.id), parameters), render.token);
  });

  app.post(base, async (context) => {
    const user = ownedAccount(part, context, kind);
    return context.json(render.tokenWithValue(mint(part, user, await Parameters.of(context))), 201);
  });

  app.delete(`${base}/:token_id`, (context) => {
    const user = ownedAccount(part, context, kind);
    tokenOf(part, context, user, "Personal Access Token").revoked = true;
    return context.body(null, 204);
  });

  app.post(`${base}/:token_id/rotate`, async (context) => {
    const user = ownedAccount(part, context, kind);
    const token = tokenOf(part, context, user, kind === "project" ? "Personal Access Token" : undefined);
    return context.json(render.tokenWithValue(rotate(part, token, await Parameters.of(context))));
  });
}

/** The group or project in the path, which the caller must be allowed to manage accounts of. */
function managed(part: Part, context: Context<Env>, kind: "group" | "project"): Group | Project {
  const access = accessOf(part, context);
  const owner = kind === "group" ? access.group(segment(context, "id")) : access.project(segment(context, "id"));
  access.demand(owner, kind === "group" ? "owner" : "maintainer");
  return owner;
}

/** An account that this very group or project made; its parents' and children's are not found. */
function ownedAccount(part: Part, context: Context<Env>, kind: "group" | "project"): User {
  const owner = managed(part, context, kind);
  const user = part.state.users.get(idOf(context, "user_id", "User"));
  if (!user?.owner || user.owner.kind !== owner.kind || user.owner.id !== owner.id) throw notFound("User");
  return user;
}

function accountIn(part: Part, context: Context<Env>, pool: Pool): User {
  const user = part.state.users.get(idOf(context, "user_id", "User"));
  if (!user) throw notFound("User");
  if (!user.owner) throw badRequest("User is not of type Service Account");
  if (!pool.is(user)) throw notFound("User");
  return user;
}

function tokenOf(part: Part, context: Context<Env>, user: User, what: string | undefined): Token {
  const token = part.state.tokens.byId(idOf(context, "token_id", what));
  if (!token || token.userId !== user.id) throw notFound(what);
  return token;
}
