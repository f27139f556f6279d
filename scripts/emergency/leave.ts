import { GitLab } from "../../providers/gitlab/client";
import type { Day } from "../../rotation/day";
import type { Edit } from "../../settings/edits/edit";
import { prefixOf } from "../../settings/git";
import { folderTree } from "../../settings/tree";
import { propose } from "../propose/mergeRequest";
import { gitlabEnvironment, projectOf } from "../propose/target";

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
  /** GitLab's project of the declaration. @default CI_PROJECT_ID */
  readonly project: string | undefined;
}

/** Leaves the merge request behind an emergency. Never throws: whatever goes wrong with it, the token is to be ended. */
export async function leave(edit: Edit & { kind: "compromise" }, options: LeaveOptions): Promise<Left> {
  const { folder, environment, stack, today } = options;
  const { account, generation, on } = edit;
  const day = on === undefined ? "" : ` --date ${on}`;
  const remedy = `Leave it with: npm run propose -- compromise ${account} --stack ${stack} --generation ${generation}${day} --reason …`;
  const project = projectOf(options.project, environment);
  if (project === undefined) {
    const told = `No merge request: GitLab's project of the declaration is not known (--project). ${remedy}`;
    return { isThere: false, told };
  }
  try {
    const gitlab = GitLab.fromEnvironment(gitlabEnvironment(environment));
    const home = { gitlab, project, prefix: prefixOf(folder), tree: folderTree(folder) };
    const said = ["An emergency: what this declares is done already. Until it is merged, each run carries it over."];
    const { request } = await propose(home, { stack, edit, today, said });
    return request === undefined
      ? { isThere: true, told: "No merge request is needed: the default branch declares it." }
      : { isThere: true, told: `Merge request !${request.iid}: ${request.url}` };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return { isThere: false, told: `No merge request: ${message}\n${remedy}` };
  }
}
