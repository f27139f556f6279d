/** What a request must be permitted, and where: the first place that fits decides what a refusal names. */
export interface Permission {
  readonly name: string;
  /** As GitLab says it: `Job: Run`. */
  readonly title: string;
  readonly at: readonly ("project" | "group" | "user" | "instance")[];
}

type Place = Permission["at"][number];

/** Method, path below `/api/v4` (`*` for one segment), action and resource, and the kind of place. */
const routes: readonly (readonly [string, string, string, string, Place])[] = [
  ["GET", "/personal_access_tokens", "Read", "Personal Access Token", "user"],
  ["GET", "/personal_access_tokens/*", "Read", "Personal Access Token", "user"],
  ["DELETE", "/personal_access_tokens/*", "Revoke", "Personal Access Token", "user"],
  ["POST", "/personal_access_tokens/*/rotate", "Rotate", "Personal Access Token", "user"],
  ["POST", "/user/personal_access_tokens", "Create", "Personal Access Token", "user"],
  ["POST", "/users/*/personal_access_tokens", "Create", "Personal Access Token", "instance"],
  ["GET", "/version", "Read", "Metadata", "instance"],
  ["GET", "/metadata", "Read", "Metadata", "instance"],
  ["GET", "/application/settings", "Read", "Application Setting", "instance"],
  ["GET", "/user", "Read", "User", "user"],
  ["GET", "/users", "Read", "User", "instance"],
  ["GET", "/users/*", "Read", "User", "user"],
  ["GET", "/groups/*", "Read", "Group", "group"],
  ["GET", "/groups/*/descendant_groups", "Read", "Group", "group"],
  ["GET", "/groups/*/projects", "Read", "Project", "group"],
  ["GET", "/projects/*", "Read", "Project", "project"],
  ["GET", "/projects/*/deployments", "Read", "Deployment", "project"],
  ["GET", "/projects/*/jobs", "Read", "Job", "project"],
  ["GET", "/projects/*/jobs/*", "Read", "Job", "project"],
  ["GET", "/projects/*/jobs/*/trace", "Read", "Job", "project"],
  ["POST", "/projects/*/jobs/*/cancel", "Update", "Job", "project"],
  ["POST", "/projects/*/jobs/*/play", "Run", "Job", "project"],
  ["POST", "/projects/*/jobs/*/retry", "Run", "Job", "project"],
  ["POST", "/projects/*/pipeline", "Create", "Pipeline", "project"],
  ["GET", "/projects/*/pipelines", "Read", "Pipeline", "project"],
  ["GET", "/projects/*/pipelines/*", "Read", "Pipeline", "project"],
  ["GET", "/projects/*/pipelines/*/*", "Read", "Pipeline", "project"],
  ["POST", "/projects/*/pipelines/*/*", "Update", "Pipeline", "project"],
  ["GET", "/projects/*/pipeline_schedules", "Read", "Pipeline Schedule", "project"],
  ["GET", "/projects/*/pipeline_schedules/*", "Read", "Pipeline Schedule", "project"],
  ["GET", "/projects/*/pipeline_schedules/*/pipelines", "Read", "Pipeline Schedule", "project"],
  ["POST", "/projects/*/pipeline_schedules/*/play", "Update", "Pipeline Schedule", "project"],
  ["GET", "/projects/*/protected_branches", "Read", "Protected Branch", "project"],
  ["GET", "/projects/*/repository/branches/*", "Read", "Branch", "project"],
  ["DELETE", "/projects/*/repository/branches/*", "Delete", "Branch", "project"],
  ["GET", "/projects/*/repository/files/*", "Read", "Repository", "project"],
  ["GET", "/projects/*/repository/tree", "Read", "Repository", "project"],
  ["POST", "/projects/*/repository/commits", "Create", "Commit", "project"],
  ["GET", "/projects/*/issues", "Read", "Work Item", "project"],
  ["POST", "/projects/*/issues", "Create", "Work Item", "project"],
  ["GET", "/projects/*/issues/*", "Read", "Work Item", "project"],
  ["PUT", "/projects/*/issues/*", "Update", "Work Item", "project"],
  ["GET", "/projects/*/issues/*/notes", "Read", "Work Item", "project"],
  ["POST", "/projects/*/issues/*/notes", "Create", "Work Item", "project"],
  ["GET", "/projects/*/issues/*/notes/*", "Read", "Work Item", "project"],
  ["PUT", "/projects/*/issues/*/notes/*", "Update", "Work Item", "project"],
  ["DELETE", "/projects/*/issues/*/notes/*", "Delete", "Work Item", "project"],
  ["GET", "/projects/*/merge_requests", "Read", "Merge Request", "project"],
  ["POST", "/projects/*/merge_requests", "Create", "Merge Request", "project"],
  ["GET", "/projects/*/merge_requests/*", "Read", "Merge Request", "project"],
  ["PUT", "/projects/*/merge_requests/*", "Update", "Merge Request", "project"],
  ["PUT", "/projects/*/merge_requests/*/merge", "Merge", "Merge Request", "project"],
  ["GET", "/projects/*/merge_requests/*/notes", "Read", "Work Item", "project"],
  ["POST", "/projects/*/merge_requests/*/notes", "Create", "Work Item", "project"],
  ["PUT", "/projects/*/merge_requests/*/notes/*", "Update", "Work Item", "project"],
  ["GET", "/service_accounts", "Read", "Service Account", "instance"],
  ["POST", "/service_accounts", "Create", "Service Account", "instance"],
  ["PATCH", "/service_accounts/*", "Update", "Service Account", "instance"],
  ["GET", "/admin/ci/variables", "Read", "Variable", "instance"],
  ["POST", "/admin/ci/variables", "Create", "Variable", "instance"],
  ["GET", "/admin/ci/variables/*", "Read", "Variable", "instance"],
  ["PUT", "/admin/ci/variables/*", "Update", "Variable", "instance"],
  ["DELETE", "/admin/ci/variables/*", "Delete", "Variable", "instance"],
  ...(["project", "group"] as const).flatMap((kind) => {
    const accounts = `/${kind}s/*/service_accounts`;
    const tokens = `${accounts}/*/personal_access_tokens`;
    const ownTokens = "Service Account Personal Access Token";
    const own: readonly (readonly [string, string, string, string])[] = [
      ["GET", accounts, "Read", "Service Account"],
      ["POST", accounts, "Create", "Service Account"],
      ["PATCH", `${accounts}/*`, "Update", "Service Account"],
      ["DELETE", `${accounts}/*`, "Delete", "Service Account"],
      ["GET", tokens, "Read", ownTokens],
      ["POST", tokens, "Create", ownTokens],
      ["DELETE", `${tokens}/*`, "Revoke", ownTokens],
      ["POST", `${tokens}/*/rotate`, "Rotate", ownTokens],
      ["GET", `/${kind}s/*/access_tokens`, "Read", "Resource Access Token"],
      ["POST", `/${kind}s/*/access_tokens`, "Create", "Resource Access Token"],
      ["GET", `/${kind}s/*/access_tokens/*`, "Read", "Resource Access Token"],
      ["DELETE", `/${kind}s/*/access_tokens/*`, "Delete", "Resource Access Token"],
      ["POST", `/${kind}s/*/access_tokens/*/rotate`, "Rotate", "Resource Access Token"],
      ["GET", `/${kind}s/*/members`, "Read", "Member"],
      ["POST", `/${kind}s/*/members`, "Create", "Member"],
      ["GET", `/${kind}s/*/members/*`, "Read", "Member"],
      ["PUT", `/${kind}s/*/members/*`, "Update", "Member"],
      ["DELETE", `/${kind}s/*/members/*`, "Delete", "Member"],
      ["GET", `/${kind}s/*/members/all/*`, "Read", "Member"],
      ["GET", `/${kind}s/*/variables`, "Read", "Variable"],
      ["POST", `/${kind}s/*/variables`, "Create", "Variable"],
      ["GET", `/${kind}s/*/variables/*`, "Read", "Variable"],
      ["PUT", `/${kind}s/*/variables/*`, "Update", "Variable"],
      ["DELETE", `/${kind}s/*/variables/*`, "Delete", "Variable"],
    ];
    return own.map(([method, path, action, resource]) => [method, path, action, resource, kind] as const);
  }),
];

const compiled = routes.map(([method, path, action, resource, place]) => ({
  method,
  pattern: new RegExp(`^/api/v4${path.replaceAll("*", "[^/]+")}$`),
  permission: {
    name: `${action} ${resource}`.toLowerCase().replaceAll(" ", "_"),
    title: `${resource}: ${action}`,
    at: [place],
  },
}));

/** The permission that a request takes; undefined where it supports no fine-grained token. */
export function permissionOf(method: string, path: string): Permission | undefined {
  return compiled.find((one) => one.method === method && one.pattern.test(path))?.permission;
}

/** The permissions that requests of this server take, and some that no request here does. */
export const permissionNames: readonly string[] = [
  ...new Set(compiled.map(({ permission }) => permission.name)),
  "download_code",
  "push_code",
  "read_code",
  "read_package",
  "read_container_repository",
  "read_protected_tag",
];
