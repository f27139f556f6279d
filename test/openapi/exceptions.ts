import type { Service } from "../../workshop/sandbox/traffic";

type Json = { readonly [key: string]: unknown };

/** Where the servers do otherwise than their own published descriptions say; each with its reason. */

/** Operations that a description leaves out. */
export const extraOperations: readonly {
  readonly service: Service;
  readonly operation: RegExp;
  readonly reason: string;
}[] = [
  {
    service: "gitlab",
    operation: /^GET \/api\/v4\/(projects|groups)\/[^/]+$/,
    reason: "the excerpt of the description holds neither projects nor groups themselves",
  },
  {
    service: "gitlab",
    operation:
      /^GET \/api\/v4\/(groups\/[^/]+\/(projects|descendant_groups)|(projects|groups)\/[^/]+\/members\/all(\/\d+)?)$/,
    reason: "the excerpt of the description holds neither what is in a group nor its members",
  },
  {
    service: "gitlab",
    operation: /^(GET|POST|PUT|DELETE) \/api\/v4\/(projects|groups)\/[^/]+\/members(\/\d+)?$/,
    reason: "the excerpt of the description holds no members",
  },
  {
    service: "gitlab",
    operation: /^DELETE \/api\/v4\/users\/\d+$/,
    reason: "the excerpt of the description holds users to read only",
  },
  {
    service: "onepassword",
    operation: /\/$/,
    reason: "Connect takes a slash at the end of its paths; 1Password's own client for JavaScript sends one",
  },
  {
    service: "onepassword",
    operation: /^GET \/v1\/vaults\/[^/]+\/items\/[^/]+\/files$/,
    reason: "described with ids of another form than those of the other operations",
  },
  {
    service: "gitlab",
    operation: /^(GET|DELETE) \/api\/v4\/projects\/[^/]+\/(protected_branches|repository\/branches\/[^/]+)$/,
    reason: "the excerpt of the description holds no branches",
  },
  {
    service: "gitlab",
    operation: /^(GET|POST) \/api\/v4\/projects\/[^/]+\/repository\/(files\/[^/]+|tree|commits)$/,
    reason: "the excerpt of the description holds no files and commits",
  },
  {
    service: "gitlab",
    operation: /^(GET|POST|PUT) \/api\/v4\/projects\/[^/]+\/merge_requests(\/\d+(\/merge)?)?$/,
    reason: "the excerpt of the description holds the notes of merge requests, not these themselves",
  },
  {
    service: "gitlab",
    operation: /^GET \/api\/v4\/application\/settings$/,
    reason: "the excerpt of the description holds no settings of the instance",
  },
  {
    service: "gitlab",
    operation: /^GET \/api\/v4\/projects\/[^/]+\/deployments$/,
    reason: "the excerpt of the description holds no deployments",
  },
  {
    service: "gitlab",
    operation: /^GET \/api\/v4\/projects\/[^/]+\/pipelines\/\d+\/trigger_jobs$/,
    reason: "new in 19.2, after the description was made",
  },
  {
    service: "gitlab",
    operation: /^GET \/api\/v4\/projects\/[^/]+\/jobs\/\d+\/trace$/,
    reason: "plain text, although the description says that it is a job (section 7.3)",
  },
];

/** Bodies that are described in an older form, beside which there is a newer one. */
export const newerBodies: readonly {
  readonly service: Service;
  readonly operation: RegExp;
  readonly takes: string;
  readonly inPlaceOf: string;
  readonly as: Json;
  readonly reason: string;
}[] = [
  {
    service: "gitlab",
    operation: /^POST \/api\/v4\/(user|users\/\{user_id\})\/personal_access_tokens$/,
    takes: "granular_scopes",
    inPlaceOf: "scopes",
    as: {
      type: "array",
      items: {
        type: "object",
        required: ["access", "permissions"],
        additionalProperties: false,
        properties: {
          access: { enum: ["personal_projects", "all_memberships", "selected_memberships", "user", "instance"] },
          permissions: { type: "array", items: { type: "string" } },
          project_ids: { type: "array", items: { type: "integer" } },
          group_ids: { type: "array", items: { type: "integer" } },
        },
      },
    },
    reason: "fine-grained tokens are made so from 19.2 on, for others from 19.6 on, after the description was made",
  },
];

/** Query parameters that an operation takes although its description does not name them. */
export const extraParameters: readonly {
  readonly service: Service;
  readonly operation: RegExp;
  readonly name: string;
  readonly reason: string;
}[] = [
  {
    service: "gitlab",
    operation: / \/api\/v4\/groups\/\{id\}\/variables\/\{key\}$/,
    name: "filter[environment_scope]",
    reason: "group variables have scopes since 16.9; the description leaves the filter out (section 6)",
  },
  {
    service: "gitlab",
    operation: /^GET \/api\/v4\/(groups|projects)\/\{id\}\/access_tokens$/,
    name: "per_page",
    reason: "GitLab's source pages the list (lib/api/resource_access_tokens.rb), and declares no parameters for that",
  },
  {
    service: "gitlab",
    operation: /^GET \/api\/v4\/(groups|projects)\/\{id\}\/access_tokens$/,
    name: "page",
    reason: "as per_page",
  },
];

/** Statuses that an operation answers although its description does not name them. */
export const extraAnswers: readonly {
  readonly service: Service;
  readonly operation?: RegExp;
  readonly statuses: readonly number[];
  /** The described status whose body it has. */
  readonly as?: number;
  readonly reason: string;
}[] = [
  {
    service: "gitlab",
    operation: /\/rotate$/,
    statuses: [200],
    as: 201,
    reason: "rotate answers 200; the description says 201 (section 5.3)",
  },
  {
    service: "gitlab",
    operation: /^POST .*\/personal_access_tokens$/,
    statuses: [422],
    reason: "a model's refusal (section 4)",
  },
  { service: "gitlab", operation: /\/variables\/\{key\}$/, statuses: [409], reason: "ambiguous key (section 6)" },
  {
    service: "gitlab",
    operation: /^POST .*\/notes$/,
    statuses: [202],
    reason: "quick actions alone make no note (section 9)",
  },
  {
    service: "gitlab",
    statuses: [400, 401, 403, 404, 405, 429, 500, 502, 503],
    reason: "GitLab declares few of its errors; any operation may answer these (section 1.2)",
  },
  {
    service: "onepassword",
    operation: /^PATCH /,
    statuses: [400],
    reason: "a body that is no array, an unknown field (section 1.2)",
  },
  {
    service: "onepassword",
    operation: /^GET .*\/(vaults|items)$/,
    statuses: [400],
    reason: "a malformed filter (section 1.1)",
  },
  { service: "onepassword", statuses: [429, 500, 502, 503], reason: "not described, yet any server may" },
];

/** Properties whose described type is wrong, or that are not described, by schema name. */
export const retyped: readonly {
  readonly service: Service;
  readonly schema: RegExp;
  readonly properties: readonly string[];
  readonly as: Json;
  /** Not described at all. */
  readonly added?: boolean;
  /** Described as required, but not so. */
  readonly optional?: boolean;
  /** @default both */
  readonly side?: "request" | "answer";
  readonly reason: string;
}[] = [
  {
    service: "gitlab",
    schema: /^APIEntitiesResourceAccessToken(WithToken)?$/,
    properties: ["expires_at"],
    as: { type: ["string", "null"], format: "date" },
    side: "answer",
    reason: "a day, as of every token; GitLab's documentation shows one (section 5)",
  },
  {
    service: "gitlab",
    schema: /^APIEntitiesResourceAccessToken(WithToken)?$/,
    properties: ["granular"],
    as: { type: "boolean" },
    added: true,
    side: "answer",
    reason: "GitLab's source has it made of the entity of personal access tokens, whose description has it",
  },
  {
    service: "gitlab",
    schema: /^APIEntitiesPersonalAccessToken(WithToken|WithLastUsedIps)?$/,
    properties: ["granular_scopes"],
    as: {
      type: "array",
      items: { type: "object", required: ["access", "permissions", "project_id", "group_id"] },
    },
    added: true,
    side: "answer",
    reason: "shown from 19.2 on, after the description was made",
  },
  {
    service: "gitlab",
    schema: /^APIEntitiesMetadata$/,
    properties: ["kas"],
    as: { type: "object" },
    reason: "an object, although the description says string (section 11)",
  },
  {
    service: "gitlab",
    schema: /^APIEntitiesUser(Public)?$/,
    properties: ["bot", "external"],
    as: { type: "boolean" },
    reason: "the generator writes string where the entity declares no type",
  },
  {
    service: "gitlab",
    schema: /^APIEntitiesUser(Public|Basic)?$/,
    properties: ["is_admin"],
    as: { type: "boolean" },
    added: true,
    reason: "shown to admins",
  },
  {
    service: "gitlab",
    schema: /^APIEntitiesUser(Basic)?$/,
    properties: ["email"],
    as: { type: "string" },
    added: true,
    reason: "shown to admins",
  },
  {
    service: "gitlab",
    schema: /^APIEntitiesCi(Job(Basic)?|Bridge)$/,
    properties: ["project"],
    as: { type: "object" },
    reason: "an object with the job token's settings; the generator writes string",
  },
  {
    service: "gitlab",
    schema: /^APIEntitiesCiPipelineBasic$/,
    properties: ["name"],
    as: { type: ["string", "null"] },
    added: true,
    side: "answer",
    reason: "lists show it (section 7.2)",
  },
  {
    service: "gitlab",
    schema: /^APIEntitiesCiPipelineSchedule(Details)?$/,
    properties: ["inputs", "variables"],
    as: { type: "array" },
    reason: "lists, described by one of their rows",
  },
  {
    service: "gitlab",
    schema: /^APIEntitiesIssue$/,
    properties: ["assignees"],
    as: { type: "array" },
    reason: "a list, described by one of its rows",
  },
  {
    service: "gitlab",
    schema: /^APIEntitiesIssue$/,
    properties: ["user_notes_count"],
    as: { type: "integer" },
    reason: "the generator writes string where the entity declares no type",
  },
  {
    service: "gitlab",
    schema: /^APIEntitiesNote$/,
    properties: ["id", "noteable_id", "noteable_iid", "project_id"],
    as: { type: "integer" },
    reason: "the generator writes string where the entity declares no type",
  },
  {
    service: "gitlab",
    schema: /^APIEntitiesNote$/,
    properties: ["system", "resolvable", "confidential", "internal"],
    as: { type: "boolean" },
    reason: "the generator writes string where the entity declares no type",
  },
  {
    service: "gitlab",
    schema: /^APIEntitiesNote$/,
    properties: ["commands_changes"],
    as: { type: "object" },
    reason: "the generator writes string where the entity declares no type",
  },
  {
    service: "onepassword",
    schema: /^Patch/,
    properties: ["value"],
    as: {},
    reason: "described as an object, while the description's own examples hold texts and truth values",
  },
  {
    service: "onepassword",
    schema: /^(FullItem|Field)/,
    properties: ["id"],
    as: { type: "string" },
    optional: true,
    side: "request",
    reason: "the server gives new fields their ids; the description's own examples leave them out",
  },
];
