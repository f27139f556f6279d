import { MissingCredential, UnusableEnvironment } from "../../clients/http";
import { servers } from "../../clients/servers";
import { type Engine, exportedState } from "../../engines/engine";
import type { Day } from "../../ground/day";
import { type FleetStack, stretch } from "../../reports/fleet/fleet";
import type { StackStatus } from "../../reports/standing";
import type { AccountHealth } from "../../rotation/health/health";
import { stacksOf } from "../../settings/stackFile";
import { folderTree } from "../../settings/tree";
import { accountsOf, type NamedSettings, stackSettings, UnusableSettings } from "../command";
import { knownState } from "../emergency/state";
import { look } from "../health/look";
import { standing } from "../health/state";
import { lineOf } from "./line";
import { standingOf } from "./standing";
import { type Stored, storedIn } from "./state";

/** What a stack is looked at with. */
export interface Options {
  readonly root: string;
  readonly engine: Engine | undefined;
  readonly day: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly isLive: boolean;
}

const nothing: Stored = {
  isRead: false,
  writtenAt: undefined,
  accounts: [],
  tokens: [],
  ends: [],
  proofs: [],
  issues: [],
  told: new Map(),
  waiting: new Map(),
};

/** A stack, how it stands, and what that is known from; without settings where they cannot be used. */
export interface Standing {
  readonly status: StackStatus;
  readonly stored: Stored;
  readonly named?: NamedSettings;
}

/**
 * How the stacks stand that were asked for; all but the sandbox when none was. One whose settings cannot be used is told as
 * that, and the others all the same.
 */
export async function stackStandings(
  asked: readonly string[] | undefined,
  account: string | undefined,
  options: Options,
): Promise<readonly Standing[]> {
  const standings: Standing[] = [];
  for (const one of readableStacks(options.root, asked, account))
    standings.push("unusable" in one ? unusable(one) : await standingOfStack(one, options));
  return standings;
}

type Unusable = { readonly stack: string; readonly unusable: string };

function readableStacks(
  root: string,
  asked: readonly string[] | undefined,
  account: string | undefined,
): readonly (NamedSettings | Unusable)[] {
  try {
    return stackSettings(root, asked, account);
  } catch (cause) {
    if (!(cause instanceof UnusableSettings)) throw cause;
    const stacks = asked ?? stacksOf(folderTree(root)).filter((stack) => stack !== "sandbox");
    // Of a single one the fault is all there is to say.
    if (stacks.length < 2 || account !== undefined) throw cause;
    return stacks.flatMap((stack): readonly (NamedSettings | Unusable)[] => {
      try {
        return stackSettings(root, [stack]);
      } catch (fault) {
        if (!(fault instanceof UnusableSettings)) throw fault;
        return [{ stack, unusable: fault.message }];
      }
    });
  }
}

function unusable({ stack, unusable: why }: Unusable): Standing {
  return { status: { stack, isRead: false, accounts: [], unchecked: [why] }, stored: nothing };
}

/** A stack with the line of time of each of its accounts. */
export function drawn({ status, stored, named }: Standing, today: Day): FleetStack {
  const freezes = named?.settings.freezes ?? [];
  const lines = (named === undefined ? [] : accountsOf(named)).flatMap((account) => {
    const one = status.accounts.find((other) => other.account === account.name);
    if (one === undefined) return [];
    return [[account.name, lineOf(account, { freezes, stored, status: one }, { ...stretch(today), today })] as const];
  });
  return { status, freezes, lines: new Map(lines) };
}

async function standingOfStack(given: NamedSettings, options: Options): Promise<Standing> {
  const { root, engine, day, environment, isLive } = options;
  const exported = engine && exportedState(engine, given.stack, { cwd: root, environment });
  const { named, carried, ...known } = standing(given, folderTree(root), knownState(exported), day);
  const stored = exported === undefined ? nothing : storedIn(exported);
  const seen = isLive ? await lookedAt(named, environment, { today: day, ...known }) : undefined;
  const unread =
    engine === undefined
      ? `The state: there is no Pulumi CLI on the PATH that could read it, and stack "${given.stack}" is not the sandbox. Add --live for what the servers say, or --engine=embedded for a trial of the embedded engine.`
      : `The state: ${engine.name} could not read that of stack "${given.stack}". Is it made, and the environment of a run set (PULUMI_BACKEND_URL, the passphrase)?`;
  const status: StackStatus = {
    stack: given.stack,
    lastRun: stored.writtenAt,
    isRead: stored.isRead,
    accounts: accountsOf(named).map((account) =>
      standingOf(account, {
        settings: named.settings,
        stored,
        today: day,
        live: seen?.accounts.find((one) => one.account === account.name),
      }),
    ),
    unchecked: [
      ...(exported === undefined ? [unread] : []),
      ...carried,
      ...(given.leftOut === undefined ? [] : [given.leftOut]),
      ...(seen?.unchecked ?? []),
    ],
  };
  return { status, stored, named };
}

/** What the servers say; that they could not be asked is told, and the state is shown all the same. */
async function lookedAt(
  named: NamedSettings,
  environment: NodeJS.ProcessEnv,
  known: Parameters<typeof look>[2],
): Promise<{ readonly accounts: readonly AccountHealth[]; readonly unchecked: readonly string[] }> {
  const at = servers({ signal: new AbortController().signal }, environment);
  try {
    at.gitlab();
  } catch (cause) {
    if (!(cause instanceof MissingCredential || cause instanceof UnusableEnvironment)) throw cause;
    return { accounts: [], unchecked: [cause.message] };
  }
  return look(named, at, known);
}
