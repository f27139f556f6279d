import { styleText } from "node:util";
import { type Day, days, show } from "../ground/day";
import { plain } from "./plain";
import type { AccountStatus, Happening, StackStatus } from "./standing";
import { holds, notesOf, placeText, proofText } from "./standingWords";
import { writeTitle } from "./status";
import type { TextOptions } from "./text";
import { eventWords } from "./words";
import { type Paint, Writer } from "./writer";

/** Who declared an account. */
export interface Declared {
  /** Such as `Pulumi.prod.yaml:12`. */
  readonly place: string;
  /** Its first line, and the newest of its lines; absent where git does not tell. */
  readonly first?: Commit | undefined;
  readonly last?: Commit | undefined;
}

/** A commit, in a line. */
export interface Commit {
  readonly id: string;
  readonly author: string;
  readonly on: Day;
  readonly title: string;
}

/** One account: how it stands, and its life as a line of time. */
export function life(
  stack: StackStatus,
  one: AccountStatus,
  declared: Declared | undefined,
  today: Day,
  { width = 100, color = false }: TextOptions = {},
): string {
  const paint: Paint = (style, words) => (color ? styleText(style, words, { validateStream: false }) : words);
  const write = new Writer(width, paint);
  writeTitle(write, stack, today);
  const { account, username, inUse, places, proof, next, failed } = one;
  write.line(`${paint("bold", plain(account))}  GitLab user ${plain(username)}`);
  write.blank();
  const row = (name: string, words: string) => write.item(words, 2, name.padEnd(10), { mark: "dim" });
  if (inUse === undefined) row("in use", one.verdict === "new" ? "nothing: no run has begun it" : "not known");
  else {
    const id = inUse.tokenId === undefined ? "" : `, token ${inUse.tokenId}`;
    const left = inUse.days <= 0 ? "dead" : `in ${days(inUse.days)}`;
    row("in use", `generation ${inUse.generation}${id}, dies ${show(inUse.expiresAt)} (${left})`);
  }
  if (proof !== undefined) row("proof", `${proofText(account, proof)}`);
  if (next !== undefined) row("next", `${show(next.date)}: ${eventWords[next.event]}, generation ${next.generation}`);
  if (declared !== undefined) {
    const { place, first, last } = declared;
    row("declared", `${place}${first === undefined ? "" : `, by ${commitText(first)}`}`);
    if (last !== undefined && last.id !== first?.id) row("edited", `by ${commitText(last)}`);
  }
  const notes = notesOf(one, Number.POSITIVE_INFINITY);
  if (notes.length > 0) write.blank();
  for (const [position, [mark, style, words]] of notes.entries()) {
    write.item(words, 2, mark, { mark: style });
    // The lines below a fault's first one say what was put back, and what to do.
    const rest = position === 0 ? (failed ?? "").split("\n").slice(1) : [];
    for (const line of rest) write.item(line, 4, "", { words: "dim" });
  }
  if (places.length > 0) write.section("Places");
  for (const place of places) {
    const isGood = holds(place, one);
    const [mark, style] = isGood
      ? (["✓ ", "green"] as const)
      : place.isRead
        ? (["✗ ", "red"] as const)
        : (["- ", "dim"] as const);
    write.item(`${place.place}: ${placeText(place)}`, 2, mark, { mark: style });
  }
  write.section("Life");
  writeLife(write, one.life, today);
  for (const what of stack.unchecked) write.item(what, 0, "? ", { mark: "yellow" });
  return write.end();
}

function writeLife(write: Writer, happenings: readonly Happening[], today: Day): void {
  let isToCome = false;
  let before = "";
  for (const { at, generation, what, links, why } of happenings) {
    const day = at.slice(0, 10);
    if (!isToCome && day > today) {
      isToCome = true;
      write.line(write.paint("dim", `  ${"─".repeat(15)}  ${show(today)}: today`));
    }
    const date = day === before ? "" : show(day);
    before = day;
    write.item(what, 2, `${date.padEnd(15)}  ${generation.padEnd(12)}  `, isToCome ? { words: "dim" } : {});
    if (why !== undefined) write.item(why, 33, "", { words: "dim" });
    for (const link of links) {
      // Whole, and on one line where it fits on any, so that a terminal can open it.
      const margin = Math.max(2, Math.min(33, write.width - plain(link).length));
      write.line(`${" ".repeat(margin)}${write.paint("cyan", plain(link))}`);
    }
  }
}

function commitText({ id, author, on, title }: Commit): string {
  return `${author} on ${show(on)} (${id.slice(0, 8)}, "${title}")`;
}
