import { isDenied, messageOf } from "../../clients/faults";
import { type Owner, ownerOf, ownerTitle } from "../../clients/gitlab/owner";
import { getVariable, getVariableOfKey } from "../../clients/gitlab/projects/variables";
import { Conflict, NotFound } from "../../clients/http";
import type { Servers } from "../../clients/servers";
import type { VariableTarget } from "../../contract/types/places";
import { variable } from "./declared";
import { variableRefusal } from "./refusal";

/** What is wrong with the declared CI/CD variables: each must be readable, or its owner such that it can be made. */
export async function variableFaults(variables: readonly VariableTarget[], at: Servers): Promise<string[]> {
  const faults = await Promise.all(variables.map((target) => variableFault(target, at)));
  return faults.filter((fault) => fault !== undefined);
}

/** A variable as it is. */
interface Existing {
  readonly protected: boolean;
  /** What a write would be refused for. */
  readonly refusal?: string | undefined;
  /** Its owner has another of the same key, in another environment scope. */
  readonly others: boolean;
}

/** Whether a variable exists and is protected, and whether it is the only one of its key; looked up once for each run. */
export function existingVariable(target: VariableTarget, at: Servers): Promise<Existing> {
  const owner = ownerOf(target);
  const { key, environmentScope: scope = "*" } = target;
  // The value is nothing to be remembered.
  return at.remember(subjectOf(target), async () => {
    try {
      const found = await getVariableOfKey(at.gitlab(), owner, key);
      const isOther = found.environmentScope !== scope;
      if (isOther) return { protected: false, others: true };
      return { protected: found.protected, refusal: variableRefusal(found, target), others: false };
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      const found = await getVariable(at.gitlab(), owner, key, scope).catch(noVariable);
      const refusal = found === undefined ? undefined : variableRefusal(found, target);
      return { protected: found?.protected ?? false, refusal, others: true };
    }
  });
}

function noVariable(error: unknown): undefined {
  if (!isNoVariable(error)) throw error;
}

/** Whether GitLab said that the owner, which it shows, has no such variable. */
export function isNoVariable(error: unknown): boolean {
  return error instanceof NotFound && /variable not found/i.test(error.serverMessage ?? "");
}

function subjectOf(target: VariableTarget): string {
  return `variable ${target.key} (${target.environmentScope ?? "*"}) of ${ownerTitle(ownerOf(target))}`;
}

async function variableFault(target: VariableTarget, at: Servers): Promise<string | undefined> {
  const owner = ownerOf(target);
  const { title } = variable.of(target);
  const right = variableRight(owner);
  try {
    at.forget(subjectOf(target));
    const { refusal } = await existingVariable(target, at);
    return refusal === undefined ? undefined : `${title}: ${refusal}`;
  } catch (error) {
    // To read a variable and to make one takes the same right.
    if (isNoVariable(error)) return undefined;
    if (error instanceof NotFound)
      return `${title}: ${ownerTitle(owner)} was not found with the token in "GITLAB_TOKEN". Correct the path, or give its user ${right} there`;
    if (isDenied(error))
      return `${title}: the token in "GITLAB_TOKEN" may not manage variables there (${messageOf(error)}). Give its user ${right}`;
    return `${title}: ${messageOf(error)}`;
  }
}

function variableRight(owner: Owner): string {
  if (owner.project !== undefined) return "the role Maintainer";
  return owner.group !== undefined ? "the role Owner" : "an administrator's rights";
}
