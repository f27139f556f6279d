import { stripVTControlCharacters, styleText } from "node:util";
import Table from "cli-table3";
import type { Said } from "./engineOutput";

type Style = Parameters<typeof styleText>[0];

const widest = 100;
const clearLine = "\r\u001b[2K";

/**
 * Tells the story: headings, sentences, facts, tables, and what the engine says. Nothing is wider than the terminal, or
 * 100 columns. Colour and a clock that runs while the engine works in a terminal; plain lines otherwise.
 */
export class Narrator {
  readonly #stream: NodeJS.WriteStream;
  readonly #colour: boolean;
  #chapter = 0;
  #afterHeading = false;
  #waiting = "";

  constructor(stream: NodeJS.WriteStream = process.stdout) {
    this.#stream = stream;
    this.#colour = stream.isTTY === true && process.env.NO_COLOR === undefined;
  }

  /** Columns for what an engine tells. */
  get room(): number {
    return this.#width - 5;
  }

  /** Whether colours are seen. */
  get colour(): boolean {
    return this.#colour;
  }

  /** Begins a chapter. */
  chapter(title: string, when: Date): void {
    this.#chapter += 1;
    const heading = `${this.#chapter}. ${title}`;
    const time = moment(when);
    const gap = " ".repeat(Math.max(2, this.#width - heading.length - time.length));
    this.#write(`\n${this.#style("bold", heading)}${gap}${this.#style("dim", time)}\n\n`);
    this.#afterHeading = true;
  }

  /** A paragraph, wrapped. */
  say(text: string): void {
    this.#write(`${this.#wrapped(text, "   ")}\n`);
  }

  /** Something that is as it should be. */
  good(text: string): void {
    this.#write(this.#fact(this.#style("green", "✓"), text));
  }

  /** Something that is wrong. */
  bad(text: string): void {
    this.#write(this.#fact(this.#style("red", "✗"), text));
  }

  /** The command that a person would type. */
  command(text: string): void {
    this.#write(`${this.#afterHeading ? "" : "\n"}   ${this.#style("cyan", `$ ${text}`)}\n`);
  }

  /** Something that the engine said. */
  engine(said: Said): void {
    const bar = `   ${this.#style("dim", "│")} `;
    if (said.kind === "report") {
      // Only what no terminal could show on one line is broken.
      const fits = visibleLength(said.text) <= this.room;
      const lines = fits
        ? [said.text]
        : wrap(said.text.trim(), this.room, /^ */.exec(said.text)?.[0] ?? "").split("\n");
      this.#write(lines.map((line) => `${(bar + line).trimEnd()}\n`).join(""));
      return;
    }
    const lines = this.#said(said).split("\n");
    this.#write(`${lines.map((line) => bar + line).join("\n")}\n`);
  }

  /** Shows in a terminal, until the returned function is called, that time passes. */
  wait(): () => void {
    if (this.#stream.isTTY !== true) {
      return () => undefined;
    }
    const start = process.hrtime.bigint();
    const timer = setInterval(() => {
      const seconds = Number((process.hrtime.bigint() - start) / 1_000_000_000n);
      this.#waiting = `   ${this.#style("dim", `│ … ${seconds} s`)}`;
      this.#stream.write(`${clearLine}${this.#waiting}`);
    }, 500);
    return () => {
      clearInterval(timer);
      this.#write("");
      this.#waiting = "";
    };
  }

  /** A table; where it would be too wide, its rows one below the other. */
  table(head: readonly string[], rows: readonly (readonly string[])[], footer?: string): void {
    const table = new Table({
      head: [...head],
      style: { head: this.#colour ? ["bold"] : [], border: this.#colour ? ["dim"] : [] },
    });
    table.push(...rows.map((row) => [...row]));
    if (footer !== undefined) {
      table.push([{ colSpan: head.length, content: footer }]);
    }
    const drawn = rows.some((row) => row.some((cell) => cell.includes("\n"))) ? table.toString() : compact(table);
    if (Math.max(...drawn.split("\n").map(visibleLength)) + 3 <= this.#width) {
      this.#write(`${drawn.replace(/^/gm, "   ")}\n`);
      return;
    }
    for (const row of rows) {
      const fields = row.map((cell, index) => `   ${(head[index] ?? "").padEnd(12)} ${cell.split("\n").join(", ")}`);
      this.#write(`${fields.join("\n")}\n\n`);
    }
    this.say(footer ?? "");
  }

  get #width(): number {
    return this.#stream.isTTY === true ? Math.min(widest, Math.max(60, this.#stream.columns)) : widest;
  }

  #said(said: Exclude<Said, { kind: "report" }>): string {
    const room = this.#width - 5;
    if (said.kind === "step") {
      const failed = said.what.endsWith("failed");
      const type = said.type.padEnd(27);
      const space = room - 30 - 17;
      const name = shortened(said.name, space).padEnd(space);
      const what = this.#style(failed ? "red" : "dim", said.what);
      return `${this.#style(failed ? "red" : "green", failed ? "✗" : said.sign)} ${type} ${name}  ${what}`;
    }
    if (said.kind === "summary") {
      return this.#style("bold", said.text);
    }
    const text = wrap(said.text, room - 2, "  ");
    return said.kind === "error" ? text.replace(/^.+$/gm, (line) => this.#style("red", line)) : text;
  }

  #fact(sign: string, text: string): string {
    return `   ${sign} ${this.#wrapped(text, "     ").trimStart()}\n`;
  }

  #wrapped(text: string, indent: string): string {
    return wrap(text, this.#width - 1, indent);
  }

  #write(text: string): void {
    this.#afterHeading = false;
    this.#stream.write(this.#waiting === "" ? text : `${clearLine}${text}`);
  }

  #style(style: Style, text: string): string {
    return this.#colour ? styleText(style, text) : text;
  }
}

/** A UTC instant for people: `Mon 23 Nov 2026, 07:10 UTC`. */
function moment(when: Date): string {
  const [weekday, day, month, year] = when.toUTCString().replace(",", "").split(" ");
  return `${weekday} ${day} ${month} ${year}, ${when.toISOString().slice(11, 16)} UTC`;
}

/** A day for people: `Mon 23 Nov 2026`. */
export function dayTitle(day: string): string {
  return moment(new Date(`${day}T00:00:00Z`)).split(",")[0] ?? day;
}

/** Lines between rows only help where rows have several lines. */
function compact(table: InstanceType<typeof Table>): string {
  table.options.style.compact = true;
  return table.toString();
}

/** The first and the last part of a name that is too long for its place. */
function shortened(name: string, room: number): string {
  if (name.length <= room) {
    return name;
  }
  const last = Math.floor((room - 1) / 2);
  return `${name.slice(0, room - 1 - last)}…${name.slice(-last)}`;
}

function visibleLength(line: string): number {
  return stripVTControlCharacters(line).length;
}

function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && indent.length + line.length + word.length + 1 > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => indent + each).join("\n");
}
