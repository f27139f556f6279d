import { listProjectPaths, listSubgroupPaths } from "../../providers/gitlab/api/groups";
import { type Owner, ownerTitle } from "../../providers/gitlab/api/owner";
import { listServiceAccounts } from "../../providers/gitlab/api/serviceAccounts";
import { listTokens, type Token } from "../../providers/gitlab/api/tokens";
import type { GitLab } from "../../providers/gitlab/client";
import { isDenied, messageOf } from "../../providers/runbook/faults";
import { each } from "../command";

/** A service account as GitLab holds it. */
export interface FoundAccount {
  readonly owner: Owner;
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly tokens: readonly Token[];
}

/** A list that may lack what our credential may not see. */
export interface Seen<T> {
  readonly found: readonly T[];
  /** What could not be seen, a sentence each. */
  readonly unseen: readonly string[];
}

/** A group or project and everything below it; what was asked for comes first. */
export async function withBelow(gitlab: GitLab, owner: Owner): Promise<Owner[]> {
  if (owner.group === undefined) return [owner];
  const [groups, projects] = await Promise.all([
    listSubgroupPaths(gitlab, owner.group),
    listProjectPaths(gitlab, owner.group),
  ]);
  return [owner, ...groups.map((group) => ({ group })), ...projects.map((project) => ({ project }))];
}

/** The service accounts of the owners, with their tokens, by username. Of the first owner they must be seen. */
export async function findAccounts(gitlab: GitLab, owners: readonly Owner[]): Promise<Seen<FoundAccount>> {
  const unseen: string[] = [];
  const listed = await each(owners, async (owner) => {
    try {
      return (await listServiceAccounts(gitlab, owner)).map((account) => ({ ...account, owner }));
    } catch (error) {
      if (!isDenied(error)) throw error;
      const fault = `the service accounts of ${ownerTitle(owner)} (${messageOf(error)})`;
      if (owner === owners[0]) throw new Error(`Listing ${fault}: ${remedy(owner)}`);
      unseen.push(fault);
      return [];
    }
  });
  const found = await each(listed.flat(), async (account) => ({
    ...account,
    tokens: await listTokens(gitlab, account.owner, account.id),
  }));
  return { found: found.sort((a, b) => (a.username < b.username ? -1 : 1)), unseen };
}

function remedy(owner: Owner): string {
  if (owner.group !== undefined)
    return 'check the path; the user of "GITLAB_TOKEN" must be an Owner of the group. Until GitLab 18.10 only top-level groups have service accounts.';
  return owner.project !== undefined
    ? 'check the path; the user of "GITLAB_TOKEN" must be a Maintainer of the project. Projects have service accounts since GitLab 18.11.'
    : 'it takes the token of an administrator, in "GITLAB_TOKEN", and a GitLab that you run yourself.';
}
