import { GitLab } from "../../clients/gitlab/client";
import type { Day } from "../../ground/day";
import type { Edit } from "../../settings/edits/edit";
import { withFile } from "../../settings/edits/proposal";
import { prefixOf } from "../../settings/git";
import { readStack } from "../../settings/stackFile";
import { folderTree, type Tree } from "../../settings/tree";
import { propose } from "../propose/mergeRequest";
import { gitlabEnvironment, projectOf } from "../propose/target";
import { carryOver } from "./carryOver";
import type { KnownState } from "./state";

/** Whether the merge request is there, and what to say of it. */
export interface Left {
  readonly isThere: boolean;
  readonly told: string;
}

/** What the merge request is left with. */
export interface LeaveOptions {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stack: string;
  readonly today: Day;
  /** As the stack was before this emergency. */
  readonly state: KnownState;
  /** GitLab's project of the declaration. @default CI_PROJECT_ID */
  readonly project: string | undefined;
}

/** Leaves the merge request behind an emergency. Never throws: whatever goes wrong with it, the token is to be ended. */
export async function leave(edit: Edit & { kind: "compromise" }, options: LeaveOptions): Promise<Left> {
  const { folder, environment, stack, today, state } = options;
  const { account, generation, on } = edit;
  const day = on === undefined ? "" : ` --date ${on}`;
  const project = projectOf(options.project, environment);
  // A reason may hold what a shell takes for more than a text: the default one holds nothing of that.
  const reason = /^[\w .,:-]+$/.test(edit.reason) ? edit.reason : "it leaked";
  const where = project ?? "<group>/<project of this declaration>";
  const remedy = `Leave it with: npm run propose -- compromise ${account} --stack ${stack} --generation ${generation}${day} --reason "${reason}" --project "${where}"`;
  if (project === undefined) {
    const told = `No merge request: GitLab's project of the declaration is not known (--project). ${remedy}`;
    return { isThere: false, told };
  }
  try {
    const gitlab = GitLab.fromEnvironment(gitlabEnvironment(environment));
    const home = { gitlab, project, prefix: prefixOf(folder), tree: folderTree(folder) };
    const said = ["An emergency: what this declares is done already. Until it is merged, each run carries it over."];
    // A token that took a leaked one's place is known to nobody before the first merge request is merged.
    const upon = (tree: Tree) => {
      const { earlier, generations } = withEarlier(tree, stack, edit, state, today);
      if (generations.length > 0)
        said.splice(
          1,
          1,
          `It says so of generation ${generations.join(", ")} as well: close the merge request of that.`,
        );
      return earlier;
    };
    const { request } = await propose(home, { stack, edit, upon, today, said });
    return request === undefined
      ? { isThere: true, told: "No merge request is needed: the default branch declares it." }
      : { isThere: true, told: `Merge request !${request.iid}: ${request.url}` };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return { isThere: false, told: `No merge request: ${message}\n${remedy}` };
  }
}

/** The declaration after the account's other emergencies, those that nobody has merged yet. */
function withEarlier(tree: Tree, stack: string, edit: Edit & { kind: "compromise" }, state: KnownState, today: Day) {
  const read = readStack(tree, stack);
  const settings = read?.settings ?? read?.usable;
  const others = state.accounts
    .filter(({ account }) => account === edit.account)
    .map((one) => ({
      ...one,
      compromised: one.compromised.filter(({ generation }) => generation !== edit.generation),
    }));
  if (settings === undefined) return { earlier: tree, generations: [] };
  const { files, generations } = carryOver(tree, stack, settings, { ...state, accounts: others }, today);
  return { earlier: files.reduce((all, { file, text }) => withFile(all, file, text), tree), generations };
}
