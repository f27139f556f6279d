import type { Run } from "../../../contract/types/pipelines";
import { targetTitle } from "../account/accountInputs";
import type { Attempt } from "./attempt";
import { needsMending, verdict } from "./verdict";

/** What kept some pipelines from saying anything about the token, and what to do of each; undefined when nothing did. */
export function openText(attempts: readonly Attempt[]): string | undefined {
  const found = attempts.flatMap((one) => textOf(one) ?? []);
  return found.length === 0 ? undefined : [...new Set(found)].join("\n");
}

function textOf({ target, run, trouble, isOurs }: Attempt): string | undefined {
  const title = `${targetTitle(target)} of project "${target.project}"`;
  if (trouble !== undefined) {
    const what =
      isOurs === true
        ? 'Our own credential is to blame, or what it may do: give the user of "GITLAB_TOKEN" what it lacks, or set a live token, and run again.'
        : "Run again when the server answers.";
    return `${title}: ${trouble}. ${what} The pipeline may still run; the next run looks at the same one again.`;
  }
  const found = verdict(target, run);
  if (!("undecided" in found)) return undefined;
  return `${title}: ${found.undecided}. ${run.url} ${adviceOn(run, found.isOver)}`;
}

function adviceOn(run: Run, isOver: boolean): string {
  if (isOver)
    return "Others were started in its place, and ended so too; the next run starts another one. Find out who or what ends them.";
  if (needsMending(run)) return "Mend that; the next run starts it again.";
  return 'Start the manual job, or name under "jobs" those that use the token; the next run looks at the same pipeline again.';
}
