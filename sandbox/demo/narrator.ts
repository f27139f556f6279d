import { styleText } from "node:util";
import Table from "cli-table3";

type Style = Parameters<typeof styleText>[0];

/** Tells the story: headings, sentences, facts, tables, and what the engine says. Colour in a terminal, plain otherwise. */
export class Narrator {
  readonly #write: (text: string) => void;
  readonly #colour: boolean;
  #chapter = 0;

  constructor(stream: NodeJS.WriteStream = process.stdout) {
    this.#write = (text) => void stream.write(text);
    this.#colour = stream.isTTY === true && process.env.NO_COLOR === undefined;
  }

  /** Begins a chapter. */
  chapter(title: string, when: Date): void {
    this.#chapter += 1;
    const heading = `${this.#chapter}. ${title}`;
    this.#write(`\n${this.#style("bold", heading.padEnd(72))}${this.#style("dim", moment(when))}\n\n`);
  }

  /** A paragraph, wrapped. */
  say(text: string): void {
    this.#write(`${wrap(text, 96, "   ")}\n`);
  }

  /** Something that is as it should be. */
  good(text: string): void {
    this.#write(`   ${this.#style("green", "✓")} ${text}\n`);
  }

  /** Something that is wrong. */
  bad(text: string): void {
    this.#write(`   ${this.#style("red", "✗")} ${text}\n`);
  }

  /** The command that a person would type. */
  command(text: string): void {
    this.#write(`\n   ${this.#style("cyan", `$ ${text}`)}\n`);
  }

  /** One line that the engine printed. */
  engine(line: string): void {
    this.#write(`   ${this.#style("dim", "│")} ${line}\n`);
  }

  /** A table. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const table = new Table({
      head: [...head],
      style: { head: this.#colour ? ["bold"] : [], border: this.#colour ? ["dim"] : [], compact: true },
    });
    table.push(...rows.map((row) => [...row]));
    this.#write(`${table.toString().replace(/^/gm, "   ")}\n`);
  }

  #style(style: Style, text: string): string {
    return this.#colour ? styleText(style, text) : text;
  }
}

/** A UTC instant for people: `Mon 23 Nov 2026, 07:10 UTC`. */
export function moment(when: Date): string {
  const [weekday, day, month, year] = when.toUTCString().replace(",", "").split(" ");
  return `${weekday} ${day} ${month} ${year}, ${when.toISOString().slice(11, 16)} UTC`;
}

/** A day for people: `Mon 23 Nov 2026`. */
export function dayTitle(day: string): string {
  return moment(new Date(`${day}T00:00:00Z`)).split(",")[0] ?? day;
}

function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + word.length + 1 > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => indent + each).join("\n");
}
