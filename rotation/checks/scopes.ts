import { knownScopes } from "../../ground/scopes";
import { closest, type Fault } from "../declaration/faults";

/** Scopes that are hardly another word than a known one: misspelt. What is nothing like one may be new, and is left to GitLab. */
export function misspelt(scopes: unknown, path: string): readonly Fault[] {
  if (!Array.isArray(scopes)) return [];
  return scopes.flatMap((scope: unknown, index) => {
    if (typeof scope !== "string" || knownScopes.includes(scope)) return [];
    const meant = closest(scope, knownScopes);
    if (meant === undefined) return [];
    return [
      {
        path: `${path}[${index}]`,
        found: `"${scope}", which is no scope that is known`,
        expected: `"${meant}", if that is what you mean`,
      },
    ];
  });
}
