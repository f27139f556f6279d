import { plain } from "./plain";

/** How words may look. */
export type Style = "bold" | "dim" | "red" | "yellow" | "green" | "cyan";

/** Gives words a look. */
export type Paint = (style: Style, text: string) => string;

/** Lines of a width; what does not fit goes on below, indented. */
export class Writer {
  private readonly lines: string[] = [];

  /** Columns to fill. */
  readonly width: number;

  constructor(
    width: number,
    readonly paint: Paint,
  ) {
    this.width = Math.max(40, width);
  }

  /** Writes a line as it is. */
  line(line: string): void {
    this.lines.push(line);
  }

  /** Leaves a line empty. */
  blank(): void {
    this.lines.push("");
  }

  /** Begins a section. */
  section(title: string, style: Style = "bold"): void {
    this.blank();
    this.line(this.paint(style, title));
  }

  /** Writes words on one or more lines, behind a mark. */
  item(words: string, indent = 2, mark = "- ", style: { readonly words?: Style; readonly mark?: Style } = {}): void {
    const paint = (which: Style | undefined, text: string) => (which === undefined ? text : this.paint(which, text));
    const margin = indent + mark.length;
    const lines = wrapped(plain(words), this.width - margin);
    for (const [position, line] of lines.entries()) {
      const before = position === 0 ? " ".repeat(indent) + paint(style.mark, mark) : " ".repeat(margin);
      this.line(before + paint(style.words, line));
    }
  }

  /** All that was written. */
  end(): string {
    return `${this.lines.join("\n")}\n`;
  }
}

/** Words of just a width. */
export function fitted(words: string, width: number): string {
  return words.length > width ? `${words.slice(0, width - 1)}…` : words.padEnd(width);
}

function wrapped(words: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    let rest = line === "" ? word : `${line} ${word}`;
    // A word longer than a line, such as a path, is cut.
    while (rest.length > width) {
      lines.push(rest.slice(0, width));
      rest = rest.slice(width);
    }
    line = rest;
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
}
