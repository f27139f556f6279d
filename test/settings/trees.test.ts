import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { baseCommit, commitTree, headCommit } from "../../settings/git";
import { folderTree } from "../../settings/tree";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function project(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "plan-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) put(root, path, text);
  return root;
}

function put(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function git(root: string, ...args: readonly string[]): string {
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...who, ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

function commit(root: string, message: string): string {
  git(root, "add", "-A");
  git(root, "commit", "-q", "-m", message);
  return git(root, "rev-parse", "HEAD");
}

test("a folder and a commit of it hold the same files", () => {
  const root = project({
    "Pulumi.prod.yaml": "a",
    "accounts/a.yaml": "b",
    "accounts/x/é ü.yaml": "c",
    ".hidden.yaml": "",
  });
  git(root, "init", "-q", "-b", "main");
  commit(root, "first");
  for (const tree of [folderTree(root), commitTree(root, "HEAD")]) {
    expect([tree.list(""), tree.list("accounts")]).toEqual([
      ["Pulumi.prod.yaml"],
      ["accounts/a.yaml", "accounts/x/é ü.yaml"],
    ]);
    expect([tree.read("accounts/x/é ü.yaml"), tree.read("gone.yaml")]).toEqual(["c", undefined]);
  }
});

test("a commit is read as it was, in a folder of its repository too", () => {
  const root = project({ "sub/Pulumi.prod.yaml": "old", "Pulumi.other.yaml": "" });
  git(root, "init", "-q", "-b", "main");
  const first = commit(root, "first");
  put(root, "sub/Pulumi.prod.yaml", "new");
  commit(root, "second");
  const tree = commitTree(join(root, "sub"), first);
  expect([tree.list(""), tree.read("Pulumi.prod.yaml")]).toEqual([["Pulumi.prod.yaml"], "old"]);
});

test("symbolic links are no files: they lead out of what is reviewed", () => {
  const outside = project({ "secret.yaml": "x" });
  const root = project({ "accounts/a.yaml": "a" });
  symlinkSync(join(outside, "secret.yaml"), join(root, "accounts/link.yaml"));
  symlinkSync(outside, join(root, "linked"));
  git(root, "init", "-q", "-b", "main");
  commit(root, "first");
  for (const tree of [folderTree(root), commitTree(root, "HEAD")]) {
    expect(tree.list("accounts")).toEqual(["accounts/a.yaml"]);
    expect([tree.read("accounts/link.yaml"), tree.read("linked/secret.yaml")]).toEqual([undefined, undefined]);
  }
});

test("a name that is no commit is refused, one that looks like an option or a command too", () => {
  const root = project({ a: "" });
  git(root, "init", "-q", "-b", "main");
  commit(root, "first");
  for (const name of ["gone", "--output=stolen", "HEAD;touch stolen", "$(touch stolen)", "", "HEAD:a"]) {
    expect(() => commitTree(root, name)).toThrow(`Reading commit "${name}": this clone holds no such commit.`);
  }
  expect(folderTree(root).list("")).toEqual(["a"]);
});

test("the base is what GitLab CI says, else where the branch left the default branch", () => {
  const root = project({ a: "1" });
  git(root, "init", "-q", "-b", "main");
  const first = commit(root, "first");
  git(root, "checkout", "-q", "-b", "topic");
  put(root, "a", "2");
  const second = commit(root, "second");
  put(root, "a", "3");
  commit(root, "third");
  expect(baseCommit(root, {})).toBe(first);
  expect(baseCommit(root, { CI_MERGE_REQUEST_DIFF_BASE_SHA: second })).toBe(second);
  expect(baseCommit(root, { CI_MERGE_REQUEST_DIFF_BASE_SHA: "f".repeat(40) })).toBe(first);
});

test("the commit that is checked out, its author, its message, and whether files of it were edited", () => {
  const root = project({ a: "1" });
  git(root, "init", "-q", "-b", "main");
  const first = commit(root, "first\n\nSee merge request group/project!7");
  put(root, "a", "2");
  commit(root, "second");
  git(root, "checkout", "-q", "--detach", first);
  const head = { id: first, author: "Test", message: "first\n\nSee merge request group/project!7" };
  put(root, "not of the commit", "1");
  expect(headCommit(root)).toEqual({ ...head, isChanged: false });
  put(root, "a", "3");
  expect(headCommit(root)).toEqual({ ...head, isChanged: true });
});

test("outside of a repository nothing is known", () => {
  const root = project({ a: "1" });
  expect(headCommit(root)).toBeUndefined();
  expect(baseCommit(root, {})).toBeUndefined();
});
