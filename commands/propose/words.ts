import { createHash } from "node:crypto";
import { show } from "../../ground/day";
import { code, markdown, parted, prose } from "../../reports/markdown";
import { plain } from "../../reports/plain";
import type { Plan } from "../../rotation/plan/plan";
import type { Edit } from "../../settings/edits/edit";

/** The branch of a change: the same for the same change, so that it is never proposed twice. */
export function branchOf(stack: string, edit: Edit): string {
  const details =
    edit.kind === "extra-date"
      ? [edit.date]
      : edit.kind === "retry"
        ? [edit.generation, edit.on]
        : "generation" in edit
          ? [edit.generation]
          : [];
  const name = [stack, edit.kind, edit.account, ...details].join("/");
  // Git takes no name with two dots in a row, one at an end, or ".lock" at one.
  const safe = name.replace(/\.(?=\.|\/|$|lock(\/|$))/g, "-");
  const sum = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `pat-rotation/${safe}${safe === name ? "" : `-${sum}`}`;
}

/** A change in a line: the title of its merge request, and of its commit. Holds no text of anybody's but names. */
export function titleOf(edit: Edit): string {
  const account = parted(edit.account);
  switch (edit.kind) {
    case "extra-date":
      return `Rotate ${account} on ${show(edit.date)} as well`;
    case "hold":
      return `Hold ${account} at generation ${edit.generation}`;
    case "release-hold":
      return `Release the hold of ${account}`;
    case "retry":
      return `Take up the proof of generation ${edit.generation} of ${account}`;
    case "adopt":
      return `Take over account ${account}`;
    case "migrate":
      return `Give ${account} fine-grained tokens`;
    case "decommission":
      return `Decommission account ${account}`;
    case "compromise":
      return `Declare generation ${edit.generation} of ${account} compromised`;
  }
}

/** What a merge request says below its title. Nothing in it mentions, links or commands. */
export function descriptionOf(stack: string, edit: Edit, plan: Plan, said: readonly string[] = []): string {
  const why = "reason" in edit ? [`**Why:** ${prose(edit.reason)}`] : [];
  const foot = `<sub>Written by a command, which writes it anew when it is given the same change of ${code(stack)} again.</sub>`;
  return [...said.map(prose), ...why, markdown(plan).trimEnd(), foot, ""].join("\n\n");
}

/** A reason on one line, as it may be shown anywhere; nothing when there is none left, or when it seems to hold a token. */
export function reasonOf(written: string): string | undefined {
  const reason = plain(written);
  return reason === "" || reason.includes("[what looks like a token]") ? undefined : reason;
}
