import { createHash } from "node:crypto";

/** A file of a commit. */
export interface RepositoryFile {
  readonly content: string;
  /** The commit that wrote it last. */
  readonly lastCommitId: string;
}

/** A commit, with all files as they are after it. */
export interface Commit {
  readonly id: string;
  readonly parentIds: readonly string[];
  readonly message: string;
  readonly authorId: number | undefined;
  readonly at: string;
  readonly files: ReadonlyMap<string, RepositoryFile>;
}

/** What a commit does to a file; without content it goes. */
export interface FileChange {
  readonly path: string;
  readonly content?: string;
}

/** The branches of a project and the commits behind them. */
export class Repository {
  readonly #commits = new Map<string, Commit>();
  readonly #heads = new Map<string, string>();

  constructor(path: string, branches: readonly string[], files: Readonly<Record<string, string>>, at: string) {
    for (const branch of branches) {
      const id = hash(`${path} ${branch}`);
      const entries = Object.entries(files).map(([name, content]) => [name, { content, lastCommitId: id }] as const);
      this.#keep(branch, { id, parentIds: [], message: "Begin", authorId: undefined, at, files: new Map(entries) });
    }
  }

  /** One with these commits and branches. */
  static of(commits: readonly Commit[], heads: ReadonlyMap<string, string>): Repository {
    const repository = new Repository("", [], {}, "");
    for (const commit of commits) repository.#commits.set(commit.id, commit);
    for (const [branch, id] of heads) repository.#heads.set(branch, id);
    return repository;
  }

  /** All commits, in the order of their making. */
  get commits(): readonly Commit[] {
    return [...this.#commits.values()];
  }

  /** The id of each branch's newest commit. */
  get heads(): ReadonlyMap<string, string> {
    return this.#heads;
  }

  /** The newest commit of a branch, or the commit of that id. */
  find(ref: string): Commit | undefined {
    return this.#commits.get(this.#heads.get(ref) ?? ref);
  }

  /** Put a commit on a branch, which begins here when it is not there. */
  commit(
    branch: string,
    parents: readonly Commit[],
    changes: readonly FileChange[],
    by: Pick<Commit, "message" | "authorId" | "at">,
  ): Commit {
    const parentIds = parents.map(({ id }) => id);
    const id = hash(JSON.stringify([parentIds, changes, by, this.#commits.size]));
    const files = new Map(parents[0]?.files);
    for (const { path, content } of changes) {
      if (content === undefined) files.delete(path);
      else files.set(path, { content, lastCommitId: id });
    }
    return this.#keep(branch, { ...by, id, parentIds, files });
  }

  /** Forget a branch; its commits stay. */
  remove(branch: string): void {
    this.#heads.delete(branch);
  }

  /** What merging a commit into another brings in; nothing when both changed the same file. */
  merge(into: Commit, from: Commit): readonly FileChange[] | undefined {
    const base = this.#base(into, from);
    const paths = [...new Set([...(base?.files.keys() ?? []), ...from.files.keys()])];
    const content = (commit: Commit | undefined, path: string) => commit?.files.get(path)?.content;
    const changed = paths.filter((path) => content(from, path) !== content(base, path));
    const open = changed.filter((path) => content(into, path) !== content(from, path));
    if (open.some((path) => content(into, path) !== content(base, path))) return undefined;
    return open.map((path) => {
      const wanted = content(from, path);
      return wanted === undefined ? { path } : { path, content: wanted };
    });
  }

  #base(one: Commit, other: Commit): Commit | undefined {
    const ancestors = new Set(this.#history(one).map(({ id }) => id));
    return this.#history(other).find(({ id }) => ancestors.has(id));
  }

  #history(from: Commit): readonly Commit[] {
    const seen = new Set([from]);
    for (const commit of seen) {
      for (const id of commit.parentIds) {
        const parent = this.#commits.get(id);
        if (parent !== undefined) seen.add(parent);
      }
    }
    return [...seen];
  }

  #keep(branch: string, commit: Commit): Commit {
    this.#commits.set(commit.id, commit);
    this.#heads.set(branch, commit.id);
    return commit;
  }
}

/** Git's hash of a text, in looks. */
export function hash(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}
