import { stripVTControlCharacters, styleText } from "node:util";
import { type Paint, Writer } from "../../reports/writer";

/** Lines of a screen, where its height is not told. */
const SCREEN = 24;

/**
 * What a run came to, as it stands at the end of all that an engine prints: a screen at most, the headline first. Where that is too
 * little, each account is told in fewer lines before any is left out: the whole of its fault stands above.
 */
export function summaryOf(
  told: string,
  { width, color }: { readonly width: number; readonly color: boolean },
  rows = SCREEN,
): string {
  const paint: Paint = (style, words) => (color ? styleText(style, words, { validateStream: false }) : words);
  const parts = told.split("\n").map((line, at) => written(line, at, Math.min(width, 140), paint));
  // A line stays for the prompt, and one stands empty above.
  const room = Math.max(8, rows - 4);
  const lines = fitting(parts, room);
  const more = lines.length - room;
  const kept =
    more > 0
      ? [...lines.slice(0, room - 1), `  … ${more + 1} lines more: npx pat-rotation status tells of each account`]
      : lines;
  return `\n${kept.join("\n")}\n`;
}

/** All lines where there is room for them; else those of an account are as many as leave room for all. */
function fitting(parts: readonly (readonly string[])[], room: number): readonly string[] {
  const whole = parts.flat();
  const accounts = parts.filter(isAccount);
  if (whole.length <= room || accounts.length === 0) return whole;
  const others = whole.length - accounts.flat().length;
  const most = Math.max(1, Math.floor((room - others) / accounts.length));
  const brief = parts.map((lines) =>
    !isAccount(lines) || lines.length <= most ? lines : [...lines.slice(0, most - 1), `${lines[most - 1]} …`],
  );
  return withoutServed(brief, brief.flat().length - room).flat();
}

/** Those that nothing went wrong with are left out before one that failed: as many as are too many. */
function withoutServed(parts: readonly (readonly string[])[], tooMany: number): readonly (readonly string[])[] {
  const failures = parts.findIndex(([first = ""]) => isFailure(first));
  const begin = parts.findIndex(isAccount);
  const served = failures - begin;
  if (tooMany <= 0 || failures === -1 || served < 2) return parts;
  const left = Math.min(served, tooMany + 1);
  return [...parts.slice(0, failures - left), [`  and ${left} more, without a fault`], ...parts.slice(failures)];
}

/** Whether lines are of one account: they stand below the headline that they belong to. */
function isAccount([first = ""]: readonly string[]): boolean {
  return first.startsWith("  ");
}

/** What would go wrong, or went wrong without a summary, below what an engine prints: in so many columns. */
export function failuresText(
  told: string,
  { width, color }: { readonly width: number; readonly color: boolean },
): string {
  const paint: Paint = (style, words) => (color ? styleText(style, words, { validateStream: false }) : words);
  const lines = told.split("\n").flatMap((line) => written(line, 1, Math.min(width, 140), paint));
  return `\n${lines.join("\n")}\n`;
}

/** Whether a line heads those that failed; it may be coloured. */
function isFailure(line: string): boolean {
  return /^\d+ accounts? (?:failed|would fail)/.test(stripVTControlCharacters(line));
}

function written(line: string, at: number, width: number, paint: Paint): readonly string[] {
  const indent = line.length - line.trimStart().length;
  const write = new Writer(width - 2, paint);
  write.item(line, indent, "", at === 0 ? { words: "bold" } : isFailure(line) ? { words: "red" } : {});
  return write.end().trimEnd().split("\n");
}
