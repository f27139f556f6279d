import { show } from "../ground/day";
import type { Entry } from "../rotation/plan/plan";
import { plain } from "./plain";
import { dueWord, eventWords } from "./words";
import { fitted, type Writer } from "./writer";

/** The dates, a line each, with places and proofs where they are told first. */
export function writeCalendar(write: Writer, calendar: readonly Entry[]): void {
  const longest = Math.max(0, ...calendar.map(({ account }) => plain(account).length));
  const accountWidth = Math.min(longest, Math.max(12, write.width - 60));
  const told = new Set<string>();
  for (const entry of calendar) {
    const due = dueWord(entry);
    const style = entry.due === "overdue" || entry.atRisk ? "red" : entry.due === "later" ? "dim" : "yellow";
    const cells = [
      show(entry.date).padEnd(15),
      write.paint(style, due.padEnd(10)),
      write.paint("bold", fitted(plain(entry.account), accountWidth)),
      eventWords[entry.event].padEnd(11),
      entry.generation,
    ];
    write.line(`  ${cells.join("  ")}`.trimEnd());
    // The places are the same each time: told with the first date, and where it matters.
    if (entry.event === "retire" || (told.has(entry.account) && !entry.atRisk)) continue;
    if (entry.event !== "expire") told.add(entry.account);
    const places = entry.consumers.length === 0 ? [] : [`in ${entry.consumers.join("; ")}`];
    const proofs = entry.proofs.length === 0 ? [] : [`proved by ${entry.proofs.join("; ")}`];
    for (const words of [...places, ...proofs]) write.item(words, 19, "", { words: "dim" });
  }
}
