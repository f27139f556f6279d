import { isDenied, messageOf } from "../../clients/faults";
import type { GitLab } from "../../clients/gitlab/client";
import { type Owner, ownerTitle } from "../../clients/gitlab/owner";
import { listProjectPaths, listSubgroupPaths } from "../../clients/gitlab/projects/groups";
import { accessLevels } from "../../clients/gitlab/users/access";
import { listServiceAccounts } from "../../clients/gitlab/users/serviceAccounts";
import { listTokens, noUser, type Token } from "../../clients/gitlab/users/tokens";
import { Unauthorized } from "../../clients/http";
import { accessTokenRoles } from "../../rotation/declaration/declaration";
import { each } from "../command";

/** A service account as GitLab holds it. */
export interface FoundAccount {
  readonly owner: Owner;
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly tokens: readonly Token[];
  /** The role of the bot, where this is an access token of the group or project itself, called as the token is. */
  readonly accessToken?: (typeof accessTokenRoles)[number];
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
  ]).catch((error: unknown) => {
    if (!isDenied(error)) throw error;
    throw new Error(`Listing what is below ${ownerTitle(owner)} (${messageOf(error)}): ${remedy(owner)}`, {
      cause: error,
    });
  });
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

/** The access tokens of groups and projects themselves that live, each an account of its own; those that are adopted aside. */
export async function findAccessTokens(
  gitlab: GitLab,
  owners: readonly Owner[],
  adopted: ReadonlySet<number>,
): Promise<Seen<FoundAccount>> {
  const unseen: string[] = [];
  const found = await each(owners, async (owner): Promise<FoundAccount[]> => {
    if (owner.group === undefined && owner.project === undefined) return [];
    try {
      const tokens = await listTokens(gitlab, owner, noUser, { state: "active" });
      return tokens.filter(({ id }) => !adopted.has(id)).map((token) => ofToken(owner, token));
    } catch (error) {
      if (!isDenied(error) && !(error instanceof Unauthorized)) throw error;
      unseen.push(`the access tokens of ${ownerTitle(owner)} (${messageOf(error)})`);
      return [];
    }
  });
  return { found: found.flat().sort((a, b) => (a.username < b.username ? -1 : 1)), unseen };
}

function ofToken(owner: Owner, token: Token): FoundAccount {
  const { name, userId: id, accessLevel = 0 } = token;
  const accessToken = accessTokenRoles.filter((role) => accessLevels[role] <= accessLevel).at(-1) ?? "guest";
  const kind = owner.group === undefined ? "project" : "group";
  return { owner, id, username: name, name: `a ${kind} access token`, tokens: [token], accessToken };
}

function remedy(owner: Owner): string {
  if (owner.group !== undefined)
    return 'check the path; the user of "GITLAB_TOKEN" must be an Owner of the group. Until GitLab 18.10 only top-level groups have service accounts.';
  return owner.project !== undefined
    ? 'check the path; the user of "GITLAB_TOKEN" must be a Maintainer of the project. Projects have service accounts since GitLab 18.11.'
    : 'it takes the token of an administrator, in "GITLAB_TOKEN", and a GitLab that you run yourself.';
}
