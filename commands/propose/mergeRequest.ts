import type { GitLab } from "../../clients/gitlab/client";
import {
  findOpenMergeRequest,
  type MergeRequest,
  type MergeRequestText,
  openMergeRequest,
  updateMergeRequest,
} from "../../clients/gitlab/issues/mergeRequests";
import { getProject } from "../../clients/gitlab/projects/projects";
import { commitFile, findFile, hasBranch } from "../../clients/gitlab/projects/repository";
import { Conflict, mayHaveHappened, Refused } from "../../clients/http";
import type { Day } from "../../ground/day";
import { type Edit, EditError } from "../../settings/edits/edit";
import { fileOf, type Proposal, proposal, withFile } from "../../settings/edits/proposal";
import { fileOfStack } from "../../settings/stackFile";
import type { Tree } from "../../settings/tree";
import { branchOf, descriptionOf, titleOf } from "./words";

/** A change that somebody else's got in the way of; nothing was written. */
export class ChangedMeanwhile extends Error {
  override readonly name = "ChangedMeanwhile";
}

/** A change to propose. */
export interface Wanted {
  readonly stack: string;
  readonly edit: Edit;
  /** The same change as it is to be made to what a branch holds. @default as it is */
  readonly refined?: ((tree: Tree) => Edit) | undefined;
  /** Earlier changes that this one builds on, made to what a branch holds. @default none */
  readonly upon?: ((tree: Tree) => Tree) | undefined;
  readonly today: Day;
  /** The file for an account that is taken in. @default the stack's own */
  readonly file?: string | undefined;
  /** GitLab's labels of the merge request. @default none */
  readonly labels?: readonly string[] | undefined;
  /** GitLab's id of the user to assign. @default nobody */
  readonly assigneeId?: number | undefined;
  /** Sentences that stand first in the description. @default none */
  readonly said?: readonly string[] | undefined;
}

/** Where the declaration is kept. */
export interface Home {
  readonly gitlab: GitLab;
  /** Full path or id of the project. */
  readonly project: string;
  /** The project's folder inside of the repository: `""`, or with a slash at its end. */
  readonly prefix: string;
  /** The declaration as it is here, for what is not read from GitLab. */
  readonly tree: Tree;
}

/** What became of a proposal. */
export interface Proposed {
  /** `declared`: the target branch declares it already, so there is no merge request. */
  readonly outcome: "opened" | "updated" | "declared";
  readonly request?: MergeRequest;
  readonly proposal: Proposal;
}

/**
 * Opens the merge request of a change, or brings the open one up to date: one branch, one commit, one merge request for the
 * same change, however often it is asked for.
 *
 * @throws {@link ChangedMeanwhile} when somebody wrote the file between our look and our commit.
 * @throws {@link EditError} when the change cannot be made to what GitLab holds.
 */
export async function propose({ gitlab, project, prefix, tree }: Home, wanted: Wanted): Promise<Proposed> {
  const { stack, edit, upon = (tree) => tree, today, labels, assigneeId, said } = wanted;
  const branch = branchOf(stack, edit);
  const { defaultBranch: target } = await getProject(gitlab, project);
  const known = fileOf(tree, stack, edit.account);
  const file = known ?? wanted.file ?? fileOfStack(tree, stack);
  const path = `${prefix}${file}`;
  const open = await findOpenMergeRequest(gitlab, project, branch, target);
  const onTarget = await findFile(gitlab, project, path, target);
  if (onTarget === undefined && known !== undefined)
    throw new EditError(`Reading ${path} on "${target}" of project "${project}": there is no such file.`);
  const declared = onTarget === undefined ? tree : withFile(tree, file, onTarget.text, `branch ${target}`);
  const held = open === undefined ? onTarget : ((await findFile(gitlab, project, path, branch)) ?? onTarget);
  const current = upon(held === undefined ? declared : withFile(tree, file, held.text, `branch ${branch}`));
  const made = proposal(current, {
    stack,
    edit: wanted.refined?.(current) ?? edit,
    today,
    file: wanted.file,
    against: declared,
  });
  if (!made.changes && open === undefined) return { outcome: "declared", proposal: made };

  const title = titleOf(edit);
  if (made.changes) {
    const begin =
      open === undefined
        ? { startBranch: target, ...((await hasBranch(gitlab, project, branch)) ? { force: true } : {}) }
        : {};
    const commit = { branch, ...begin, message: title, path, text: made.text, lastCommitId: held?.lastCommitId };
    await commitFile(gitlab, project, commit).catch(async (error: unknown) => {
      if (error instanceof Refused) throw meanwhile(path, error);
      if (!mayHaveHappened(error)) throw error;
      // The answer was lost: the branch tells whether the commit is there.
      if ((await findFile(gitlab, project, path, branch))?.text !== made.text) throw error;
    });
  }
  const text: MergeRequestText = {
    title,
    description: descriptionOf(stack, edit, made.plan, said),
    labels,
    assigneeId,
  };
  if (open !== undefined) {
    return { outcome: "updated", request: await updateMergeRequest(gitlab, project, open.iid, text), proposal: made };
  }
  const request = await openMergeRequest(gitlab, project, branch, target, text).catch(async (error: unknown) => {
    if (!(error instanceof Conflict) && !mayHaveHappened(error)) throw error;
    // Another call was quicker, or the answer was lost.
    const other = await findOpenMergeRequest(gitlab, project, branch, target);
    if (other === undefined) throw error;
    return updateMergeRequest(gitlab, project, other.iid, text);
  });
  return { outcome: "opened", request, proposal: made };
}

function meanwhile(path: string, error: Refused): ChangedMeanwhile {
  return new ChangedMeanwhile(
    `Committing ${path}: ${error.message}. Nothing was written. Somebody changed it meanwhile: run the command again, which makes the change to what is there now.`,
    { cause: error },
  );
}
