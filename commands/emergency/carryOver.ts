import { generations } from "../../rotation/calendar/generations";
import type { AccountDeclaration, Settings } from "../../rotation/declaration/settings";
import { currentOf } from "../../rotation/plan/effects";
import { type Edit, EditError } from "../../settings/edits/edit";
import { editFile } from "../../settings/edits/editFile";
import { fileOf, withFile } from "../../settings/edits/proposal";
import { fileOfStack } from "../../settings/stackFile";
import type { Tree } from "../../settings/tree";
import { declaredAs } from "./find";
import type { KnownAccount, KnownLeak, KnownState } from "./state";

/** A file of the declaration that says what an emergency did. */
export interface Carried {
  /** Relative to the project. */
  readonly file: string;
  readonly text: string;
  /** The change, in a sentence. */
  readonly told: string;
}

/** What emergencies did that no merge request has brought into the declaration yet. */
export interface CarryOver {
  readonly files: readonly Carried[];
  /** The generations that they declare compromised. */
  readonly generations: readonly string[];
  /** What could not be carried over, and why. */
  readonly faults: readonly string[];
}

/**
 * The edits that emergencies ran with and the declaration at hand lacks: without them, a leaked token would be in use again,
 * or the one that replaced it forgotten. A leak that is over, and whose entry was taken away since, is none.
 */
export function carryOver(tree: Tree, stack: string, settings: Settings, state: KnownState, today: string): CarryOver {
  const files: Carried[] = [];
  const leaked: string[] = [];
  const faults: string[] = [];
  let current = tree;
  for (const known of state.accounts) {
    const account = declaredAs(settings, known.account);
    if (account === undefined) continue;
    for (const leak of known.compromised.filter((one) => isMissed(one, known, account, settings, state, today))) {
      const edit: Edit = { kind: "compromise", account: account.name, ...leak };
      try {
        const file = fileOf(current, stack, account.name) ?? fileOfStack(current, stack);
        const text = editFile(file, current.read(file) ?? "", edit);
        current = withFile(current, file, text);
        const opened = leak.on === undefined ? "" : `, and a new token was made on ${leak.on}`;
        leaked.push(leak.generation);
        files.push({
          file,
          text,
          told: `Account "${account.name}": generation "${leak.generation}" is compromised (${leak.reason})${opened}. The edit that declares it is not merged yet.`,
        });
      } catch (cause) {
        if (!(cause instanceof EditError)) throw cause;
        faults.push(cause.message);
      }
    }
  }
  return { files, generations: leaked, faults };
}

function isMissed(
  { generation, on }: KnownLeak,
  known: KnownAccount,
  account: AccountDeclaration,
  { freezes }: Settings,
  { tokens }: KnownState,
  today: string,
): boolean {
  if (account.compromised.some((one) => one.generation === generation)) return false;
  const now = generations(account, freezes, today);
  if (currentOf(now)?.name === generation) return true;
  const isForgotten = known.opened.some(
    ({ name, expiresAt }) =>
      on !== undefined && name.slice(0, 10) === on && today < expiresAt && now.every((one) => one.name !== name),
  );
  const lives = tokens.some(
    (one) => one.account === known.account && one.generation === generation && one.status === "live",
  );
  return isForgotten || (lives && now.some(({ name }) => name === generation));
}
