import { type Owner, ownerOf, ownerTitle } from "../gitlab/api/owner";
import { listVariables } from "../gitlab/api/variables";
import type { AccountInputs, VariableTarget } from "./accountInputs";
import type { Servers } from "./servers";
import { existingVariable, hasVariable } from "./targetFaults";

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
  const owner = ownerOf(target);
  const declared = variables.filter((one) => one.key === target.key && isSameOwner(ownerOf(one), owner)).map(scopeOf);
  const others = declared.length > 1 ? await otherScopes(target, declared, at) : await anyOther(target, at);
  if (others === undefined) return [];
  const which = `variable "${target.key}" of ${ownerTitle(owner)} exists in ${others} than the declared ${quoted(declared)} as well`;
  return [
    `${which}: jobs of that environment see its value. If it is to hold this token, declare it too, with its "environmentScope"`,
  ];
}

/** Of one that is declared in a single scope, its look-up tells whether there is another. */
async function anyOther(target: VariableTarget, at: Servers): Promise<string | undefined> {
  // What cannot be looked at is told as a fault.
  const { others } = await existingVariable(target, at).catch(() => ({ others: false }));
  return others ? "another environment scope" : undefined;
}

/** Of one that is declared in several, only the list of all variables tells which others there are. */
async function otherScopes(
  target: VariableTarget,
  declared: readonly string[],
  at: Servers,
): Promise<string | undefined> {
  const owner = ownerOf(target);
  // Their values are nothing to be remembered.
  const all = await at
    .remember(`scopes of the variables of ${ownerTitle(owner)}`, async () =>
      (await listVariables(at.gitlab(), owner)).map(({ key, environmentScope }) => ({ key, environmentScope })),
    )
    .catch(() => []);
  const others = all.filter((one) => one.key === target.key && !declared.includes(scopeOf(one))).map(scopeOf);
  return others.length === 0 ? undefined : `other environment scopes (${quoted(others)})`;
}

function scopeOf({ environmentScope = "*" }: { readonly environmentScope?: string }): string {
  return environmentScope;
}

function quoted(scopes: readonly string[]): string {
  return scopes.map((scope) => `"${scope}"`).join(", ");
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
