import type { Variable } from "../../clients/gitlab/projects/variables";

/** What may be declared of a variable, and GitLab decides when it is made. */
export interface Visibility {
  readonly hidden?: boolean | undefined;
  readonly masked?: boolean | undefined;
}

/** What GitLab would refuse a write to a variable that exists for; undefined when for nothing. */
export function variableRefusal(
  found: Pick<Variable, "hidden" | "masked">,
  { hidden, masked }: Visibility,
): string | undefined {
  if (hidden !== undefined && hidden !== found.hidden)
    return `it is ${found.hidden ? "" : "not "}hidden, and GitLab decides that when a variable is made. Delete it in GitLab and run again, or leave "hidden" out`;
  if (found.hidden && masked === false)
    return 'it is hidden, and GitLab masks every hidden one. Leave "masked" out, or delete it in GitLab and run again';
  return undefined;
}
