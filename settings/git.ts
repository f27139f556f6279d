import { spawnSync } from "node:child_process";
import { posix } from "node:path";
import type { Tree } from "./tree";

/** A commit that cannot be read: git is not there, or the clone does not hold it. */
export class CommitError extends Error {
  override readonly name = "CommitError";
}

/** Runs git, never through a shell; nothing when it fails. */
function git(root: string, args: readonly string[], input?: string): Buffer | undefined {
  const run = spawnSync("git", ["-c", "core.quotePath=false", ...args], {
    cwd: root,
    ...(input === undefined ? {} : { input }),
    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "ignore"],
    maxBuffer: 256 * 1024 * 1024,
  });
  return run.status === 0 ? run.stdout : undefined;
}

/** The full id of what names a commit, or nothing. An option cannot be smuggled in as a name. */
function commitId(root: string, name: string): string | undefined {
  if (name === "" || name.includes("\0")) return undefined;
  const id = git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`])
    ?.toString()
    .trim();
  return id !== undefined && /^[0-9a-f]{40,64}$/.test(id) ? id : undefined;
}

/** The project's folder inside of its repository: `""`, or with a slash at its end. */
export function prefixOf(root: string): string {
  return git(root, ["rev-parse", "--show-prefix"])?.toString().trim() ?? "";
}

/**
 * The project as a commit holds it.
 *
 * @throws {@link CommitError} when the name stands for no commit of this clone.
 */
export function commitTree(root: string, name: string): Tree {
  const id = commitId(root, name);
  if (id === undefined) {
    const remedy = "Fetch it first (in GitLab CI, set GIT_DEPTH to 0), or name another commit.";
    throw new CommitError(`Reading commit "${name}": this clone holds no such commit. ${remedy}`);
  }
  // Relative to the project's folder, which need not be the repository's.
  const listed = git(root, ["ls-tree", "-r", "-z", id, "--", "."]);
  if (listed === undefined) throw new CommitError(`Reading commit "${name}": git could not list its files.`);
  const blobs = new Map<string, string>();
  const links: string[] = [];
  for (const entry of listed.toString().split("\0")) {
    const [, mode, blob, path] = /^(\d{6}) blob (\w+)\t(.*)$/s.exec(entry) ?? [];
    if (blob === undefined || path === undefined) continue;
    if (mode === "120000") links.push(path);
    else blobs.set(path, blob);
  }
  return {
    name: `commit ${id.slice(0, 8)}`,
    list: (folder) =>
      [...blobs.keys()]
        .filter((path) => (folder === "" ? !path.includes("/") : path.startsWith(`${folder}/`)))
        .filter((path) => path.split("/").every((part) => !part.startsWith(".") && part !== "node_modules"))
        .sort(),
    links: (folder) => links.filter((path) => posix.dirname(path) === (folder === "" ? "." : folder)).sort(),
    read: (path) => {
      const blob = blobs.get(path);
      return blob === undefined ? undefined : git(root, ["cat-file", "blob", blob])?.toString();
    },
  };
}

/**
 * The commit from which this line of work began: what GitLab CI says of a merge request, else where it left the default
 * branch; nothing when that cannot be known here, as in a shallow clone.
 */
export function baseCommit(root: string, environment: NodeJS.ProcessEnv): string | undefined {
  const said = environment.CI_MERGE_REQUEST_DIFF_BASE_SHA;
  const base = said === undefined ? undefined : commitId(root, said);
  if (base !== undefined) return base;
  const named = environment.CI_DEFAULT_BRANCH;
  const branches = [...(named === undefined || named === "" ? [] : [`origin/${named}`]), "origin/HEAD"];
  for (const branch of [...branches, "origin/main", "origin/master", "main", "master"]) {
    const id = commitId(root, branch);
    if (id === undefined) continue;
    const [merge] = git(root, ["merge-base", "HEAD", id])?.toString().split("\n") ?? [];
    return merge === undefined || merge === "" ? undefined : merge;
  }
  return undefined;
}

/** The commit that a folder's files are of. */
export interface HeadCommit {
  readonly id: string;
  /** Its author's name, as git has it. */
  readonly author: string;
  readonly message: string;
  /** A file of it was edited since. */
  readonly isChanged: boolean;
}

/** The commit that is checked out; nothing where there is no git. */
export function headCommit(root: string): HeadCommit | undefined {
  const [id, author, message] = git(root, ["log", "-1", "--format=%H%x00%an%x00%B"])?.toString().split("\0") ?? [];
  if (id === undefined || author === undefined || message === undefined) return undefined;
  const edited = git(root, ["status", "--porcelain", "--untracked-files=no"])?.toString() ?? "";
  return { id, author, message: message.trim(), isChanged: edited.trim() !== "" };
}

/** Who wrote a line. */
export interface LineCommit {
  readonly id: string;
  /** Its author's name, as git has it. */
  readonly author: string;
  /** The UTC day. */
  readonly on: string;
  /** The first line of its message. */
  readonly title: string;
}

/** The commits of some lines of a file, that of the first line first; empty where there is no git. Lines not committed yet are passed over. */
export function blame(root: string, file: string, lines: { readonly from: number; readonly to: number }): LineCommit[] {
  const range = `${lines.from},${lines.to}`;
  const text = git(root, ["blame", "--line-porcelain", "-L", range, "--", file])?.toString() ?? "";
  return text.split(/^\t.*\n/m).flatMap((entry) => {
    const id = /^([0-9a-f]{40,64}) /.exec(entry)?.[1];
    const of = (name: string) => new RegExp(`^${name} (.*)$`, "m").exec(entry)?.[1] ?? "";
    if (id === undefined || /^0+$/.test(id)) return [];
    const on = new Date(Number(of("author-time")) * 1000).toISOString().slice(0, 10);
    return [{ id, author: of("author"), on, title: of("summary") }];
  });
}
