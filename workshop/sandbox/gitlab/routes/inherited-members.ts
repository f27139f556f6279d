import type { Context } from "hono";
import { page } from "../answers/page";
import { Parameters } from "../answers/parameters";
import { accessOf, idOf, type Part, segment } from "../answers/part";
import { notFound } from "../answers/refusal";
import type { Env } from "../caller";

/** Who is a member of a group or project, by itself or through a group above it. */
export function inheritedMemberRoutes(part: Part): void {
  const { app, render, state } = part;

  for (const kind of ["group", "project"] as const) {
    const rowsOf = (context: Context<Env>) => {
      const access = accessOf(part, context);
      const namespace =
        kind === "group" ? access.group(segment(context, "id")) : access.project(segment(context, "id"));
      const levels = new Map<number, number>();
      for (const one of [...state.ancestors(namespace.path).reverse(), namespace])
        for (const [userId, level] of one.members) levels.set(userId, Math.max(level, levels.get(userId) ?? 0));
      return [...levels].map(([userId, level]) => ({
        ...render.userBasic(state.user(userId)),
        access_level: level,
        expires_at: null,
        created_at: namespace.createdAt,
        membership_state: "active",
      }));
    };

    app.get(`/${kind}s/:id/members/all`, async (context) =>
      page(context, await Parameters.of(context), rowsOf(context), (row) => row),
    );

    app.get(`/${kind}s/:id/members/all/:user_id`, (context) => {
      const userId = idOf(context, "user_id");
      const row = rowsOf(context).find(({ id }) => id === userId);
      if (!row) throw notFound();
      return context.json(row);
    });
  }
}
