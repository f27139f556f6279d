// `completion`: what bash, zsh and fish source. Stacks and accounts are looked up by a hidden word of it, in the folder at hand.
import { stacksOf } from "../settings/stackFile";
import { folderTree } from "../settings/tree";
import { flags, type Outcome, outcomeOf, stackSettings, UsageError } from "./command";
import { exitCodes } from "./exitCodes";
import { suggestion } from "./nearest";
import { bash } from "./shells/bash";
import { fish } from "./shells/fish";
import { zsh } from "./shells/zsh";
import { completionCommand } from "./table/behind";
import { commands } from "./table/table";

const shells = { bash, zsh, fish } as const;

/** Runs the command; never throws. */
export function completion(args: readonly string[], folder: string = process.cwd()): Promise<Outcome> {
  return outcomeOf("completion", async () => {
    const [looked, ...others] = args;
    if (looked === "--names") return { code: exitCodes.fine, stdout: names(others[0], folder), stderr: "" };
    const { positionals } = flags(args, completionCommand.flags, true);
    const [shell = "", ...more] = positionals;
    if (!isShell(shell) || more.length > 0) {
      const near = suggestion(shell, Object.keys(shells));
      throw new UsageError(`Reading the command line: name one of bash, zsh and fish.${near}`);
    }
    const people = commands.filter(({ caller }) => caller === "people");
    return { code: exitCodes.fine, stdout: shells[shell](people), stderr: "" };
  });
}

function isShell(name: string): name is keyof typeof shells {
  return name in shells;
}

/** The stacks, or the accounts, that a folder declares; nothing where it declares none that can be used. */
function names(kind: string | undefined, folder: string): string {
  try {
    const tree = folderTree(folder);
    const found =
      kind === "stack"
        ? stacksOf(tree)
        : stackSettings(folder, stacksOf(tree)).flatMap(({ settings }) => settings.accounts.map(({ name }) => name));
    return [...new Set(found)].map((name) => `${name}\n`).join("");
  } catch {
    return "";
  }
}
