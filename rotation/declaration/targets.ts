import type { AccountDeclaration, AccountUser, AllowedTargets } from "./declaration";

/**
 * What an account declares beyond the places that its owner allowed, a sentence each: variables of other groups and
 * projects, pipelines that would run there, and vaults that are not listed.
 *
 * An owner is the group or project that the GitLab user belongs to. It and all below it are always allowed.
 */
export function forbidden(account: AccountDeclaration, allowed: readonly AllowedTargets[]): readonly string[] {
  const owner = ownerOf(account.account);
  const rules = allowed.filter((rule) => covers(rule, account.account));
  const places = [...(owner === undefined ? [] : [owner]), ...rules.flatMap(({ targets }) => targets)];
  const permitted = (path: string) => places.some((place) => isBelow(path, place));
  const listed = rules.flatMap(({ vaults }) => (vaults === undefined ? [] : [vaults]));
  const ownerless = account.account.self === true ? "plain users" : "accounts of the instance";
  const whose = owner === undefined ? ownerless : `accounts of "${owner}"`;
  const remedy = `The owner of that place has to list it among the targets for ${whose} in policies.allowedTargets.`;
  return [
    ...account.variables.flatMap(({ project, group, instance, key }) => {
      if (instance === true && account.account.instance === true) return [];
      const place = project ?? group ?? "the instance";
      return permitted(place) ? [] : [`Its token would go to variable ${key} of "${place}". ${remedy}`];
    }),
    ...[...new Set(account.proof.map(({ project }) => project))]
      .filter((project) => !permitted(project))
      .map((project) => `Its proof would run a pipeline of "${project}". ${remedy}`),
    ...account.onePassword
      .filter(({ vault }) => listed.length > 0 && !listed.some((vaults) => vaults.includes(vault)))
      .map(({ vault }) => `Its token would go to vault "${vault}", which is not among the vaults for ${whose}.`),
  ];
}

function ownerOf({ group, project }: AccountUser): string | undefined {
  return group ?? project;
}

function covers(rule: AllowedTargets, user: AccountUser): boolean {
  if (rule.instance === true) return user.instance === true;
  if (rule.self === true) return user.self === true;
  const owner = ownerOf(user);
  if (owner === undefined) return false;
  return rule.group === undefined
    ? rule.project?.toLowerCase() === user.project?.toLowerCase()
    : isBelow(owner, rule.group);
}

/**
 * Whether a group or project is another one, or lies below it. GitLab's paths are the same in upper and lower case; a name that only begins alike is
 * another one.
 */
export function isBelow(path: string, place: string): boolean {
  const [inner, outer] = [path.toLowerCase(), place.toLowerCase()];
  return inner === outer || inner.startsWith(`${outer}/`);
}
