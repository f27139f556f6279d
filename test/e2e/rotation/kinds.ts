import type { Sandbox } from "../../../workshop/sandbox/controls";
import type { World, WorldProject, WorldVariable } from "../../../workshop/sandbox/world";
import { type AccountDescription, fleet } from "../../../workshop/sandbox/worlds/fleet";

/** An account of each kind that the sandbox's people may manage; their hand-made tokens live for three more weeks. */
const names = ["top", "sub", "portal", "instance", "self"] as const;

/** One of them. */
export type Kind = (typeof names)[number];

const owners = {
  top: { group: "security" },
  sub: { group: "security/scanning" },
  portal: { project: "security/portal" },
  instance: { instance: true },
  self: { self: true },
} as const;

const projects: Record<Kind, string> = {
  top: "security/top",
  sub: "security/scanning/sub",
  portal: "security/portal",
  instance: "security/instance",
  self: "security/self",
};

/** The user name of an account. */
export function username(kind: Kind): string {
  return `gl-${kind}`;
}

/** A world with an account of each kind, and variables of every make around them. */
export function kindsWorld(gitlab: "owner" | "admin"): World {
  const world = fleet({
    startsAt: "2026-11-23T07:10:00Z",
    accounts: names.map(
      (name): AccountDescription => ({
        name,
        username: username(name),
        group: name === "sub" ? "security/scanning" : "security",
        project: projects[name],
        schedule: { description: "Weekly", cron: "0 6 * * 1" },
        job: "work",
        scope: "read_api",
        token: {
          handle: name,
          createdAt: "2025-12-14T08:30:00Z",
          expiresAt: "2026-12-14",
          lastUsedAt: "2026-11-16T06:00:31.877Z",
        },
        lastRun: { at: "2026-11-16T06:00:09.310Z", failed: false },
      }),
    ),
  });
  const variables: Record<Kind, readonly WorldVariable[]> = {
    top: [],
    sub: [
      { key: "TOKEN", value: { tokenOf: "sub" }, environmentScope: "production", masked: true, protected: true },
      { key: "TOKEN", value: "of-staging-only", environmentScope: "staging", masked: true },
    ],
    portal: [
      { key: "TOKEN", value: { tokenOf: "portal" }, hidden: true, protected: true, variableType: "file", raw: true },
    ],
    instance: [],
    self: [{ key: "TOKEN", value: { tokenOf: "self" }, masked: true, protected: true }],
  };
  const keys: Record<Kind, string> = {
    top: "TOP_TOKEN",
    sub: "TOKEN",
    portal: "TOKEN",
    instance: "INSTANCE_TOKEN",
    self: "TOKEN",
  };
  const project = (one: WorldProject, kind: Kind): WorldProject => ({
    ...one,
    variables: variables[kind],
    jobs: (one.jobs ?? []).map((job) =>
      job.needs === undefined
        ? job
        : {
            ...job,
            ...(kind === "sub" ? { environment: "production" } : {}),
            needs: { ...job.needs, variable: keys[kind] },
          },
    ),
  });
  return {
    ...world,
    users: world.users.map((user) => {
      if (user.username === username("portal")) return { ...user, serviceAccountOf: { project: projects.portal } };
      if (user.username === username("instance")) return { ...user, serviceAccountOf: "instance" as const };
      const { serviceAccountOf: _, ...person } = user;
      return user.username === username("self") ? person : user;
    }),
    groups: world.groups.map((group) =>
      group.path === "security"
        ? {
            ...group,
            variables: [{ key: "TOP_TOKEN", value: { tokenOf: "top" }, masked: true, description: "by hand" }],
          }
        : group,
    ),
    instanceVariables: [{ key: "INSTANCE_TOKEN", value: { tokenOf: "instance" }, masked: true, protected: true }],
    projects: world.projects.map((one) => {
      const kind = names.find((name) => projects[name] === one.path);
      return kind === undefined ? one : project(one, kind);
    }),
    credentials: { ...world.credentials, gitlab },
  };
}

/** What the settings say of an account. */
export function declarationOf(kind: Kind): Record<string, unknown> {
  const variables: Record<Kind, readonly object[]> = {
    top: [{ group: "security", key: "TOP_TOKEN" }],
    sub: [{ project: projects.sub, key: "TOKEN", environmentScope: "production" }],
    portal: [
      { project: projects.portal, key: "TOKEN" },
      { project: projects.portal, key: "NEW_TOKEN", hidden: true, protected: true },
    ],
    instance: [{ instance: true, key: "INSTANCE_TOKEN" }],
    self: [{ project: projects.self, key: "TOKEN" }],
  };
  const proofs: Record<Kind, object> = {
    top: { schedule: "Weekly", jobs: ["work"] },
    sub: { ref: "main", jobs: ["work"] },
    portal: { job: "work" },
    instance: { schedule: "Weekly" },
    self: { schedule: "Weekly", jobs: ["work"] },
  };
  return {
    name: kind,
    account: { ...owners[kind], username: username(kind) },
    // GitLab keeps the scopes of a token that rotates itself.
    token: { name: kind, scopes: [kind === "self" ? "api" : "read_api"] },
    rotation: { startsOn: "2026-11-23" },
    adopt: { tokenId: 1201 + names.indexOf(kind), expiresAt: "2026-12-14" },
    onePassword: [{ vault: "Security", item: kind, field: "credential" }],
    variables: variables[kind],
    proof: [{ project: projects[kind], ...proofs[kind], waitMinutes: 2 }],
  };
}

/** Does what the error asks a person for when a token that rotates itself is lost: another one in its place. */
export function replaceByHand({ gitlab, onepassword }: Sandbox): void {
  const { tokens } = gitlab.state;
  const id = gitlab.state.userNamed(username("self"))?.id ?? 0;
  for (const token of tokens.of(id)) token.revoked = true;
  const { value } = tokens.issue({
    id: 1300,
    userId: id,
    name: "self",
    description: null,
    scopes: ["api"],
    expiresAt: "2026-12-01",
  });
  for (const { title, fields = [] } of onepassword.state.vaultNamed("Security").items.values())
    for (const field of fields) if (title === "self" && field.label === "credential") field.value = value;
}
