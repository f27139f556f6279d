import type { GitLab } from "../client";
import { groupPath } from "../owner";
import type { Shape } from "../shape";

/** The day from which an instance refuses legacy tokens; undefined where it does not. Only an administrator may ask. */
export function instanceEnforcement(gitlab: GitLab): Promise<string | undefined> {
  return gitlab.get("/application/settings", enforcedFrom);
}

/** The day from which a top-level group refuses legacy tokens; undefined where it does not, or does not tell us. */
export function groupEnforcement(gitlab: GitLab, group: string): Promise<string | undefined> {
  return gitlab.get(groupPath(group), enforcedFrom);
}

function enforcedFrom(shape: Shape): string | undefined {
  const from = shape.optionalText("granular_tokens_enforced_after")?.slice(0, 10);
  return shape.flag("enforce_granular_tokens") ? from : undefined;
}
