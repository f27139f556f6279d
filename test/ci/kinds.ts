import type { Sandbox } from "../../workshop/sandbox/controls";
import type { Pipeline, Variable } from "./gitlabCiLocal";

/** A name that would do harm wherever a shell took it for more than a name. */
export const evil = '$(touch pwned)`touch pwned`";touch pwned;#';

/** The project in whose pipelines the jobs run, in the sandbox's GitLab. */
export const project = "security/pat-rotation";

const schedule = { CI_PIPELINE_SOURCE: "schedule" };
const protectedRef = { CI_COMMIT_REF_PROTECTED: "true" };
const live = { PAT_ROTATION_LIVE: "true" };
const onBranch = { CI_COMMIT_BRANCH: "main", CI_DEFAULT_BRANCH: "main" };

/** A merge request, of a fork or of the project: GitLab gives it no protected variable. */
export const mergeRequest: Pipeline = {
  predefined: {
    CI_PIPELINE_SOURCE: "merge_request_event",
    CI_DEFAULT_BRANCH: "main",
    CI_MERGE_REQUEST_IID: "1",
    CI_MERGE_REQUEST_TITLE: evil,
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: evil,
    CI_COMMIT_REF_NAME: evil,
    CI_COMMIT_MESSAGE: evil,
  },
  without: ["CI_COMMIT_BRANCH"],
};

/** What was merged. */
export const merged: Pipeline = { predefined: { ...onBranch, ...protectedRef }, variables: live };

/** The nightly schedule. */
export const nightly: Pipeline = {
  predefined: { ...onBranch, ...protectedRef, ...schedule, CI_PIPELINE_SCHEDULE_DESCRIPTION: "Nightly rotation" },
  variables: live,
};

/** The schedule of the notes. */
export const noting: Pipeline = {
  predefined: { ...onBranch, ...protectedRef, ...schedule, CI_PIPELINE_SCHEDULE_DESCRIPTION: "Rotation notes" },
  variables: live,
};

/** A pipeline in the sandbox's project, with these variables of the project beside those that it has. */
export function inProject(
  pipeline: Pipeline,
  sandbox: Sandbox,
  variables: Readonly<Record<string, Variable>> = {},
): Pipeline {
  const { id } = sandbox.gitlab.state.projects.get(project) ?? { id: 0 };
  const predefined = {
    ...pipeline.predefined,
    CI_SERVER_URL: sandbox.gitlab.url,
    CI_PROJECT_ID: String(id),
    CI_JOB_TOKEN: sandbox.gitlab.jobToken("on.call"),
  };
  return { ...pipeline, predefined, variables: { ...pipeline.variables, ...variables } };
}

/** A variable with a value for each of some environments, as their scopes. */
export function scoped(values: Readonly<Record<string, string | undefined>>) {
  return { values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? ""])) };
}

/** Pipelines of one stack with those of a stack "eu" beside them, as docs/ci.md writes it. */
export function withEu(pipelines: string): string {
  const eu = [
    "  - local: /templates/rotation/template.yml",
    "    inputs:",
    "      stack: eu",
    "      name: rotation-eu",
    "      environment: rotation-eu",
    "      nightly-schedule: Nightly rotation of eu",
    "      approval: protected-environment",
    '      compromised-token: "$[[ inputs.compromised-token ]]"',
    '      compromised-stack: "$[[ inputs.compromised-stack ]]"',
    "",
  ];
  const both = pipelines
    .replace("---\n", "    compromised-stack:\n      default: any\n---\n")
    .replace(/stack: \w+\n/, '$&      compromised-stack: "$[[ inputs.compromised-stack ]]"\n');
  return `${both.trimEnd()}\n${eu.join("\n")}`;
}

/** The nightly schedule of that stack. */
export const nightlyOfEu: Pipeline = {
  ...nightly,
  predefined: { ...nightly.predefined, CI_PIPELINE_SCHEDULE_DESCRIPTION: "Nightly rotation of eu" },
};
