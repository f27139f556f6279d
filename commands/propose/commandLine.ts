import { generations } from "../../rotation/calendar/generations";
import { type Migration, migration } from "../../rotation/permissions/migration";
import { currentOf } from "../../rotation/plan/effects";
import { type Edit, EditError } from "../../settings/edits/edit";
import { accountOf, leak } from "../../settings/edits/proposal";
import { readStack } from "../../settings/stackFile";
import type { Tree } from "../../settings/tree";
import { unknownAccount } from "../accounts";
import { dayOf, UsageError } from "../command";
import { suggestion } from "../nearest";
import { changes } from "../table/changing";
import { reasonOf } from "./words";

/** What a change is read from. */
interface Said {
  /** The flags that tell the details. */
  readonly values: {
    readonly date?: string | undefined;
    readonly reason?: string | undefined;
    readonly generation?: string | undefined;
    readonly block?: string | undefined;
  };
  /** Reads the text of a file, `-` for standard input. */
  readonly input: (path: string) => string;
  readonly tree: Tree;
  readonly stack: string;
  readonly today: string;
}

/** The kinds of change. */
export type Change = (typeof changes)[number];

/** The kind of change that a command line names. */
export function changeOf(word: string): Change {
  const found = changes.find((one) => one === word);
  if (found !== undefined) return found;
  const all = `${changes.slice(0, -1).join(", ")} and ${changes.at(-1)}`;
  throw new UsageError(
    `Reading the command line: "${word}" is no change; there are ${all}.${suggestion(word, changes)}`,
  );
}

/** The change that a command line asks for. */
export function editOf(kind: Change, account: string, { values, input, tree, stack, today }: Said): Edit {
  const reason = () => {
    const found = reasonOf(values.reason ?? "");
    if (found !== undefined) return found;
    throw new UsageError("Reading --reason: write why, in a sentence that stands in the declaration. Never a token.");
  };
  const generation = () => values.generation ?? currentGeneration(tree, stack, account, today);
  const date = values.date === undefined ? undefined : dayOf("--date", values.date);
  switch (kind) {
    case "extra-date":
      return { kind, account, date: date ?? today, reason: reason() };
    case "hold":
      return { kind, account, generation: generation() };
    case "release-hold":
      return { kind, account };
    case "retry":
      return { kind, account, generation: generation(), on: today, reason: reason() };
    case "adopt": {
      if (values.block === undefined)
        throw new UsageError("Reading --block: name the file that holds the account's block.");
      return { kind, account, block: input(values.block) };
    }
    case "migrate":
      return { kind, account, permissions: migrationOf(tree, stack, account).permissions };
    case "decommission":
      return { kind, account, reason: reason() };
    case "compromise":
      return leak(tree, stack, { account, generation: generation(), reason: reason(), on: date }, today);
  }
}

/** What an account's tokens are suggested to be permitted. */
export function migrationOf(tree: Tree, stack: string, name: string): Migration {
  const read = readStack(tree, stack);
  const settings = read?.settings ?? read?.usable;
  const account = settings === undefined ? undefined : accountOf(settings, name);
  if (account === undefined)
    throw new UsageError(
      unknownAccount(
        name,
        (settings?.accounts ?? []).map((one) => one.name),
        [stack],
        read?.settings !== undefined,
      ),
    );
  if (account.token.permissions !== undefined)
    throw new EditError(`Migrating account "${name}": its tokens are fine-grained already. Edit token.permissions.`);
  return migration(account);
}

function currentGeneration(tree: Tree, stack: string, name: string, today: string): string {
  const read = readStack(tree, stack);
  const settings = read?.settings ?? read?.usable;
  const account = settings === undefined ? undefined : accountOf(settings, name);
  const current = settings && account ? currentOf(generations(account, settings.freezes, today)) : undefined;
  if (current !== undefined) return current.name;
  throw new UsageError(`Looking for the current generation of "${name}": there is none. Name one with --generation.`);
}
