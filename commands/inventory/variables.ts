import { isDenied, messageOf } from "../../clients/faults";
import type { GitLab } from "../../clients/gitlab/client";
import { type Owner, ownerTitle } from "../../clients/gitlab/owner";
import { listVariables } from "../../clients/gitlab/projects/variables";
import { each } from "../command";
import type { Seen } from "./accounts";
import type { Held, Identifier } from "./identify";

/** A CI/CD variable, without its value. */
export interface FoundVariable {
  readonly owner: Owner;
  readonly key: string;
  readonly environmentScope: string;
  readonly protected: boolean;
  readonly masked: boolean;
  /** Its value is never shown, so that nobody can say what it holds. */
  readonly hidden: boolean;
  /** The token in it; nothing in a hidden one. */
  readonly held: Held | undefined;
}

/** The variables of the owners that hold what looks like a token, and those that are hidden. */
export async function findVariables(
  gitlab: GitLab,
  owners: readonly Owner[],
  identifier: Identifier,
): Promise<Seen<FoundVariable>> {
  const unseen: string[] = [];
  const found = await each(owners, async (owner) => {
    try {
      const variables = await listVariables(gitlab, owner);
      return await each(variables, async ({ key, value, environmentScope, masked, hidden, ...rest }) => {
        const held = value === undefined ? undefined : await identifier.held(value);
        return { owner, key, environmentScope, protected: rest.protected, masked, hidden, held };
      });
    } catch (error) {
      if (!isDenied(error)) throw error;
      unseen.push(`the variables of ${ownerTitle(owner)} (${messageOf(error)})`);
      return [];
    }
  });
  return { found: found.flat().filter(({ hidden, held }) => hidden || held !== undefined), unseen };
}

/** A variable in words. */
export function variableTitle({ owner, key, environmentScope }: FoundVariable): string {
  const scope = environmentScope === "*" ? "" : ` (environment ${environmentScope})`;
  return `variable ${key}${scope} of ${ownerTitle(owner)}`;
}
