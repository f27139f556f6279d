import type { Declared } from "../../reports/life";
import { declares } from "../../settings/edits/editFile";
import { blame } from "../../settings/git";
import { readStack } from "../../settings/stackFile";
import { folderTree } from "../../settings/tree";

/** Where an account is declared, and by whom, as far as git tells; nothing where no file of the stack declares it. */
export function declaredBy(root: string, stack: string, account: string): Declared | undefined {
  const tree = folderTree(root);
  const read = readStack(tree, stack);
  if (read === undefined) return undefined;
  const file = [read.file, ...read.accountFiles].find((path) => declares(path, tree.read(path) ?? "", account));
  if (file === undefined) return undefined;
  const block = blockOf((tree.read(file) ?? "").split("\n"), account);
  if (block === undefined) return { place: file };
  const commits = blame(root, file, block);
  const newest = [...commits].sort((one, other) => (one.on < other.on ? 1 : one.on > other.on ? -1 : 0))[0];
  return { place: `${file}:${block.from}`, first: commits[0], last: newest };
}

/** The lines of an account's block, the first one being that of its name; counted from 1. */
function blockOf(
  lines: readonly string[],
  account: string,
): { readonly from: number; readonly to: number } | undefined {
  const named = new RegExp(
    `^(\\s*)(?:- )?(?:\\{ *)?name:\\s*["']?${account.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}["']?\\s*(?:[,}#].*)?$`,
  );
  const first = lines.findIndex((line) => named.test(line));
  if (first === -1) return undefined;
  const indent = /^ */.exec(lines[first] ?? "")?.[0].length ?? 0;
  const isList = /^\s*- /.test(lines[first] ?? "");
  const rest = lines.slice(first + 1);
  const end = rest.findIndex((line) => line.trim() !== "" && isList && (/^ */.exec(line)?.[0].length ?? 0) <= indent);
  return { from: first + 1, to: end === -1 ? lines.length : first + 1 + end };
}
