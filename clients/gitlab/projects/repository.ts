import { NotFound } from "../../http";
import type { GitLab } from "../client";
import { projectPath } from "../owner";

/** A file of a repository. */
export interface RepositoryFile {
  readonly text: string;
  /** The commit that wrote it last. */
  readonly lastCommitId: string;
}

/** A commit of one file. */
export interface FileCommit {
  /** The branch that it is put on. */
  readonly branch: string;
  /** The branch from which that one begins; absent when it is there already. */
  readonly startBranch?: string;
  /** Lets the branch begin anew, whatever it holds. */
  readonly force?: boolean;
  readonly message: string;
  readonly path: string;
  readonly text: string;
  /** The file as it was read; GitLab refuses when it changed since. Absent for a new file. */
  readonly lastCommitId?: string | undefined;
}

/** A file as a branch holds it; nothing when it holds none. */
export async function findFile(
  gitlab: GitLab,
  project: string,
  path: string,
  branch: string,
): Promise<RepositoryFile | undefined> {
  const file = `${repositoryPath(project)}/files/${encodeURIComponent(path)}`;
  try {
    return await gitlab.get(
      file,
      (shape) => ({
        text: Buffer.from(shape.text("content"), "base64").toString("utf8"),
        lastCommitId: shape.text("last_commit_id"),
      }),
      { ref: branch },
    );
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** Whether there is such a branch. */
export async function hasBranch(gitlab: GitLab, project: string, branch: string): Promise<boolean> {
  try {
    return await gitlab.get(`${repositoryPath(project)}/branches/${encodeURIComponent(branch)}`, () => true);
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}

/** Puts one file on a branch, in a commit of its own. */
export function commitFile(gitlab: GitLab, project: string, made: FileCommit): Promise<void> {
  const { branch, startBranch, force, message, path, text, lastCommitId } = made;
  const action = lastCommitId === undefined ? { action: "create" } : { action: "update", last_commit_id: lastCommitId };
  const body = {
    branch,
    commit_message: message,
    ...(startBranch === undefined ? {} : { start_branch: startBranch }),
    ...(force === undefined ? {} : { force }),
    actions: [{ ...action, file_path: path, content: text }],
  };
  return gitlab.write("POST", `${repositoryPath(project)}/commits`, (shape) => void shape.filled("id"), { body });
}

function repositoryPath(project: string): string {
  return `${projectPath(project)}/repository`;
}
