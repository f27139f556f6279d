import { addDays, type Day, show } from "../ground/day";
import type { Entry, Plan, StackPlan } from "../rotation/plan/plan";
import { plain, unlinked } from "./plain";

/**
 * A plan as an iCalendar file (RFC 5545): an all-day event for each date, and one for each freeze. Calendars that take the file
 * again know an event by its UID, which is the same as long as stack, account, generation and step are.
 */
export function ics(plan: Plan): string {
  const stamp = `${compact(plan.asOf)}T000000Z`;
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//pat-rotation//plan//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "X-WR-CALNAME:Token rotations",
    "NAME:Token rotations",
    "REFRESH-INTERVAL;VALUE=DURATION:P1D",
    "X-PUBLISHED-TTL:P1D",
    ...plan.stacks.flatMap((stack) => [
      ...stack.calendar.flatMap((entry) => entryLines(stack, entry, stamp)),
      ...stack.freezes.flatMap(({ from, to, reason }) =>
        event({
          uid: `${stack.stack}/freeze/${from}/${to}`,
          stamp,
          from,
          to,
          summary: `Freeze of ${stack.stack}: no token rotates`,
          description: [reason ?? ""],
          category: "freeze",
        }),
      ),
    ]),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

const titles: Readonly<Record<Entry["event"], (account: string) => string>> = {
  mint: (account) => `New token for ${account}`,
  switch: (account) => `Other token for ${account}`,
  retire: (account) => `Old token of ${account} is revoked`,
  expire: (account) => `A token of ${account} expires`,
};

function entryLines({ stack }: StackPlan, entry: Entry, stamp: string): readonly string[] {
  const { account, generation, event: kind, date, explanation, consumers, proofs, atRisk } = entry;
  return event({
    uid: `${stack}/${account}/${generation}/${kind}`,
    stamp,
    from: date,
    to: date,
    summary: `${atRisk ? "AT RISK: " : ""}${titles[kind](account)}`,
    description: [
      explanation,
      ...(kind === "retire" || consumers.length === 0 ? [] : [`In: ${consumers.join("; ")}`]),
      ...(proofs.length === 0 ? [] : [`Proved by: ${proofs.join("; ")}`]),
      `Stack ${stack}, generation ${generation}, planned on ${show(`${stamp.slice(0, 4)}-${stamp.slice(4, 6)}-${stamp.slice(6, 8)}`)}.`,
    ],
    category: kind,
  });
}

interface CalendarEvent {
  readonly uid: string;
  readonly stamp: string;
  readonly from: Day;
  readonly to: Day;
  readonly summary: string;
  readonly description: readonly string[];
  readonly category: string;
}

function event({ uid, stamp, from, to, summary, description, category }: CalendarEvent): readonly string[] {
  const told = description.map(unlinked).filter((line) => line !== "");
  return [
    "BEGIN:VEVENT",
    `UID:${escaped(plain(uid).replace(/ /g, "_"))}@pat-rotation`,
    `DTSTAMP:${stamp}`,
    `DTSTART;VALUE=DATE:${compact(from)}`,
    // The end is the first day that is not part of it.
    `DTEND;VALUE=DATE:${compact(addDays(to, 1))}`,
    `SUMMARY:${escaped(unlinked(summary))}`,
    ...(told.length === 0 ? [] : [`DESCRIPTION:${told.map(escaped).join("\\n")}`]),
    `CATEGORIES:${category}`,
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ];
}

function compact(day: Day): string {
  return day.replaceAll("-", "");
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&");
}

/** Lines of at most 75 octets; what goes on begins with a space. No character is cut in two. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = "";
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > 75) {
      parts.push(part);
      part = " ";
      octets = 1;
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join("\r\n");
}
