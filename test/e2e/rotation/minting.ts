import type { Document } from "yaml";
import type { World } from "../../../workshop/sandbox/world";
import { declarationOf, kindsWorld, username } from "./kinds";

const project = "security/self";

/** What the tokens of a plain user are permitted who mints the next one itself. */
export const permissions = [
  {
    user: true,
    allow: ["create_personal_access_token", "read_personal_access_token", "revoke_personal_access_token"],
  },
  { project, allow: ["read_job"] },
];

/** The world of all kinds; the plain user is a member of its project, whose job reads that project's jobs with the token. */
export function mintingWorld(): World {
  const whole = kindsWorld("owner");
  const request = `GET /projects/${encodeURIComponent(project)}/jobs`;
  return {
    ...whole,
    projects: whole.projects.map((one) =>
      one.path === project
        ? {
            ...one,
            members: { [username("self")]: "developer" as const },
            jobs: (one.jobs ?? []).map((job) => (job.needs ? { ...job, needs: { ...job.needs, request } } : job)),
          }
        : one,
    ),
  };
}

/** Has the settings declare that user, whose tokens have an overlap, and others where they are given. */
export const declareMinting =
  (more: object = {}, health = false, others: readonly object[] = []) =>
  (settings: Document) => {
    const { account, token, ...rest } = declarationOf("self");
    const { scopes: _scopes, ...named } = token as Record<string, unknown>;
    const declared = {
      ...rest,
      account: { ...(account as object), mints: true },
      token: { ...named, permissions },
      ...more,
    };
    settings.setIn(["config", "pat-rotation:accounts"], [declared, ...others]);
    settings.setIn(["config", "pat-rotation:health"], health);
  };
