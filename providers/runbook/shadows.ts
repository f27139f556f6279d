import type { Owner } from "../gitlab/api/owner";
import { ownerTitle } from "../gitlab/api/owner";
import type { AccountInputs, VariableTarget } from "./accountInputs";
import type { Servers } from "./servers";
import { existingVariable, hasVariable, ownerOf } from "./targetFaults";

/**
 * Variables that some jobs see in place of a declared one, and that are not declared: a pipeline can pass with the value that
 * such a one holds, and prove nothing. They may be meant, so this is told, and fails nothing; the old token is held while
 * GitLab sees it used.
 */
export async function shadows(inputs: AccountInputs, at: Servers): Promise<string[]> {
  const found = await Promise.all(
    inputs.variables.map(async (target) => [
      ...(await inScope(target, inputs, at)),
      ...(await nearer(target, inputs, at)),
    ]),
  );
  return [...new Set(found.flat())];
}

/** The same key of the same owner, in another environment scope. */
async function inScope(target: VariableTarget, { variables }: AccountInputs, at: Servers): Promise<string[]> {
  const scopes = variables.filter((one) => one.key === target.key && isSameOwner(ownerOf(one), ownerOf(target)));
  // Which ones there are, only a list of all variables with their values would tell.
  if (scopes.length > 1) return [];
  // What cannot be looked at is told as a fault.
  const { others } = await existingVariable(target, at).catch(() => ({ others: false }));
  if (!others) return [];
  const scope = target.environmentScope ?? "*";
  return [
    `variable "${target.key}" of ${ownerTitle(ownerOf(target))} exists in another environment scope than the declared "${scope}" as well: jobs of that environment see its value. If it is to hold this token, declare it too, with its "environmentScope"`,
  ];
}

/** The same key of a project, or of a group on the way to it: the nearer one counts. */
async function nearer(target: VariableTarget, inputs: AccountInputs, at: Servers): Promise<string[]> {
  if (target.project !== undefined) return [];
  const owners = new Map(
    inputs.pipelines.flatMap(({ project }) => ownersBelow(target, project)).map((owner) => [ownerTitle(owner), owner]),
  );
  const found = await Promise.all(
    [...owners].map(async ([title, owner]) => {
      const isDeclared = inputs.variables.some((one) => one.key === target.key && isSameOwner(ownerOf(one), owner));
      if (isDeclared || !(await hasVariable(owner, target.key, at))) return undefined;
      return `variable "${target.key}" of ${title} counts there, and not the declared one of ${ownerTitle(ownerOf(target))}: jobs see its value. If it is to hold this token, declare it too; else delete it`;
    }),
  );
  return found.filter((one) => one !== undefined);
}

/** A project, and the groups between it and the owner of a variable that reaches it. */
function ownersBelow({ group }: VariableTarget, project: string): Owner[] {
  const parts = project.split("/");
  const depth = group === undefined ? 0 : group.split("/").length;
  if (group !== undefined && !project.toLowerCase().startsWith(`${group.toLowerCase()}/`)) return [];
  const groups = parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("/"));
  return [{ project }, ...groups.slice(depth).map((path) => ({ group: path }))];
}

function isSameOwner(one: Owner, other: Owner): boolean {
  return ownerTitle(one).toLowerCase() === ownerTitle(other).toLowerCase();
}
