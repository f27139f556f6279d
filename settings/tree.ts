import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The project's files, as they are in its folder or as a commit holds them. Paths are relative, with `/`. */
export interface Tree {
  /** What it is, for people: `the working tree`, `commit 1a2b3c4d`. */
  readonly name: string;
  /** All plain files below a folder, in order; `""` for the project's own folder, without those below it. */
  list(folder: string): readonly string[];
  /** The symbolic links in a folder, `""` for the project's own, in order: no files of the project, whatever they lead to. */
  links(folder: string): readonly string[];
  /** The text of a file, or nothing when there is no such plain file. */
  read(path: string): string | undefined;
}

/** The project's folder. Symbolic links are no files of the project: they would lead out of what is reviewed. */
export function folderTree(root: string): Tree {
  return {
    name: "the working tree",
    list: (folder) => walk(root, folder).sort(),
    links: (folder) =>
      entriesOf(join(root, folder))
        .filter((entry) => entry.isSymbolicLink())
        .map(({ name }) => (folder === "" ? name : `${folder}/${name}`))
        .sort(),
    read: (path) => {
      const file = join(root, path);
      return isFile(file) && !leadsOut(root, path) ? readFileSync(file, "utf8") : undefined;
    },
  };
}

function walk(root: string, folder: string): string[] {
  const entries = entriesOf(join(root, folder)).filter(({ name }) => !name.startsWith(".") && name !== "node_modules");
  const path = (name: string) => (folder === "" ? name : `${folder}/${name}`);
  return entries.flatMap((entry) => {
    if (entry.isFile()) return [path(entry.name)];
    return entry.isDirectory() && folder !== "" ? walk(root, path(entry.name)) : [];
  });
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // A folder that is not there has no files.
    return [];
  }
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function leadsOut(root: string, path: string): boolean {
  const folders = path.split("/").slice(0, -1);
  return folders.some((_, index) =>
    lstatSync(join(root, ...folders.slice(0, index + 1)), { throwIfNoEntry: false })?.isSymbolicLink(),
  );
}
