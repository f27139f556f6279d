import type { AccountDeclaration } from "../declaration/declaration";
import { rotatesItself } from "../declaration/self";
import type { TokenPermissions } from "./permissions";

/** Permissions in place of scopes, as far as can be known. */
export interface Migration {
  readonly permissions: readonly TokenPermissions[];
  /** What cannot be known, and what to look at; sentences. */
  readonly notes: readonly string[];
}

const reading = [
  "read_project",
  "read_job",
  "read_merge_request",
  "read_pipeline",
  "read_repository",
  "read_work_item",
];

/** What a scope may have been used for in a project; nothing where fine-grained tokens have no such thing. */
const inProject: Readonly<Record<string, readonly string[]>> = {
  api: reading,
  read_api: reading,
  read_repository: ["download_code", "read_repository"],
  write_repository: ["download_code", "push_code", "read_repository"],
  read_registry: ["read_container_repository"],
  write_registry: ["read_container_repository"],
  manage_runner: ["read_runner", "update_runner"],
};

const forUser: Readonly<Record<string, readonly string[]>> = {
  api: ["read_user"],
  read_api: ["read_user"],
  read_user: ["read_user"],
  self_rotate: ["rotate_personal_access_token"],
  create_runner: ["create_runner"],
};

const remarks: Readonly<Record<string, string>> = {
  api: "What it writes with the scope api is told nowhere: add the permissions for that, such as create_work_item, or its pipeline fails and gets the earlier token back.",
  write_registry: "A fine-grained token cannot push container images: keep a legacy one for that, with legacyReason.",
};

/** Suggests permissions from where the tokens are used, and from what the scopes allow there. */
export function migration(account: AccountDeclaration): Migration {
  const { proof, token, variables } = account;
  const { scopes } = token;
  const projects = [...new Set([...variables, ...proof].flatMap(({ project }) => project ?? []))];
  const groups = [...new Set(variables.flatMap(({ group }) => group ?? []))].filter(
    (group) => !projects.some((project) => project.startsWith(`${group}/`)),
  );
  const names = (of: Readonly<Record<string, readonly string[]>>) => [
    ...new Set(scopes.flatMap((scope) => of[scope] ?? [])),
  ];
  const own = new Set([
    "read_personal_access_token",
    ...(rotatesItself(account.account) ? ["rotate_personal_access_token"] : []),
    ...names(forUser),
  ]);
  const [placed, strange] = [names(inProject), scopes.filter((scope) => !(scope in inProject) && !(scope in forUser))];
  const places =
    placed.length === 0 ? [] : [...projects.map((project) => ({ project })), ...groups.map((group) => ({ group }))];
  return {
    permissions: [{ user: true, allow: [...own] }, ...places.map((place) => ({ ...place, allow: placed }))],
    notes: [
      "Suggested from the places that hold its tokens and from what their scopes allow: look at what its jobs really do, and take out the rest.",
      ...scopes.flatMap((scope) => remarks[scope] ?? []),
      ...strange.map((scope) => `Nothing stands for the scope ${scope} here: add what it was used for.`),
      ...(places.length === 0 && placed.length > 0
        ? ["No project or group is known in which it works: add a block for each."]
        : ["The account must be a member of each of these places."]),
    ],
  };
}
