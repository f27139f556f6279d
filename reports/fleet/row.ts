import { type Day, days, show } from "../../ground/day";
import { leakTag, tokens } from "../page/bars";
import { escaped } from "../page/escape";
import type { Scale } from "../page/scale";
import type { AccountStatus, Happening } from "../standing";
import { holds, notesOf, placesCount, placeText, proofText, proofWord } from "../standingWords";
import { eventWords } from "../words";
import { link, tag, tags } from "./attention";
import type { Line } from "./line";

/** Where a row stands. */
export interface RowOf {
  readonly stack: string;
  readonly id: string;
  readonly scale: Scale;
  readonly today: Day;
  /** Until then a date is soon. */
  readonly soon: Day;
}

/** An account: its name, its line of time, and below it all that is known of it. */
export function row(one: AccountStatus, line: Line | undefined, { stack, id, scale, today, soon }: RowOf): string {
  const { account, username, verdict, held, next, places } = one;
  const leaks = (line?.bars ?? []).filter(({ compromised }) => compromised !== undefined);
  const pins = (line?.bars ?? []).filter((bar) => bar.held);
  const flags = [
    verdict,
    ...(next !== undefined && next.date <= soon ? ["soon"] : []),
    ...(held.length > 0 ? ["held"] : []),
    ...(leaks.length > 0 ? ["leaked"] : []),
  ];
  const text = [stack, account, username, one.inUse?.generation ?? "", ...places.map(({ place }) => place)];
  const marks = `${tag(tags[verdict])}${held.length > 0 ? ` ${tag(["hold", "older held"])}` : ""}${pins.map(({ generation }) => ` ${tag(["hold", `held at ${generation}`])}`).join("")}${leaks.map(leakTag).join("")}`;
  const drawn =
    line === undefined || line.bars.length === 0
      ? '<p class="quiet">Nothing to draw.</p>'
      : tokens({ name: `Tokens of ${account}`, isEach: false, ...line }, scale);
  return `<li class="row" id="${id}" tabindex="-1" data-id="${id}" data-text="${escaped(text.join(" ").toLowerCase())}" data-flags="${flags.join(" ")}">
<div class="who"><h3>${escaped(account)}</h3><p>${escaped(username)}</p><p>${marks}</p></div>
${drawn}
${more(one, today)}</li>`;
}

function more(one: AccountStatus, today: Day): string {
  const { account, inUse, next, proof } = one;
  const brief = [
    inUse === undefined
      ? one.verdict === "new"
        ? "no token yet"
        : "token in use not known"
      : `${inUse.generation} dies ${show(inUse.expiresAt).slice(4)}`,
    `places ${placesCount(one)}`,
    `proof ${proofWord(one)}`,
    ...(next === undefined ? [] : [`next ${show(next.date).slice(4)} ${eventWords[next.event]}`]),
  ];
  const facts: (readonly [name: string, content: string])[] = [];
  if (inUse !== undefined) {
    const id = inUse.tokenId === undefined ? "" : `, token ${inUse.tokenId}`;
    const left = inUse.days <= 0 ? "dead" : `in ${days(inUse.days)}`;
    facts.push(["In use", escaped(`generation ${inUse.generation}${id}, dies ${show(inUse.expiresAt)} (${left})`)]);
  }
  if (one.places.length > 0) facts.push(["Places", placesList(one)]);
  if (proof !== undefined) facts.push(["Proof", `${escaped(proofText(account, proof))}${list(proof.links.map(link))}`]);
  if (next !== undefined)
    facts.push(["Next", escaped(`${show(next.date)}: ${eventWords[next.event]}, generation ${next.generation}`)]);
  const notes = notesOf(one, Number.POSITIVE_INFINITY).map(([, , words]) => escaped(words));
  if (notes.length > 0) facts.push(["To know", list(notes)]);
  if (one.life.length > 0) facts.push(["Life", lifeList(one.life, today)]);
  const told = facts.map(([name, content]) => `<dt>${name}</dt><dd>${content}</dd>`).join("");
  return `<details class="more"><summary>${brief.map((words) => `<span>${escaped(words)}</span>`).join(" ")}</summary><dl>${told}</dl></details>`;
}

function placesList(one: AccountStatus): string {
  return list(
    one.places.map((place) => {
      const isGood = holds(place, one);
      const sign = isGood ? '<span class="yes">✓</span>' : place.isRead ? '<span class="no">✗</span>' : "–";
      return `${sign} ${escaped(`${place.place}: ${placeText(place)}`)}`;
    }),
  );
}

function lifeList(life: readonly Happening[], today: Day): string {
  const items = life.map(({ at, generation, what, links, why }) => {
    const day = at.slice(0, 10);
    const told = `${show(day)}  ${generation}: ${what}${why === undefined ? "" : `. ${why}`}`;
    return `<li${day > today ? ' class="future"' : ""}>${escaped(told)}${links.map((url) => ` ${link(url)}`).join("")}</li>`;
  });
  return `<ol>${items.join("")}</ol>`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "" : `<ul>${items.map((one) => `<li>${one}</li>`).join("")}</ul>`;
}
