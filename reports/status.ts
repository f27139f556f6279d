import { styleText } from "node:util";
import { type Day, show } from "../ground/day";
import type { Event } from "../rotation/calendar/upcoming";
import { plain } from "./plain";
import { type AccountStatus, gravestFirst, type StackStatus } from "./standing";
import { headline, notesOf, placesCount, proofWord, ranText } from "./standingWords";
import type { TextOptions } from "./text";
import { eventWords } from "./words";
import { fitted, type Paint, type Style, Writer } from "./writer";

const marks: Readonly<Record<AccountStatus["verdict"], readonly [mark: string, style: Style]>> = {
  risk: ["✗", "red"],
  due: ["!", "yellow"],
  unknown: ["?", "yellow"],
  running: ["…", "cyan"],
  new: ["·", "dim"],
  fine: ["✓", "green"],
};

/** The most accounts that are told one by one, the gravest first. */
const MOST = 30;

/** Every account on one screen. */
export function status(stacks: readonly StackStatus[], today: Day, { width = 100, color = false }: TextOptions = {}) {
  const paint: Paint = (style, words) => (color ? styleText(style, words, { validateStream: false }) : words);
  const write = new Writer(width, paint);
  for (const [position, stack] of stacks.entries()) {
    if (position > 0) write.blank();
    writeStack(write, stack, today);
  }
  return write.end();
}

/** The line above all: which stack, which day, when it was last run. */
export function writeTitle(write: Writer, stack: StackStatus, today: Day): void {
  write.line(`${write.paint("bold", plain(stack.stack))}  ${show(today)}  ${write.paint("dim", ranText(stack))}`);
}

function writeStack(write: Writer, stack: StackStatus, today: Day): void {
  writeTitle(write, stack, today);
  const sorted = gravestFirst(stack.accounts);
  if (sorted.length > 0) write.item(headline(sorted), 0, "", { words: "bold" });
  const shown = sorted.slice(0, MOST);
  const longest = Math.max(7, ...shown.map(({ account }) => plain(account).length));
  const name = Math.min(longest, Math.max(9, write.width - 69));
  const cells = (account: string, columns: readonly string[]) => {
    const [generation = "", dies = "", places = "", proof = "", next = ""] = columns;
    return `${fitted(account, name)}  ${generation.padEnd(12)}  ${dies.padEnd(11)}  ${places.padEnd(6)}  ${proof.padEnd(14)}  ${next}`.trimEnd();
  };
  if (shown.length > 0) {
    write.blank();
    write.line(write.paint("dim", `  ${cells("account", ["in use", "dies", "places", "proof", "next"])}`));
  }
  for (const one of shown) {
    const [mark, style] = marks[one.verdict];
    const { inUse, next } = one;
    const columns = [
      inUse?.generation ?? (one.verdict === "new" ? "none" : "?"),
      inUse === undefined ? "" : show(inUse.expiresAt).slice(4),
      placesCount(one),
      proofWord(one),
      next === undefined ? "" : nextText(next, write.width >= 96),
    ];
    write.line(`${write.paint(style, mark)} ${cells(plain(one.account), columns)}`);
  }
  if (sorted.length > MOST)
    write.item(`and ${sorted.length - MOST} more: ${headline(sorted.slice(MOST))}`, 2, "", { words: "dim" });
  writeNotes(write, shown);
  writeLinks(write, shown);
  if (stack.unchecked.length > 0) write.section("Not known");
  for (const what of stack.unchecked) write.item(what);
}

function nextText({ date, event }: Pick<Event, "date" | "event">, isWide: boolean): string {
  return `${show(date).slice(4)}${isWide ? ` ${eventWords[event]}` : ""}`;
}

function writeNotes(write: Writer, accounts: readonly AccountStatus[]): void {
  const all = accounts.flatMap((one) => notesOf(one).map((note) => ({ one, note })));
  if (all.length > 0) write.blank();
  for (const {
    one,
    note: [mark, style, words],
  } of all.slice(0, MOST))
    write.item(`${one.account}: ${words}`, 0, mark, { mark: style });
  if (all.length > MOST) write.item(`and ${all.length - MOST} more`, 0, "", { words: "dim" });
}

/** A link stands on a line of its own, whole, so that a terminal can open it. */
function writeLinks(write: Writer, accounts: readonly AccountStatus[]): void {
  const linked = accounts.filter(({ proof }) => (proof?.links.length ?? 0) > 0).slice(0, 10);
  if (linked.length === 0) return;
  write.section("Proofs");
  const name = Math.min(20, Math.max(...linked.map(({ account }) => plain(account).length)));
  for (const { account, proof } of linked)
    for (const link of proof?.links ?? [])
      write.line(`  ${fitted(plain(account), name)}  ${write.paint("cyan", plain(link))}`);
}
