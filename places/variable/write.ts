import type { GitLab } from "../../clients/gitlab/client";
import type { Owner } from "../../clients/gitlab/owner";
import { updateVariable, type Variable, type VariableChanges } from "../../clients/gitlab/projects/variables";
import { type ApiError, Forbidden, mayHaveHappened, NotFound, Unauthorized } from "../../clients/http";
import { variable } from "./declared";
import { movedText, movedTo } from "./moved";

/** A variable of an owner: this one and no other. */
export interface Identity {
  readonly owner: Owner;
  readonly key: string;
  readonly scope: string;
}

/** The variable in words. */
export function titleOf({ owner, key, scope }: Identity): string {
  const { project, group } = owner;
  return variable.title({
    kind: "variable",
    ...(project === undefined ? {} : { project }),
    ...(group === undefined ? {} : { group }),
    key,
    environmentScope: scope,
  });
}

/**
 * The one way by which a value gets into a variable that is there, by its own resource and by a put-back. What is not sent
 * stays as it is.
 *
 * @param otherwise - what is done when it is not there, or when nobody knows whether the write was done.
 */
export async function writeVariable(
  gitlab: GitLab,
  { owner, key, scope }: Identity,
  changes: VariableChanges,
  otherwise: (error: unknown) => Promise<Variable>,
): Promise<Variable> {
  try {
    return await updateVariable(gitlab, owner, key, scope, changes);
  } catch (error) {
    if (error instanceof NotFound || mayHaveHappened(error)) return otherwise(error);
    throw error;
  }
}

/** What a write was refused for, and what to do, in words; a sentence without its end. */
export async function refusedFor(error: ApiError, { owner }: Identity, gitlab: () => GitLab): Promise<string> {
  return `${error.message}${(await moved(owner, gitlab)) ?? remedy(error)}`;
}

/** That the owner is a project which has moved, where GitLab showed it. */
async function moved(owner: Owner, gitlab: () => GitLab): Promise<string | undefined> {
  if (owner.project === undefined) return undefined;
  const path = await movedTo(gitlab(), owner.project).catch(() => undefined);
  return path === undefined ? undefined : `. In GitLab ${movedText(owner.project, path)}`;
}

function remedy(error: ApiError): string {
  if (error instanceof Unauthorized) return ". Check GITLAB_TOKEN: it is not accepted";
  if (error instanceof Forbidden || error instanceof NotFound)
    return ". The user of GITLAB_TOKEN needs the scope api, and to be a maintainer of the project, an owner of the group, or an administrator for the instance's";
  return "";
}
