import { styleText } from "node:util";
import { type Paint, Writer } from "../../reports/writer";

/** Lines of a screen, where its height is not told. */
const SCREEN = 24;

/** What a run came to, as it stands at the end of all that an engine prints: a screen at most, the headline first. */
export function summaryOf(
  told: string,
  { width, color }: { readonly width: number; readonly color: boolean },
  rows = SCREEN,
): string {
  const paint: Paint = (style, words) => (color ? styleText(style, words, { validateStream: false }) : words);
  const lines = told.split("\n").flatMap((line, at) => written(line, at, Math.min(width, 140), paint));
  // A line stays for the prompt, and one stands empty above.
  const room = Math.max(8, rows - 4);
  const more = lines.length - room;
  const kept =
    more > 0
      ? [...lines.slice(0, room - 1), `  … ${more + 1} lines more: npx pat-rotation status tells of each account`]
      : lines;
  return `\n${kept.join("\n")}\n`;
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

function written(line: string, at: number, width: number, paint: Paint): readonly string[] {
  const indent = line.length - line.trimStart().length;
  const isFailure = /^\d+ accounts? (?:failed|would fail)/.test(line);
  const write = new Writer(width - 2, paint);
  write.item(line, indent, "", at === 0 ? { words: "bold" } : isFailure ? { words: "red" } : {});
  return write.end().trimEnd().split("\n");
}
