import { show } from "../../ground/day";
import type { Entry, StackPlan } from "../../rotation/plan/plan";
import { dueWord, eventWords, faultPlace, widened } from "../words";
import { rowId } from "./chart";
import { escaped } from "./escape";

/** What is wrong with the settings of a stack, in tables and lists; nothing when nothing is. */
export function objections({ faults, gaps, rewrites }: StackPlan): string {
  const parts: string[] = [];
  if (faults.length > 0) {
    const rows = faults.map((fault) => [
      `<code>${escaped(faultPlace(fault))}</code>`,
      `<code>${escaped(fault.path)}</code>`,
      escaped(fault.found),
      escaped(fault.expected),
    ]);
    const what = "Faults of the settings";
    parts.push(section("bad", what, table(what, ["Where", "What", "Found", "Write instead"], rows)));
  }
  if (gaps.length > 0) {
    const rows = gaps.map(({ account, generation, from, until, explanation }) => [
      `<b>${escaped(account)}</b>`,
      generation,
      show(from),
      until === undefined ? "" : show(until),
      escaped(explanation),
    ]);
    const what = "No living token";
    parts.push(section("bad", what, table(what, ["Account", "Dead", "From", "Until", "What to do"], rows)));
  }
  if (rewrites.length > 0) {
    const items = rewrites.map(({ explanation }) => `<li>${escaped(explanation)}</li>`);
    parts.push(section("bad", "Takes living tokens out of the calendar", `<ul class="plain">${items.join("")}</ul>`));
  }
  return parts.join("\n");
}

/** What the rules of the stack object to. */
export function policyTable(stack: StackPlan): string {
  if (stack.findings.length === 0) return "";
  const rows = stack.findings.map(({ account, policy, severity, message, excepted }) => {
    const weight =
      severity === "error" ? tag("red", "violated") : tag("yellow", excepted === undefined ? "warning" : "excepted");
    const told =
      excepted === undefined ? message : `${message} Excepted until ${show(excepted.until)}: ${excepted.reason}.`;
    const rest = `<td class="what">${weight}</td><th scope="row">${escaped(account)}</th><td class="what">${policy}</td><td>${escaped(told)}</td>`;
    return `<tr data-of="${rowId(stack, account)}">${rest}</tr>`;
  });
  const head = ["Result", "Account", "Policy", "Finding"].map((title) => `<th scope="col">${title}</th>`).join("");
  const body = `<div class="scroll" role="region" aria-label="Policies of ${escaped(stack.stack)}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
  return section("", "Policies", `${body}<p class="none" hidden>No finding fits.</p>`);
}

/** What the edit changes. */
export function changesList({ changes = [] }: StackPlan): string {
  if (changes.length === 0) return "";
  const items = changes.map(({ account, kind, details, widenings = [] }) => {
    const inner = [
      ...details.map((detail) => `<li>${escaped(detail)}</li>`),
      ...widenings.map((one) => `<li class="wider">${escaped(`${widened}${one}`)}</li>`),
    ].join("");
    return `<li><b>${account === undefined ? "The stack" : escaped(account)}</b>: ${kind}<ul class="plain">${inner}</ul></li>`;
  });
  return section("", "Changes", `<ul class="plain">${items.join("")}</ul>`);
}

/** What the files cannot tell. */
export function uncheckedList({ unchecked }: StackPlan): string {
  const items = unchecked.map((one) => `<li>${escaped(one)}</li>`).join("");
  return items === "" ? "" : section("", "Not checked", `<ul class="plain">${items}</ul>`);
}

/** The dates of a stack. */
export function calendarTable(stack: StackPlan, days: number): string {
  const rows = stack.calendar.map((entry) => `<tr data-of="${rowId(stack, entry.account)}">${cells(entry)}</tr>`);
  const head = ["Date", "Due", "Account", "What", "Token", "Places", "Proved by"].map(
    (title) => `<th scope="col">${title}</th>`,
  );
  const body = `<div class="scroll" role="region" aria-label="Calendar of ${escaped(stack.stack)}" tabindex="0"><table>
<thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div><p class="none"${rows.length > 0 ? " hidden" : ""}>No dates.</p>`;
  return section("", `Calendar, ${days} days`, body);
}

function cells(entry: Entry): string {
  const due = dueWord(entry);
  const color = entry.due === "overdue" || entry.atRisk ? "red" : "yellow";
  const places = entry.event === "retire" ? [] : entry.consumers;
  return [
    `<td class="date">${show(entry.date)}</td>`,
    `<td class="what">${due === "" ? "" : tag(color, due)}</td>`,
    `<th scope="row">${escaped(entry.account)}</th>`,
    `<td class="what">${eventWords[entry.event]}</td>`,
    `<td class="date"><span title="${escaped(entry.explanation)}">${entry.generation}</span></td>`,
    `<td>${list(places)}</td>`,
    `<td>${list(entry.proofs)}</td>`,
  ].join("");
}

function list(texts: readonly string[]): string {
  return texts.length === 0 ? "" : `<ul>${texts.map((one) => `<li>${escaped(one)}</li>`).join("")}</ul>`;
}

function table(name: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const titles = head.map((title) => `<th scope="col">${title}</th>`).join("");
  const body = rows.map((cellsOf) => `<tr>${cellsOf.map((cell) => `<td>${cell}</td>`).join("")}</tr>`).join("");
  return `<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table><thead><tr>${titles}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function section(kind: string, title: string, body: string): string {
  return `<section${kind === "" ? "" : ` class="${kind}"`}><h2>${title}</h2>${body}</section>`;
}

function tag(color: string, text: string): string {
  return `<span class="tag ${color}">${text}</span>`;
}
