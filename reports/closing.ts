import { type Day, show } from "../ground/day";
import type { Event } from "../rotation/calendar/upcoming";
import { failedAccounts } from "../rotation/plan/failedSteps";
import { plain } from "./plain";
import { eventWords } from "./words";
import { Writer } from "./writer";

/** Something that a run did to a token. */
export interface Deed {
  readonly account: string;
  readonly does: string;
  readonly tokenId: number;
  /** Absent of a leftover. */
  readonly generation?: string | undefined;
}

/** How a run ended. */
export interface Closing {
  readonly today: Day;
  readonly deeds: readonly Deed[];
  /** By account: how many places hold its token, where all of them do. */
  readonly places: ReadonlyMap<string, number>;
  /** By account: the older tokens that live on, and why. */
  readonly held: ReadonlyMap<string, readonly string[]>;
  /** The accounts whose new token is in its places, and not proven yet: their pipelines still run, or are waited for. */
  readonly proving?: readonly string[];
  /** A line for each account that failed. */
  readonly failed: readonly string[];
  /** What comes next by the dates of accounts that did not fail; absent when nothing does. */
  readonly next?: Pick<Event, "date" | "account" | "event"> | undefined;
}

/** The most accounts that are told one by one, of those that were served and of those that failed. */
const MOST = 12;

/** The characters that are told of one account. */
const LONGEST = 600;

/** Those of them that are kept from the end, where a fault says what to do. */
const END = 350;

const verbs = [
  ["mint", "minted"],
  ["take over", "took over"],
  ["prove", "proved"],
  ["revoke", "revoked"],
] as const;

/**
 * What a run came to, in one paragraph: minted, stored, proven, revoked, held and why, failed and why, and what is next.
 *
 * @param width - columns to fill; an engine indents what it tells.
 */
export function closing({ today, deeds, places, held, proving = [], failed, next }: Closing, width = 96): string {
  const done = new Map<string, Deed[]>();
  for (const deed of deeds) done.set(deed.account, [...(done.get(deed.account) ?? []), deed]);
  const holding = [...held].flatMap(([name, all]) => (all.length > 0 ? [name] : []));
  const names = [...new Set([...done.keys(), ...holding, ...proving])];
  const stored = names.filter((name) => isStored(done.get(name), places.get(name)));
  const lines = names.map((name) => {
    const acts = (done.get(name) ?? []).map(deedText);
    const count = places.get(name) ?? 0;
    const holds = stored.includes(name) ? [`stored in ${count === 1 ? "1 place" : `${count} places`}`] : [];
    const lives = (held.get(name) ?? []).map((one) => `holds ${one}`);
    const runs = proving.includes(name) ? ["not proven yet: its pipelines are still waited for"] : [];
    return `  ${name}: ${[...acts, ...holds, ...runs, ...lives].join("; ")}`;
  });
  const most = (all: readonly string[]) =>
    all.length <= MOST ? all : [...all.slice(0, MOST), `  and ${all.length - MOST} more`];
  const coming = [
    ...(failed.length === 0 ? [] : ["the next run takes up what failed"]),
    ...(proving.length === 0 ? [] : ["the next run looks at the pipelines again"]),
    ...(next === undefined ? [] : [`${show(next.date)}, ${next.account}: ${eventWords[next.event]}`]),
  ];
  const after = coming.length === 0 ? "" : ` Next: ${coming.join("; ")}.`;
  const told = [`${show(today)}: ${headline(deeds, stored.length, proving.length, held)}${after}`, ...most(lines)];
  if (failed.length > 0) {
    const more = failed.length > MOST ? [`  and ${failed.length - MOST} more: see their errors`] : [];
    told.push(...failedAccounts(failed.slice(0, MOST), { count: failed.length }).split("\n"), ...more);
  }
  const write = new Writer(width, (_style, words) => words);
  for (const line of told) {
    const text = brief(line);
    write.item(text.trimStart(), text.length - text.trimStart().length, "");
  }
  return write.end().trimEnd();
}

function headline(deeds: readonly Deed[], stored: number, proving: number, held: Closing["held"]): string {
  const counts = verbs.flatMap(([does, verb]): string[] => {
    const count = deeds.filter((deed) => deed.does === does).length;
    return count === 0 ? [] : [`${verb} ${tokens(count)}`];
  });
  const holds = [...held.values()].flat().length;
  const all = [
    ...counts,
    ...(stored === 0 ? [] : [`stored ${tokens(stored)}`]),
    ...(holds === 0 ? [] : [`holds ${tokens(holds)}`]),
  ];
  const open = proving === 0 ? "" : ` ${tokens(proving)} ${proving === 1 ? "is" : "are"} not proven yet.`;
  return `${all.length === 0 ? "this run minted, stored and revoked nothing." : `this run ${all.join(", ")}.`}${open}`;
}

/** A place is set where its token was minted or proven in this run, and no step failed. */
function isStored(deeds: readonly Deed[] = [], places = 0): boolean {
  return places > 0 && deeds.some(({ does }) => does === "mint" || does === "prove");
}

function deedText({ does, tokenId, generation }: Deed): string {
  const verb = verbs.find(([one]) => one === does)?.[1] ?? does;
  return `${verb} token ${tokenId}${generation === undefined ? "" : ` (${generation})`}`;
}

function tokens(count: number): string {
  return count === 1 ? "1 token" : `${count} tokens`;
}

function brief(line: string): string {
  const [indent = ""] = /^ */.exec(line) ?? [];
  const text = indent + plain(line.slice(indent.length));
  return text.length > LONGEST ? `${text.slice(0, LONGEST - END - 3)} … ${text.slice(-END)}` : text;
}
