import { messageOf } from "../../clients/faults";
import { ownToken } from "../../clients/gitlab/users/tokens";
import type { Servers } from "../../clients/servers";
import { show } from "../../ground/day";
import { olderText, type StackHealth } from "../../reports/health";
import { type Case, junit } from "../../reports/junit";
import type { StackReading } from "../../reports/openmetrics";
import type { OwnCredential } from "../../rotation/health/credential";
import type { AccountHealth } from "../../rotation/health/health";
import { accountsOf, type NamedSettings } from "../command";
import { standingOf } from "../status/standing";
import { storedIn } from "../status/state";

/** A stack as a monitor is told of it: by what the servers say and the state, where it could be read. */
export function reading(
  named: NamedSettings,
  health: StackHealth,
  exported: string | undefined,
  today: string,
): StackReading {
  const stored = exported === undefined ? { ...storedIn("{}"), isRead: false } : storedIn(exported);
  const accounts = accountsOf(named).map((account) =>
    standingOf(account, {
      settings: named.settings,
      stored,
      today,
      live: health.accounts.find((one) => one.account === account.name),
    }),
  );
  return { health, accounts, lastRun: stored.writtenAt };
}

/** Our own credential for GitLab; that nothing is known of it is data. */
export async function credential(at: Servers): Promise<OwnCredential> {
  try {
    const { id, name, userId, scopes, expiresAt } = await ownToken(at.gitlab());
    return { tokenId: id, name, userId, scopes, ...(expiresAt === undefined ? {} : { expiresAt }) };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

/** For GitLab's test reports: each account a case, which fails where something is late, failed or at risk. */
export function testReport(stacks: readonly StackReading[]): string {
  const suites = stacks.map(({ health, accounts }) => {
    const names = accounts.map(({ account }) => account);
    const isOf = (what: string) => names.find((name) => what.startsWith(`${name}: `));
    const cases = names.map((name): Case => {
      const seen = health.accounts.find(({ account }) => account === name);
      const unseen = health.unchecked.filter((what) => isOf(what) === name);
      return { name, ...(seen === undefined ? {} : judged(seen)), ...(unseen.length === 0 ? {} : { errors: unseen }) };
    });
    const others = health.unchecked.filter((what) => isOf(what) === undefined);
    const { carried = [] } = health;
    const isSilent = others.length + carried.length === 0;
    const rest: Case[] = isSilent ? [] : [{ name: "(the stack itself)", errors: others, notes: carried }];
    return { name: `pat-rotation ${health.stack}`, cases: [...cases, ...rest] };
  });
  return junit("pat-rotation health", suites);
}

function judged({ account, alarms, tokens, places, behind }: AccountHealth): Omit<Case, "name"> {
  const told = (grave: boolean) =>
    alarms.filter(({ level }) => (level !== "note") === grave).map(({ message }) => message);
  const unread = places.flatMap(({ place, unknown }) =>
    typeof unknown === "object" && "because" in unknown ? [`${place} was not checked: ${unknown.because}.`] : [],
  );
  const lives = tokens.map(({ generation, tokenId, state, expiresAt }) => {
    const token = `generation ${generation}${tokenId === undefined ? "" : ` (token ${tokenId})`}: ${state}`;
    return `${token}${expiresAt === undefined ? "" : `, dies on ${show(expiresAt)}`}`;
  });
  return {
    failures: told(true),
    errors: [...(behind === undefined ? [] : [olderText(account, behind)]), ...unread],
    notes: [...told(false), ...lives],
  };
}
