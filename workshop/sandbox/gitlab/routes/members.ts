import type { Context } from "hono";
import { page } from "../answers/page";
import { Parameters } from "../answers/parameters";
import { accessOf, idOf, type Part, segment } from "../answers/part";
import { notFound, Refusal } from "../answers/refusal";
import type { Env } from "../caller";
import type { Group, Project } from "../records";

/** The access levels that a membership may have. */
const levels = [5, 10, 15, 20, 30, 40, 50].map(String);

/** Memberships of a group or project itself: list, look up one, add, change, remove. */
export function memberRoutes(part: Part): void {
  const { app, render, state } = part;

  for (const kind of ["group", "project"] as const) {
    const base = `/${kind}s/:id/members`;

    const namespaceOf = (context: Context<Env>, isManaged: boolean): Group | Project => {
      const access = accessOf(part, context);
      const namespace =
        kind === "group" ? access.group(segment(context, "id")) : access.project(segment(context, "id"));
      if (isManaged) access.demand(namespace, kind === "group" ? "owner" : "maintainer");
      return namespace;
    };
    const row = (namespace: Group | Project, userId: number) => ({
      ...render.userBasic(state.user(userId)),
      access_level: namespace.members.get(userId),
      expires_at: namespace.memberExpiry.get(userId) ?? null,
      created_at: namespace.createdAt,
      membership_state: "active",
    });
    /** Without an expiry one that is there stays; an empty one takes it away. */
    const keep = (namespace: Group | Project, userId: number, level: number, parameters: Parameters) => {
      const expiresAt = parameters.date("expires_at");
      parameters.check();
      namespace.members.set(userId, level);
      if (expiresAt !== undefined) namespace.memberExpiry.set(userId, expiresAt);
      else if (parameters.has("expires_at")) namespace.memberExpiry.delete(userId);
    };
    const memberIn = (context: Context<Env>, namespace: Group | Project): number => {
      const userId = idOf(context, "user_id");
      if (!namespace.members.has(userId)) throw notFound();
      return userId;
    };

    app.get(base, async (context) => {
      const namespace = namespaceOf(context, false);
      const parameters = await Parameters.of(context);
      const query = parameters.string("query")?.toLowerCase() ?? "";
      const ids = parameters.list("user_ids")?.map(Number);
      const found = [...namespace.members.keys()]
        .map((userId) => row(namespace, userId))
        .filter(({ username, name }) => `${username} ${name}`.toLowerCase().includes(query))
        .filter(({ id }) => ids?.includes(id) ?? true);
      return page(context, parameters, found, (one) => one);
    });

    app.get(`${base}/:user_id{[0-9]+}`, (context) => {
      const namespace = namespaceOf(context, false);
      return context.json(row(namespace, memberIn(context, namespace)));
    });

    app.post(base, async (context) => {
      const namespace = namespaceOf(context, true);
      const parameters = await Parameters.of(context);
      parameters.required("user_id");
      parameters.required("access_level");
      const userId = parameters.integer("user_id") ?? 0;
      const level = Number(parameters.oneOf("access_level", levels));
      parameters.date("expires_at");
      parameters.check();
      if (!state.users.has(userId)) throw notFound("User");
      if (namespace.members.has(userId)) throw new Refusal(409, { message: "Member already exists" });
      keep(namespace, userId, level, parameters);
      return context.json(row(namespace, userId), 201);
    });

    app.put(`${base}/:user_id`, async (context) => {
      const namespace = namespaceOf(context, true);
      const userId = memberIn(context, namespace);
      const parameters = await Parameters.of(context);
      parameters.required("access_level");
      const level = Number(parameters.oneOf("access_level", levels));
      keep(namespace, userId, level, parameters);
      return context.json(row(namespace, userId));
    });

    app.delete(`${base}/:user_id`, (context) => {
      const namespace = namespaceOf(context, true);
      const userId = memberIn(context, namespace);
      namespace.members.delete(userId);
      namespace.memberExpiry.delete(userId);
      return context.body(null, 204);
    });
  }
}
