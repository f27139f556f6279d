import type { LastRun } from "../../rotation/health/lastRun";
import { withFile } from "../../settings/edits/proposal";
import { readStack } from "../../settings/stackFile";
import type { Tree } from "../../settings/tree";
import type { NamedSettings } from "../command";
import { carryOver } from "../emergency/carryOver";
import type { KnownAccount, KnownState } from "../emergency/state";

/** Ids of tokens by account and generation. */
export type KnownIds = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** What a stack's state tells beside the declaration. */
export interface Standing {
  /** The stack, declared as it stands: with what emergencies did and nobody has merged yet. */
  readonly named: NamedSettings;
  /** Those emergencies, a sentence each. */
  readonly carried: readonly string[];
  /** GitLab's ids of the tokens. Without a state their marks tell as much, but for a leftover with the mark of the one in use. */
  readonly ids: KnownIds;
  /** The generations that runs have opened, by account. */
  readonly opened: ReadonlyMap<string, KnownAccount["opened"]>;
  /** How the last run left the proof of the token in use, and what it failed of, by account. */
  readonly left: ReadonlyMap<string, LastRun>;
}

/** A stack as its last run left it. Nothing is written: who looks after an emergency need not merge first. */
export function standing(named: NamedSettings, tree: Tree, state: KnownState, today: string): Standing {
  const { stack, settings } = named;
  const { files, faults } = carryOver(tree, stack, settings, state, today);
  const declared = readStack(
    files.reduce((all, { file, text }) => withFile(all, file, text), tree),
    stack,
  );
  const ids = new Map<string, Map<string, number>>();
  for (const { account, generation, tokenId } of state.tokens) {
    const name = nameOf(account, named);
    if (tokenId !== undefined) ids.set(name, (ids.get(name) ?? new Map<string, number>()).set(generation, tokenId));
  }
  return {
    named: { ...named, settings: declared?.settings ?? declared?.usable ?? settings },
    carried: [...files.map(({ told }) => told), ...faults],
    ids,
    opened: new Map(state.accounts.map(({ account, opened }) => [nameOf(account, named), opened])),
    left: new Map(state.accounts.map(({ account }) => [nameOf(account, named), lastRun(account, state)])),
  };
}

function lastRun(name: string, { proofs = [], faults = [] }: KnownState): LastRun {
  const found = proofs.find(({ account }) => account === name);
  // Of a step that was stopped, the fault is an earlier one's.
  const proof = found === undefined ? undefined : { ...found, fault: found.stopped ? "" : found.fault };
  return {
    faults: faults.flatMap(({ account, fault }) => (account === name && fault !== proof?.fault ? [fault] : [])),
    ...(proof === undefined ? {} : { proof }),
  };
}

/** The state has an account under its former name until the first run after a renaming. */
function nameOf(known: string, { settings: { accounts } }: NamedSettings): string {
  return (
    accounts.find(({ name }) => name === known)?.name ?? accounts.find((one) => one.formerly === known)?.name ?? known
  );
}
