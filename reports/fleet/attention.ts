import { escaped } from "../page/escape";
import { type AccountStatus, gravestFirst, type StackStatus, type Verdict } from "../standing";
import { notesOf, proofText } from "../standingWords";

/** What each verdict is called on a tag, and its colour. */
export const tags: Readonly<Record<Verdict, readonly [color: string, words: string]>> = {
  risk: ["red", "at risk"],
  due: ["yellow", "failed or late"],
  unknown: ["yellow", "not known"],
  running: ["hold", "being proven"],
  new: ["hold", "not begun"],
  fine: ["good", "fine"],
};

/** A word in a frame. */
export function tag([color, words]: readonly [color: string, words: string]): string {
  return `<span class="tag ${color}">${escaped(words)}</span>`;
}

/** An address that a state holds, as a link; as text where it is no address of a page. */
export function link(url: string): string {
  const told = escaped(url);
  return /^https?:\/\//.test(url) ? `<a href="${told}" rel="noreferrer">${told}</a>` : told;
}

/** A text in which the pages of one server are links, those that the account's proofs are on. */
function linked(text: string, { proof }: AccountStatus): string {
  const [server] = /^https?:\/\/[\w.:-]+\//.exec(proof?.links[0] ?? "") ?? [];
  if (server === undefined) return escaped(text);
  const pages = new RegExp(`(?<!\\S)\\(?${server.replaceAll(".", "\\.")}[\\w./~%-]*[\\w/]`, "g");
  return escaped(text).replace(pages, (url) => (url.startsWith("(") ? `(${link(url.slice(1))}` : link(url)));
}

/** What is at risk, failed, late or not known, in all stacks, the gravest first. */
export function attention(
  stacks: readonly { readonly status: StackStatus }[],
  rowName: (stack: number, at: number) => string,
): string {
  const found = stacks.flatMap(({ status }, index) =>
    gravestFirst(status.accounts).flatMap((one, at) =>
      one.verdict === "risk" || one.verdict === "due" ? [{ one, stack: status.stack, row: rowName(index, at) }] : [],
    ),
  );
  const sorted = (["risk", "due"] as const).flatMap((verdict) => found.filter(({ one }) => one.verdict === verdict));
  const items = sorted.map(({ one, stack, row }) => card(one, stack, row));
  const unread = stacks.flatMap(({ status }, index) =>
    status.isRead === false || status.accounts.length === 0
      ? [
          `<li>${tag(["yellow", "not known"])} <a href="#stack-${index}">${escaped(status.stack)}</a><p>${status.unchecked.map(escaped).join(" ")}</p></li>`,
        ]
      : [],
  );
  const all = [...items, ...unread].join("\n");
  return all === "" ? "" : `<ul class="cards">${all}</ul>`;
}

function card(one: AccountStatus, stack: string, row: string): string {
  const notes = notesOf(one, Number.POSITIVE_INFINITY).filter(([mark]) => mark !== "- ");
  // The lines below a fault's first one say what was put back, and what to do.
  const rest = (one.failed ?? "").split("\n").slice(1);
  const told = notes
    .flatMap(([, , words], at) => [words, ...(at === 0 ? rest : [])])
    .map((words) => `<p>${linked(words, one)}</p>`);
  const { proof } = one;
  const isOver = proof !== undefined && proof.provedAt === undefined && proof.attempts >= proof.maxAttempts;
  const isToldHow = (one.failed ?? "").includes("pat-rotation retry");
  const retry = isOver && !isToldHow ? `<p>${escaped(`The proof ${proofText(one.account, proof)}.`)}</p>` : "";
  const links = proof?.provedAt === undefined ? (proof?.links ?? []) : [];
  const untold = links.filter((url) => !(one.failed ?? "").includes(url)).map((url) => `<p>${link(url)}</p>`);
  return `<li data-of="${row}">${tag(tags[one.verdict])} <a href="#${row}"><b>${escaped(one.account)}</b></a> <span class="quiet">${escaped(stack)}</span>${told.join("")}${untold.join("")}${retry}</li>`;
}
