import { type Owner, ownerOf, ownerTitle } from "../../../clients/gitlab/owner";
import { listVariables } from "../../../clients/gitlab/projects/variables";
import type { Servers } from "../../../clients/servers";
import type { AccountInputs } from "../../../contract/account";
import type { VariableTarget } from "../../../contract/types/places";
import { existingVariable } from "../../../places/variable/existing";

/**
 * Variables of another environment scope that some jobs see in place of a declared one, and that are not declared: a pipeline
 * can pass with the value that such a one holds, and prove nothing. They may be meant, so this is told, and fails nothing; the
 * old token is held while GitLab sees it used.
 */
export async function shadows(inputs: Pick<AccountInputs, "variables">, at: Servers): Promise<string[]> {
  const found = await Promise.all(inputs.variables.map((target) => inScope(target, inputs, at)));
  return [...new Set(found.flat())];
}

/** The same key of the same owner, in another environment scope. */
async function inScope(
  target: VariableTarget,
  { variables }: Pick<AccountInputs, "variables">,
  at: Servers,
): Promise<string[]> {
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

/** Whether two owners are one: GitLab's paths have no case. */
export function isSameOwner(one: Owner, other: Owner): boolean {
  return ownerTitle(one).toLowerCase() === ownerTitle(other).toLowerCase();
}
