import { addDays, type Day, daysBetween } from "../../ground/day";
import type { AccountDeclaration, Freeze } from "../declaration/declaration";
import { calendar } from "./calendar";
import { type Generation, generations } from "./generations";
import { type Event, eventsUntil } from "./upcoming";

/** A stretch of days in which the dates ask one thing of a generation. */
export interface Span {
  /** As of the generation; `waiting` while an earlier one is held in its place. */
  readonly lifecycle: Generation["lifecycle"] | "waiting";
  /** Its first day. */
  readonly from: Day;
  /** The day after its last one. */
  readonly to: Day;
}

/** One token of an account, over the days that were asked for. */
export interface Bar {
  /** Name of the generation. */
  readonly generation: string;
  /** The day it opens; absent for `adopted`. */
  readonly opens?: Day;
  /** The day from which it is to be revoked, as the declaration stands. */
  readonly retireOn: Day;
  /** The day its token dies by itself. */
  readonly expiresAt: Day;
  /** Whether `holdAt` keeps it current beyond its dates. */
  readonly held: boolean;
  /** Why it is declared as leaked; absent when it is not. */
  readonly compromised?: string;
  /** Stretches of its life, in order. */
  readonly spans: readonly Span[];
}

/** Every generation that lives on some day from one day up to another, oldest first. */
export function timeline(account: AccountDeclaration, freezes: readonly Freeze[], from: Day, to: Day): readonly Bar[] {
  const events = eventsUntil(account, freezes, from, to).map(({ date }: Event) => date);
  // What opens while another is held is no event.
  const opened = account.holdAt === undefined ? [] : calendar(account.rotation, freezes, to).map(({ date }) => date);
  const days = [...new Set([from, ...events, ...opened])].filter((day) => from <= day && day < to).sort();
  const bars = new Map<string, Bar>();
  for (const [position, day] of days.entries()) {
    const end = days[position + 1] ?? to;
    const all = generations(account, freezes, day);
    const current = all.findIndex(({ lifecycle }) => lifecycle === "current");
    for (const [index, { name, date, lifecycle: asked, retireOn, expiresAt }] of all.entries()) {
      const lifecycle = asked === "previous" && index > current ? ("waiting" as const) : asked;
      const span = { lifecycle, from: day, to: expiresAt < end ? expiresAt : end };
      if (daysBetween(span.from, span.to) <= 0) continue;
      const opens = date === undefined ? {} : { opens: date };
      const spans = joined(bars.get(name)?.spans ?? [], span);
      const leak = account.compromised.find(({ generation }) => generation === name);
      const leaked = leak === undefined ? {} : { compromised: leak.reason };
      const held = name === account.holdAt;
      bars.set(name, { generation: name, ...opens, retireOn, expiresAt, held, ...leaked, spans });
    }
  }
  return [...bars.values()];
}

/** What follows without a change is one stretch. */
function joined(spans: readonly Span[], next: Span): readonly Span[] {
  const last = spans.at(-1);
  if (last === undefined || last.lifecycle !== next.lifecycle || last.to !== next.from) return [...spans, next];
  return [...spans.slice(0, -1), { ...last, to: next.to }];
}

/** The days that a timeline shows: some before, so that what lives now is seen whole enough, and those asked for. */
export function window(today: Day, days: number): { readonly from: Day; readonly to: Day } {
  return { from: addDays(today, -Math.min(60, Math.ceil(days / 6))), to: addDays(today, days) };
}
