import type { AccountDeclaration, Freeze } from "../../rotation/declaration/declaration";
import { readStack, type StackFile, stacksOf } from "../../settings/stackFile";
import { folderTree } from "../../settings/tree";
import { UnusableSettings, UsageError } from "../command";
import { unknownStack } from "../stacks";

/** What the stacks say already. */
export interface Frame {
  readonly freezes: readonly Freeze[];
  readonly accounts: readonly AccountDeclaration[];
  /** Names of the accounts. */
  readonly names: readonly string[];
  /** By lower-case user name: the stack that declares it. */
  readonly declared: ReadonlyMap<string, string>;
  /** Scopes that take a reason. */
  readonly wideScopes: readonly string[];
  /** Whether a stack has its accounts from that file, among others. Looks anew each time. */
  reads(path: string): boolean;
}

/** Those of the policies' own default. */
const wideScopes = ["api", "sudo", "admin_mode"];

/**
 * The stacks that were asked for; all but the sandbox when none was. A stack that has no account yet, which is no stack to
 * run, has its freezes all the same.
 */
export function frames(root: string, asked: readonly string[] | undefined): Frame {
  const tree = folderTree(root);
  const names = asked ?? stacksOf(tree).filter((stack) => stack !== "sandbox");
  const files = names.map((name) => {
    const file = readStack(tree, name);
    if (file === undefined) throw new UsageError(unknownStack(tree, name));
    if (file.settings === undefined && file.leavesOut && !isEmpty(file))
      throw new UnusableSettings(
        `Reading the settings of stack "${name}": they cannot be used; npm run plan tells each fault.`,
      );
    return file;
  });
  const accounts = files.flatMap(({ stack, settings, usable }) =>
    ((settings ?? usable)?.accounts ?? []).map((account) => ({ stack, account })),
  );
  return {
    freezes: files.flatMap(({ rules }) => rules?.freezes ?? []),
    accounts: accounts.map(({ account }) => account),
    names: accounts.map(({ account }) => account.name),
    declared: new Map(
      accounts.map(({ stack, account }) => [
        account.account.username.toLowerCase(),
        `stack "${stack}" as "${account.name}"`,
      ]),
    ),
    wideScopes: [...new Set([...wideScopes, ...files.flatMap(({ rules }) => rules?.policies.wideScopes ?? [])])],
    reads: (path) => names.some((name) => readStack(folderTree(root), name)?.accountFiles.includes(path)),
  };
}

/** Whether all that is wrong with a stack is that it has no account. */
function isEmpty({ rules, faults }: StackFile): boolean {
  return rules !== undefined && faults.every(({ path }) => /^[^:]*:(accounts$|accountFiles\b)/.test(path));
}
