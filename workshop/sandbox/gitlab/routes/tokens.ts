import type { Context } from "hono";
import { page } from "../answers/page";
import { Parameters } from "../answers/parameters";
import { accessOf, idOf, isFrom, type Part } from "../answers/part";
import { badRequest, notFound, recordNotFound, unauthorized } from "../answers/refusal";
import { select } from "../answers/token-list";
import type { Env } from "../caller";
import { mint, mintEither, mintOwn, rotate } from "../mint";
import type { Token } from "../tokens";

/** `/personal_access_tokens` and what makes tokens for users. */
export function tokenRoutes(part: Part): void {
  const { app, render, state } = part;

  app.get("/personal_access_tokens", async (context) => {
    const { user } = context.get("caller");
    const parameters = await Parameters.of(context);
    const userId = parameters.integer("user_id");
    parameters.check();
    if (userId !== undefined && userId !== user.id && !user.admin) throw unauthorized();
    if (userId !== undefined && !state.users.has(userId)) throw notFound("User");
    const all = userId === undefined && user.admin ? state.tokens.all() : state.tokens.of(userId ?? user.id);
    return page(context, parameters, select(state, all, parameters), render.tokenWithIps);
  });

  app.get("/personal_access_tokens/self", (context) => context.json(render.tokenSelf(own(context))));

  app.delete("/personal_access_tokens/self", (context) => {
    own(context).revoked = true;
    return context.body(null, 204);
  });

  app.post("/personal_access_tokens/self/rotate", async (context) => {
    const fresh = rotate(part, own(context), await Parameters.of(context));
    return context.json(render.tokenWithValue(fresh));
  });

  app.get("/personal_access_tokens/:id", (context) => context.json(render.tokenWithIps(visible(part, context))));

  app.delete("/personal_access_tokens/:id", (context) => {
    const { user } = context.get("caller");
    const token = state.tokens.byId(idOf(context, "id"));
    if (!token) throw recordNotFound();
    if (token.userId !== user.id && !user.admin) throw badRequest("Not permitted to revoke");
    token.revoked = true;
    return context.body(null, 204);
  });

  app.post("/personal_access_tokens/:id/rotate", async (context) => {
    const token = visible(part, context);
    return context.json(render.tokenWithValue(rotate(part, token, await Parameters.of(context))));
  });

  app.post("/users/:user_id/personal_access_tokens", async (context) => {
    accessOf(part, context).admin();
    const user = state.users.get(idOf(context, "user_id", "User"));
    if (!user) throw notFound("User");
    const parameters = await Parameters.of(context);
    const { token: by } = context.get("caller");
    const token = isFrom(part, "19.6") ? mintEither(part, user, parameters, by) : mint(part, user, parameters);
    return context.json(render.tokenWithValue(token), 201);
  });

  app.post("/user/personal_access_tokens", async (context) => {
    const { user, token: by } = context.get("caller");
    const token = mintOwn(part, user, await Parameters.of(context), by);
    return context.json(render.tokenWithValue(token), 201);
  });
}

/** One's own token, or any for an admin; to all others it might as well not exist. */
function visible(part: Part, context: Context<Env>): Token {
  const { user } = context.get("caller");
  const token = part.state.tokens.byId(idOf(context, "id"));
  if (user.admin && !token) throw notFound();
  if (!token || (token.userId !== user.id && !user.admin)) throw unauthorized();
  return token;
}

/** The caller's own token; a job token is none. */
function own(context: Context<Env>): Token {
  const { token } = context.get("caller");
  if (token === undefined) throw unauthorized();
  return token;
}
