import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Files by their paths. */
export type Files = Readonly<Record<string, string>>;

/** A GitLab project's repository, with merge requests as GitLab keeps them, and the clone that a job works in. */
export class Repository {
  readonly #root = mkdtempSync(join(tmpdir(), "repository-"));
  /** The job's clone. */
  readonly clone = join(this.#root, "clone");
  readonly #origin = join(this.#root, "origin.git");
  readonly #work = join(this.#root, "work");

  /**
   * A repository with one commit on its default branch.
   *
   * @param project - the project's folder, to begin with all its files, those that are not committed yet as well.
   */
  constructor(files: Files, project?: string) {
    this.#git(this.#root, "init", "-q", "--bare", "-b", "main", this.#origin);
    this.#git(this.#root, "init", "-q", "-b", "main", this.#work);
    for (const path of project === undefined ? [] : this.#listed(project)) {
      cpSync(join(project ?? "", path), join(this.#work, path), { recursive: true });
    }
    this.commit(files);
    this.#git(this.#root, "clone", "-q", this.#origin, this.clone);
  }

  /** Commits to the default branch; answers the commit's id. */
  commit(files: Files): string {
    this.#git(this.#work, "checkout", "-q", "-B", "main");
    return this.#push(files, "refs/heads/main");
  }

  /** Opens or changes the merge request of that number: commits upon the default branch. */
  request(iid: number, files: Files): string {
    this.#git(this.#work, "checkout", "-q", "--detach", "main");
    return this.#push(files, `refs/merge-requests/${iid}/head`);
  }

  /** A merge request from a history of its own. */
  strangeRequest(iid: number, files: Files): string {
    this.#git(this.#work, "checkout", "-q", "--orphan", `strange-${iid}`);
    this.#git(this.#work, "rm", "-rfq", ".");
    return this.#push(files, `refs/merge-requests/${iid}/head`);
  }

  /** Brings the clone to the newest commit of the default branch, or of another ref, as a new job would find it. */
  refresh(ref = "refs/heads/main"): void {
    this.#git(this.clone, "fetch", "-q", "origin");
    this.#git(this.clone, "fetch", "-q", "origin", ref);
    this.#git(this.clone, "checkout", "-q", "-f", "--detach", "FETCH_HEAD");
    this.#git(this.clone, "clean", "-q", "-f", "-d", "-x", "-e", "node_modules");
  }

  /** The files in the clone, those of git itself aside. */
  files(): string[] {
    return readdirSync(this.clone).filter((name) => name !== ".git");
  }

  /** Deletes everything. */
  remove(): void {
    rmSync(this.#root, { recursive: true, force: true, maxRetries: 5 });
  }

  #push(files: Files, ref: string): string {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.#work, path)), { recursive: true });
      writeFileSync(join(this.#work, path), text);
    }
    this.#git(this.#work, "add", "-A");
    this.#git(this.#work, "commit", "-q", "--allow-empty", "-m", "A step");
    this.#git(this.#work, "push", "-q", "-f", this.#origin, `HEAD:${ref}`);
    return this.#git(this.#work, "rev-parse", "HEAD").trim();
  }

  #listed(project: string): string[] {
    const listed = this.#git(project, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
    return listed.split("\0").filter((path) => path !== "" && existsSync(join(project, path)));
  }

  #git(folder: string, ...args: readonly string[]): string {
    const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    return execFileSync("git", [...who, ...args], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }
}
