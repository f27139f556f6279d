import { styleText } from "node:util";
import { type Day, show } from "../ground/day";
import { type AccountHealth, gravest } from "../rotation/health/health";
import type { Alarm, TokenHealth } from "../rotation/health/seen";
import { plain } from "./plain";
import type { TextOptions } from "./text";
import { fitted, type Paint, type Style, Writer } from "./writer";

/** How the tokens of a stack fare. */
export interface StackHealth {
  /** Name of the stack. */
  readonly stack: string;
  /** Its accounts, but those that could not be looked at. */
  readonly accounts: readonly AccountHealth[];
  /** What emergencies did and the declaration here does not say yet; sentences. @default nothing */
  readonly carried?: readonly string[];
  /** What could not be looked at, and why; sentences. */
  readonly unchecked: readonly string[];
}

const verdicts: Readonly<Record<Alarm["level"], string>> = {
  risk: "A consumer is at risk: see ✗.",
  due: "Something is late, failed, or dies with nothing to replace it: see !.",
  note: "Nothing is due, and no consumer is at risk.",
};

const notWhole = "Not all could be looked at.";

/** How the tokens fare, for people at a terminal, or in the log of a job. */
export function health(stacks: readonly StackHealth[], today: Day, { width = 100, color = false }: TextOptions = {}) {
  const paint: Paint = (style, words) => (color ? styleText(style, words, { validateStream: false }) : words);
  const write = new Writer(width, paint);
  for (const [position, { stack, accounts, carried = [], unchecked }] of stacks.entries()) {
    if (position > 0) write.blank();
    write.line(`${paint("bold", plain(stack))} ${paint("dim", `(${today})`)}`);
    for (const what of carried) write.item(what, 0, "! ", { mark: "yellow" });
    const older = accounts.filter(({ behind }) => behind !== undefined);
    for (const { account, behind } of older) write.item(olderText(account, behind), 0, "! ", { mark: "yellow" });
    write.item(headline({ stack, accounts, unchecked }), 0, "", { words: "bold" });
    writeHealth(write, accounts, today, Number.POSITIVE_INFINITY);
    const places = accounts.flatMap((one) => one.places);
    const read = places.filter(({ tokenId }) => tokenId !== undefined).length;
    if (places.length > 0) write.item(`${read} of ${places.length} places hold a token that works.`, 2, "");
    if (unchecked.length > 0) write.section("Not checked");
    for (const what of unchecked) write.item(what);
  }
  return write.end();
}

/** Whether all was looked at that these credentials, and this checkout, should show. What hides its value is not among it. */
export function isLookedAt({ accounts, unchecked }: StackHealth): boolean {
  const unread = accounts.flatMap(({ places }) =>
    places.filter(({ unknown }) => typeof unknown === "object" && "because" in unknown),
  );
  return unchecked.length + unread.length === 0 && accounts.every(({ behind }) => behind === undefined);
}

function headline(stack: StackHealth): string {
  const level = gravest(stack.accounts.flatMap(({ alarms }) => alarms)) ?? "note";
  const isWhole = isLookedAt(stack);
  if (level !== "note") return isWhole ? verdicts[level] : `${verdicts[level]} ${notWhole}`;
  if (!isWhole) return notWhole;
  const isHidden = stack.accounts.some(({ places }) => places.some(({ unknown }) => unknown === "hidden"));
  return isHidden ? `${verdicts.note.slice(0, -1)}, as far as places show what they hold.` : verdicts.note;
}

/** That an account's declaration here is older than its last run. */
export function olderText(account: string, generation = ""): string {
  return `${account}: generation ${generation} has opened, and the declaration here does not have it: this checkout is older than the last run, the edit of an emergency is not merged yet, or an edit took a date out. Bring it up to date (git pull), and look again. Of this account only what its places hold is told.`;
}

/** The most tokens that are told one by one, those with something to tell first. */
const MOST = 20;

/** The most alarms that are told. */
const MOST_ALARMS = 40;

const marks: Readonly<Record<Alarm["level"], readonly [mark: string, style: Style]>> = {
  risk: ["✗ ", "red"],
  due: ["! ", "yellow"],
  note: ["- ", "dim"],
};

const stateWords = { alive: "alive", dead: "dead", missing: "unminted" } as const;
const stateStyles = { alive: "green", dead: "red", missing: "yellow" } as const;

/** How the tokens fare: a line each, then what to do something about. */
export function writeHealth(write: Writer, health: readonly AccountHealth[], today: Day, most = MOST): void {
  const rows = health.flatMap(({ account, tokens }) => tokens.map((token) => ({ account, ...token })));
  if (rows.length === 0 && health.every(({ alarms }) => alarms.length === 0)) return;
  write.section("Health, as GitLab has it");
  const first = [...rows.filter(({ state }) => state !== "alive"), ...rows.filter(({ state }) => state === "alive")];
  const shown = new Set(first.slice(0, most));
  const longest = Math.max(7, ...[...shown].map(({ account }) => plain(account).length));
  const width = Math.min(longest, Math.max(12, write.width - 66));
  const line = (cells: readonly string[]) => write.line(`  ${cells.join("  ")}`.trimEnd());
  const titles = [
    fitted("account", width),
    "generation  ",
    "token".padEnd(8),
    "state   ",
    "dies".padEnd(15),
    "last used",
  ];
  if (rows.length > 0) line([write.paint("dim", titles.join("  "))]);
  for (const row of rows.filter((one) => shown.has(one))) {
    line([
      write.paint("bold", fitted(plain(row.account), width)),
      row.generation.padEnd(12),
      String(row.tokenId ?? "").padEnd(8),
      write.paint(stateStyles[row.state], stateWords[row.state].padEnd(8)),
      (row.expiresAt === undefined ? "never" : show(row.expiresAt)).padEnd(15),
      lastUsed(row, today),
    ]);
  }
  if (rows.length > shown.size) write.item(`and ${rows.length - shown.size} more, alive`, 2, "", { words: "dim" });
  writeAlarms(write, health);
}

function lastUsed({ state, lastUsedAt }: TokenHealth, today: Day): string {
  if (state !== "alive") return "";
  if (lastUsedAt === undefined) return "never";
  const day = lastUsedAt.slice(0, 10);
  return day === today ? `today ${lastUsedAt.slice(11, 16)}` : show(day);
}

function writeAlarms(write: Writer, health: readonly AccountHealth[]): void {
  const all = health.flatMap(({ alarms }) => alarms);
  const ordered = (["risk", "due", "note"] as const).flatMap((level) => all.filter((alarm) => alarm.level === level));
  for (const { level, account, message } of ordered.slice(0, MOST_ALARMS)) {
    const [mark, style] = marks[level];
    const [first = "", ...more] = message.split(/\s*\n\s*/);
    write.item(`${account}: ${first}`, 2, mark, { mark: style });
    for (const line of more) write.item(line, 2 + mark.length, "");
  }
  if (ordered.length > MOST_ALARMS) write.item(`and ${ordered.length - MOST_ALARMS} more`, 2, "", { words: "dim" });
}
