/**
 * The environment from which a client is made: in GitLab CI the instance need not be named, and a token for merge requests
 * alone goes before the one that rotates.
 */
export function gitlabEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GITLAB_BASE_URL, CI_API_V4_URL, GITLAB_TOKEN, PAT_ROTATION_PROPOSE_TOKEN } = environment;
  return {
    GITLAB_BASE_URL: GITLAB_BASE_URL || CI_API_V4_URL,
    GITLAB_TOKEN: PAT_ROTATION_PROPOSE_TOKEN || GITLAB_TOKEN,
  };
}

/** GitLab's project of the declaration: what was asked for, or the one that the job runs in. */
export function projectOf(asked: string | undefined, environment: NodeJS.ProcessEnv): string | undefined {
  return asked ?? (environment.CI_PROJECT_ID || undefined);
}
