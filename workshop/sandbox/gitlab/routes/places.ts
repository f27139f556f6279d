import { roles } from "../../world";
import { page } from "../answers/page";
import { Parameters } from "../answers/parameters";
import { accessOf, idOf, isFrom, lifetimeSetting, type Part, segment } from "../answers/part";
import { notFound } from "../answers/refusal";
import { commitId } from "../state";

/** Users, groups, projects, protected branches and the version. */
export function placeRoutes(part: Part): void {
  const { app, render, state } = part;

  for (const path of ["/version", "/metadata"]) {
    app.get(path, (context) =>
      context.json({
        version: `${part.limits.version ?? "18.11"}.0-ee`,
        revision: "5ad6b1f2c3d",
        kas: { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null },
        enterprise: true,
      }),
    );
  }

  app.get("/application/settings", (context) => {
    accessOf(part, context).admin();
    const { instance } = state.enforcement;
    const limit = lifetimeSetting(part);
    return context.json({ max_personal_access_token_lifetime: limit, ...enforcementSettings(instance) });
  });

  app.get("/license", (context) => {
    accessOf(part, context).admin();
    const { plan = "ultimate" } = part.limits;
    return context.json(plan === null ? null : { id: 2, plan, expired: false, user_limit: 100 });
  });

  app.get("/user", (context) => context.json(render.userSelf(context.get("caller").user)));

  app.get("/users", async (context) => {
    const parameters = await Parameters.of(context);
    const username = parameters.string("username")?.toLowerCase();
    const search = parameters.string("search")?.toLowerCase();
    const found = [...state.users.values()].filter(
      (user) =>
        (username === undefined || user.username.toLowerCase() === username) &&
        (search === undefined || `${user.username} ${user.name}`.toLowerCase().includes(search)),
    );
    const row = context.get("caller").user.admin ? render.userToAdmin : render.userBasic;
    return page(context, parameters, found.reverse(), row);
  });

  app.get("/users/:id", (context) => {
    const user = state.users.get(idOf(context, "id", "User"));
    if (!user) throw notFound("User");
    const shown = { ...render.userBasic(user), created_at: user.createdAt, bot: user.owner !== undefined };
    return context.json(context.get("caller").user.admin ? { ...shown, ...render.userToAdmin(user) } : shown);
  });

  app.delete("/users/:id", (context) => {
    accessOf(part, context).admin();
    const user = state.users.get(idOf(context, "id", "User"));
    if (!user) throw notFound("User");
    part.runner.forget(user);
    return context.body(null, 204);
  });

  app.get("/groups/:id", (context) => {
    const access = accessOf(part, context);
    const group = access.group(segment(context, "id"));
    const isShown = isFrom(part, "19.2") && !group.path.includes("/") && access.level(group) >= roles.owner;
    return context.json({
      ...render.group(group),
      ...(isShown ? enforcementSettings(state.enforcement.groups?.[group.path]) : {}),
    });
  });

  app.get("/groups/:id/projects", async (context) => {
    const group = accessOf(part, context).group(segment(context, "id"));
    const parameters = await Parameters.of(context);
    const deep = parameters.boolean("include_subgroups") ?? false;
    parameters.boolean("with_shared");
    parameters.boolean("archived");
    const found = [...state.projects.values()].filter(({ path }) => isInside(path, group.path, deep));
    return page(context, parameters, found, render.project);
  });

  app.get("/groups/:id/descendant_groups", async (context) => {
    const group = accessOf(part, context).group(segment(context, "id"));
    const found = [...state.groups.values()].filter(({ path }) => isInside(path, group.path, true));
    return page(context, await Parameters.of(context), found, render.group);
  });

  app.get("/projects/:id", (context) => {
    const access = accessOf(part, context);
    const project = access.project(segment(context, "id"));
    const level = access.level(project);
    return context.json({
      ...render.project(project),
      permissions: {
        project_access: level > 0 ? { access_level: level, notification_level: 3 } : null,
        group_access: null,
      },
    });
  });

  app.get("/projects/:id/protected_branches", async (context) => {
    const access = accessOf(part, context);
    const project = access.project(segment(context, "id"));
    access.demand(project, "developer");
    const rule = { access_level: 40, access_level_description: "Maintainers", user_id: null, group_id: null };
    const rows = project.protectedBranches.map((name, at) => ({
      id: project.id * 100 + at,
      name,
      push_access_levels: [{ id: 1, ...rule }],
      merge_access_levels: [{ id: 2, ...rule }],
      allow_force_push: false,
      code_owner_approval_required: false,
    }));
    return page(context, await Parameters.of(context), rows, (row) => row);
  });

  app.get("/projects/:id/repository/branches/:branch", (context) => {
    const project = accessOf(part, context).project(segment(context, "id"));
    const name = segment(context, "branch");
    if (!project.branches.includes(name)) throw notFound("Branch");
    return context.json({
      name,
      default: name === project.defaultBranch,
      protected: state.isProtected(project, name),
      commit: { id: commitId(project, name) },
    });
  });
}

function enforcementSettings(from: string | undefined) {
  return { enforce_granular_tokens: from !== undefined, granular_tokens_enforced_after: from ?? null };
}

function isInside(path: string, group: string, deep: boolean): boolean {
  if (!path.startsWith(`${group}/`)) return false;
  return deep || !path.slice(group.length + 1).includes("/");
}
