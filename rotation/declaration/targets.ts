import { isBelow } from "../../ground/below";
import { placesOf } from "../../places/declared";
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
  const goes = placesOf(account).map(({ destination }) => destination);
  return [
    ...goes.flatMap((place) => {
      if (!("namespace" in place) || (place.namespace === undefined && account.account.instance === true)) return [];
      return permitted(place.namespace ?? "the instance") ? [] : [`Its token would go to ${place.words}. ${remedy}`];
    }),
    ...[...new Set(account.proof.map(({ project }) => project))]
      .filter((project) => !permitted(project))
      .map((project) => `Its proof would run a pipeline of "${project}". ${remedy}`),
    ...goes.flatMap((place) => {
      if ("namespace" in place || listed.length === 0 || listed.some((vaults) => vaults.some((one) => place.isIn(one))))
        return [];
      return [`Its token would go to ${place.words}, which is not among the vaults for ${whose}.`];
    }),
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
