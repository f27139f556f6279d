import { page } from "../page";
import { Parameters } from "../parameters";
import { accessOf, type Part, segment } from "../part";

/** Who is a member of a group or project, by itself or through a group above it. */
export function inheritedMemberRoutes(part: Part): void {
  const { app, render, state } = part;

  for (const kind of ["group", "project"] as const) {
    app.get(`/${kind}s/:id/members/all`, async (context) => {
      const access = accessOf(part, context);
      const namespace =
        kind === "group" ? access.group(segment(context, "id")) : access.project(segment(context, "id"));
      const levels = new Map<number, number>();
      for (const one of [...state.ancestors(namespace.path).reverse(), namespace])
        for (const [userId, level] of one.members) levels.set(userId, Math.max(level, levels.get(userId) ?? 0));
      const rows = [...levels].map(([userId, level]) => ({
        ...render.userBasic(state.user(userId)),
        access_level: level,
        expires_at: null,
        created_at: namespace.createdAt,
        membership_state: "active",
      }));
      return page(context, await Parameters.of(context), rows, (row) => row);
    });
  }
}
