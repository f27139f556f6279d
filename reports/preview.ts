import { type Day, days, show } from "../ground/day";
import type { AccountHealth } from "../rotation/health/health";
import type { Outlook } from "../rotation/plan/outlook";
import type { AccountRun, Step } from "../rotation/plan/steps";
import { writeCalendar } from "./calendar";
import { writeHealth } from "./health";
import { type Paint, type Style, Writer } from "./writer";

/** What a run will do and what comes after it, as a preview tells it. */
export interface Preview {
  /** The day that it works for. */
  readonly today: Day;
  /** What the run does, by account. */
  readonly runs: readonly AccountRun[];
  /** The dates to come. */
  readonly outlook: Outlook;
  /** How the tokens fare; absent when GitLab was not asked. */
  readonly health?: readonly AccountHealth[];
  /** Whose our own credential is, and when it dies; a sentence, absent when nobody asked. */
  readonly credential?: string | undefined;
  /** What could not be looked at, and what to do about it; in sentences. */
  readonly unchecked: readonly string[];
}

/** The most accounts whose steps, or gaps, are told one by one. */
const MOST = 20;

const styles: Readonly<Record<Step["does"], Style>> = {
  mint: "green",
  "take over": "green",
  store: "cyan",
  prove: "cyan",
  keep: "dim",
  hold: "yellow",
  revoke: "red",
  wait: "yellow",
};

const nothingDeleted =
  "A run in which an account fails deletes nothing: what the engine lists as a delete is not done.";

/** A preview for people: what the run does, the calendar, how the tokens fare, and what was not looked at. */
export function preview(preview: Preview, width: number, paint: Paint): string {
  const { today, runs, outlook, health, credential, unchecked } = preview;
  const write = new Writer(width, paint);
  const busy = runs.filter(({ steps, fault }) => steps.length > 0 || fault !== undefined);
  write.item(`${show(today)}: ${headline(busy, runs.length)}`, 0, "", { words: "bold" });
  // The engine does not know, before the update, that the program is going to end in an error.
  if (busy.some(({ fault }) => fault !== undefined)) write.item(nothingDeleted, 0, "");
  if (busy.length > 0) writeRuns(write, busy, runs.length - busy.length);
  write.section("Calendar");
  if (outlook.entries.length === 0) write.item("Nothing.", 2, "", { words: "dim" });
  writeCalendar(write, outlook.entries);
  for (const line of left(outlook)) write.item(line, 2, "", { words: "dim" });
  if (health !== undefined) writeHealth(write, health, today);
  if (credential !== undefined) {
    write.blank();
    write.item(credential, 0, "", { words: "dim" });
  }
  if (unchecked.length > 0) write.section("Not checked");
  for (const what of unchecked.slice(0, MOST)) write.item(what);
  if (unchecked.length > MOST) write.item(`and ${unchecked.length - MOST} more`);
  return write.end();
}

/** `1 of 4 accounts would fail; this run mints 1 token, proves 1 token.` */
function headline(busy: readonly AccountRun[], accounts: number): string {
  const failing = busy.filter(({ fault }) => fault !== undefined).length;
  if (failing === 0) return acts(busy, accounts);
  const others = busy.length - failing;
  const rest =
    others > 0
      ? acts(
          busy.filter(({ fault }) => fault === undefined),
          accounts - failing,
        )
      : failing === accounts
        ? "nothing is done."
        : "the others have nothing to do.";
  return `${failing} of ${accounts === 1 ? "1 account" : `${accounts} accounts`} would fail; ${rest}`;
}

function acts(busy: readonly AccountRun[], accounts: number): string {
  const count = (does: Step["does"]) => busy.flatMap(({ steps }) => steps).filter((step) => step.does === does).length;
  const counts = [
    ["mints", count("mint")],
    ["takes over", count("take over")],
    ["revokes, if it may,", count("revoke")],
    ["holds", count("hold")],
  ] as const;
  const done = counts.filter(([, number]) => number > 0).map(([verb, number]) => `${verb} ${tokens(number)}`);
  const proving = busy.filter(({ steps }) => steps.some(({ does }) => does === "prove")).length;
  const proofs = proving === 0 ? [] : [`proves ${tokens(proving)}`];
  if (done.length + proofs.length > 0) return `this run ${[...done, ...proofs].join(", ")}.`;
  if (busy.length > 0 && busy.every(({ steps }) => steps.every(({ does }) => does === "keep")))
    return "this run looks once more at tokens that have expired.";
  return busy.length > 0
    ? "this run stores tokens in new places, or waits."
    : `nothing to do for ${accounts === 1 ? "the one account" : `any of the ${accounts} accounts`}.`;
}

function tokens(number: number): string {
  return number === 1 ? "1 token" : `${number} tokens`;
}

function writeRuns(write: Writer, busy: readonly AccountRun[], idle: number): void {
  write.section("This run");
  // What would go wrong is not to be among those that are counted alone.
  const ordered = [
    ...busy.filter(({ fault }) => fault !== undefined),
    ...busy.filter(({ fault }) => fault === undefined),
  ];
  for (const { account, steps, fault } of ordered.slice(0, MOST)) {
    write.item(account, 2, "", { words: "bold" });
    if (fault !== undefined) writeFault(write, fault);
    for (const { does, text } of steps) write.item(text, 4, "· ", { mark: styles[does] });
  }
  const others = busy.length - Math.min(busy.length, MOST);
  if (others > 0)
    write.item(`and ${others === 1 ? "1 more account" : `${others} more accounts`}`, 2, "", { words: "dim" });
  if (idle > 0)
    write.item(`${idle === 1 ? "1 account" : `${idle} accounts`} with nothing to do`, 2, "", { words: "dim" });
}

/** Its first line, then what is listed below it. */
function writeFault(write: Writer, fault: string): void {
  const [first = "", ...listed] = fault.split("\n");
  write.item(`would fail: ${first}`, 4, "✗ ", { mark: "red" });
  for (const line of listed) write.item(line.replace(/^- /, ""), 6, line.startsWith("- ") ? "- " : "");
}

function left({ more, later, days: ahead }: Outlook): readonly string[] {
  return [
    ...(more === 0 ? [] : [`and ${more} more up to and with the next ${days(ahead)}: npm run plan tells all`]),
    ...(later === 0 ? [] : [`and ${later} later: npm run plan tells all`]),
  ];
}
