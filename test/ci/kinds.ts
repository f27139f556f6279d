import type { Sandbox } from "../../sandbox/sandbox";
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

/** A variable whose scope is one environment. */
export function scoped(environment: string, value: string | undefined): Variable {
  return { values: { [environment]: value ?? "" } };
}
