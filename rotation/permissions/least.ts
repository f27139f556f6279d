import type { AccountDeclaration } from "../declaration/declaration";
import { type TokenPermissions, widenings } from "./permissions";

type Place = Omit<TokenPermissions, "allow" | "unlisted">;

/** What our own credential must be permitted, where it is fine-grained, for all that a run does for an account. */
export function leastPermissions(account: AccountDeclaration): readonly TokenPermissions[] {
  const needs: (readonly [Place, readonly string[]])[] = [
    // Whose it is, and what this GitLab can do.
    [{ user: true }, ["read_personal_access_token", "read_user"]],
    [{ instance: true }, ["read_metadata"]],
    ...tokenNeeds(account),
    ...(account.token.permissions ?? []).flatMap(({ project, group }): (typeof needs)[number][] => [
      ...(project === undefined ? [] : [[{ project }, ["read_project", "read_member"]] as const]),
      ...(group === undefined ? [] : [[{ group }, ["read_group", "read_member"]] as const]),
    ]),
    ...account.variables.map(({ project, group, instance }) => {
      const place = instance === true ? { instance } : project === undefined ? { group: group ?? "" } : { project };
      return [place, ["create_variable", "read_variable", "update_variable"]] as const;
    }),
    ...nearerVariables(account),
    ...account.proof.map(({ project, schedule, ref, job, observed }) => {
      // A schedule may give variables to what it starts, which count before the declared ones: all of them are looked at.
      const looks = [
        "read_branch",
        "read_job",
        "read_pipeline",
        "read_pipeline_schedule",
        "read_project",
        "read_protected_tag",
      ];
      const starts =
        observed === true
          ? []
          : schedule !== undefined
            ? ["update_pipeline_schedule"]
            : ref !== undefined
              ? ["create_pipeline"]
              : job === undefined
                ? []
                : ["run_job"];
      return [{ project }, [...looks, ...starts]] as const;
    }),
    ...(account.issue === undefined
      ? []
      : [
          [
            { project: account.issue.project },
            ["create_work_item", "read_project", "read_work_item", "update_work_item"],
          ] as const,
        ]),
  ];
  return together(needs);
}

/** A variable of a project or of a nearer group is seen in place of one further up: whether there is one is looked at. */
function nearerVariables({ variables, proof }: AccountDeclaration): readonly (readonly [Place, readonly string[]])[] {
  if (variables.every(({ project }) => project !== undefined)) return [];
  return proof.map(({ project }) => [{ group: project.split("/")[0] ?? project }, ["read_variable"]] as const);
}

function tokenNeeds({ account }: AccountDeclaration): readonly (readonly [Place, readonly string[]])[] {
  const { group, project, self, own, accessToken } = account;
  if (self === true) return [[{ instance: true }, ["read_user"]]];
  const place: Place = group !== undefined ? { group } : project !== undefined ? { project } : { instance: true };
  if (accessToken !== undefined)
    return [[place, [...["create", "delete", "read"].map((one) => `${one}_resource_access_token`), "read_member"]]];
  const accounts = [
    "read_service_account",
    ...(own === undefined ? [] : ["create_service_account", "update_service_account"]),
  ];
  const members = (own?.memberships ?? []).map(({ group, project }): readonly [Place, readonly string[]] => [
    project === undefined ? { group: group ?? "" } : { project },
    ["create_member", "read_member", "update_member"],
  ]);
  if (group === undefined && project === undefined)
    return [
      [place, [...accounts, "create_personal_access_token"]],
      [{ user: true }, ["revoke_personal_access_token"]],
      ...members,
    ];
  const tokens = ["create", "read", "revoke"].map((action) => `${action}_service_account_personal_access_token`);
  return [[place, [...accounts, ...tokens]], ...members];
}

/** One block for each place, as GitLab takes them. */
function together(needs: readonly (readonly [Place, readonly string[]])[]): readonly TokenPermissions[] {
  const blocks = new Map<string, readonly [Place, Set<string>]>();
  for (const [place, names] of needs) {
    const key = JSON.stringify(place).toLowerCase();
    const [, known] = blocks.get(key) ?? [place, new Set<string>()];
    // What has no number for us cannot be told: GitLab names places by numbers.
    const seen = place.project !== undefined ? ["read_project"] : place.group !== undefined ? ["read_group"] : [];
    blocks.set(key, [place, new Set([...known, ...seen, ...names])]);
  }
  return [...blocks.values()].map(([place, names]) => ({ ...place, allow: [...names].sort() }));
}

/** What of an account's needs a fine-grained credential is not permitted, in words. */
export function missingPermissions(account: AccountDeclaration, own: readonly TokenPermissions[]): readonly string[] {
  const scopes = ["granular"];
  return widenings({ scopes, permissions: own }, { scopes, permissions: leastPermissions(account) });
}
