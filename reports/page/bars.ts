import { addDays, type Day, show } from "../../ground/day";
import type { Bar } from "../../rotation/calendar/timeline";
import { escaped } from "./escape";
import { percent, type Scale } from "./scale";

const laneHeight = 20;

/** That a pipeline passed with a token, or failed. */
export interface Proof {
  readonly on: Day;
  readonly generation: string;
  readonly kind: "passed" | "failed";
}

/** What is drawn of an account. */
export interface Tokens {
  /** What a screen reader says of the whole. */
  readonly name: string;
  readonly bars: readonly Bar[];
  /** The generations that die while they are in use. */
  readonly dying: ReadonlySet<string>;
  readonly proofs?: readonly Proof[];
  /** Up to here it is known what was: a token that lives beyond it has its lane until it dies. @default nothing is known */
  readonly today?: Day;
  /** Whether each token can be reached with the keyboard; else all of them are one image. @default true */
  readonly isEach?: boolean;
}

/** The tokens of an account over time, those that live side by side below each other. */
export function tokens({ name, bars, dying, proofs = [], today, isEach = true }: Tokens, scale: Scale): string {
  const { lanes, count } = inLanes(bars, today);
  const marks = bars.map((bar, index) =>
    barMark(bar, (lanes[index] ?? 0) * laneHeight, scale, {
      dying: dying.has(bar.generation),
      // The line to its expiry would run into the next token of the same lane, and be taken for a link.
      crowded: bars.some((other, at) => at > index && lanes[at] === lanes[index] && begin(other) < bar.expiresAt),
      isMarked: proofs.some(({ generation }) => generation === bar.generation),
      isEach,
    }),
  );
  const proved = proofs.map((proof) => {
    const at = bars.findIndex(({ generation }) => generation === proof.generation);
    return proofMark(proof, (lanes[at] ?? 0) * laneHeight, scale);
  });
  const told = [...bars.map((bar) => barText(bar, dying.has(bar.generation))), ...proofs.map(proofText)].join(" ");
  const how = isEach
    ? `role="group" aria-label="${escaped(name)}"`
    : `role="img" aria-label="${escaped(`${name}: ${told}`)}"`;
  return `<svg height="${count * laneHeight + 8}" ${how}>${marks.join("")}${proved.join("")}</svg>`;
}

function proofMark(proof: Proof, top: number, scale: Scale): string {
  const x = percent(scale.at(proof.on));
  const sign = proof.kind === "passed" ? "✓" : "✗";
  const told = `<title>${escaped(proofText(proof))}</title>`;
  return `<g class="proof ${proof.kind}">${told}<circle cx="${x}" cy="${top + 14}" r="7"/><text aria-hidden="true" x="${x}" y="${top + 18}" text-anchor="middle">${sign}</text></g>`;
}

function proofText({ on, generation, kind }: Proof): string {
  return `Pipelines ${kind} with token ${generation} on ${show(on)}.`;
}

/** How a bar is drawn. */
interface Look {
  readonly dying: boolean;
  readonly crowded: boolean;
  /** A mark stands where it begins. */
  readonly isMarked: boolean;
  readonly isEach: boolean;
}

function barMark(bar: Bar, top: number, scale: Scale, { dying, crowded, isMarked, isEach }: Look): string {
  const y = top + 7;
  const solid = bar.spans
    .filter(({ lifecycle }) => lifecycle !== "retired")
    .map(({ lifecycle, from, to }) => {
      const left = scale.at(from);
      const round = lifecycle === "current" ? ' rx="3"' : "";
      return `<rect class="${lifecycle}" x="${percent(left)}" y="${y}" width="${percent(scale.at(to) - left)}" height="14"${round}/>`;
    });
  const first = bar.spans[0];
  const last = bar.spans.filter(({ lifecycle }) => lifecycle !== "retired").at(-1);
  const start = scale.at(first?.from ?? bar.expiresAt);
  const stop = scale.at(last?.to ?? first?.from ?? bar.expiresAt);
  const end = scale.at(bar.expiresAt);
  const tail =
    end > stop && !crowded
      ? `<line class="tail" x1="${percent(stop)}" x2="${percent(end)}" y1="${y + 7}" y2="${y + 7}"/>`
      : "";
  const edge =
    bar.expiresAt <= scale.to && (dying || !crowded)
      ? `<line class="end" x1="${percent(end)}" x2="${percent(end)}" y1="${y + 1}" y2="${y + 13}"/>`
      : "";
  const named = bar.spans.find(({ lifecycle }) => lifecycle === "current");
  const fits = named !== undefined && scale.at(named.to) - scale.at(named.from) > 11;
  const name = fits
    ? `<text class="name" aria-hidden="true" x="${percent(scale.at(named.from))}" dx="${isMarked ? 12 : 6}" y="${y + 11}">${bar.generation}</text>`
    : "";
  const hit = `<rect class="hit" x="${percent(start)}" y="${y - 1}" width="${percent(Math.max(0.3, Math.max(stop, start) - start))}" height="16" rx="3"/>`;
  const kinds = [
    "bar",
    ...(bar.held ? ["held"] : []),
    ...(dying ? ["risk"] : []),
    ...(bar.compromised === undefined ? [] : ["leaked"]),
  ].join(" ");
  const told = escaped(barText(bar, dying));
  const reached = isEach ? ` tabindex="0" role="img" aria-label="${told}"` : "";
  return `<g class="${kinds}"${reached}><title>${told}</title>${tail}${solid.join("")}${edge}${name}${hit}</g>`;
}

/** All that a mark shows, in words. */
function barText(bar: Bar, dying: boolean): string {
  const words = {
    current: "in use",
    previous: "kept beside its successor",
    waiting: "not in use yet",
    retired: "to be revoked",
  } as const;
  const spans = bar.spans.map(
    ({ lifecycle, from, to }) => `${words[lifecycle]} from ${show(from)} to ${show(addDays(to, -1))}`,
  );
  const held = bar.held ? ", held" : "";
  const leaked = bar.compromised === undefined ? "" : `, compromised (${bar.compromised})`;
  const end = dying ? "dies while in use" : "expires";
  return `Token ${bar.generation}${held}${leaked}: ${spans.join("; ")}; ${end} on ${show(bar.expiresAt)}.`;
}

/** Tokens that live side by side stand below each other; what was revoked takes no place. */
function inLanes(bars: readonly Bar[], today: Day = ""): { readonly lanes: readonly number[]; readonly count: number } {
  const ends: Day[] = [];
  const lanes = bars.map((bar) => {
    const from = begin(bar);
    const to = bar.spans.filter(({ lifecycle }) => lifecycle !== "retired").at(-1)?.to ?? from;
    const isOpen = to <= today && bar.expiresAt > today;
    const free = ends.findIndex((end) => end <= from);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = isOpen ? bar.expiresAt : to;
    return lane;
  });
  return { lanes, count: Math.max(2, ends.length) };
}

function begin({ spans, expiresAt }: Bar): Day {
  return spans[0]?.from ?? expiresAt;
}

/** Which token leaked, and why that is thought. */
export function leakTag({ generation, compromised = "" }: Pick<Bar, "generation" | "compromised">): string {
  return ` <span class="tag red" title="${escaped(compromised)}">${escaped(generation)} compromised</span>`;
}
