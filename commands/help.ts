import { type Exit, exitCodes, exitMeanings } from "./exitCodes";
import type { Command } from "./table/command";

/** How the command line is called. */
export const program = "npx pat-rotation";

/** All commands for people, a line each. */
export function overview(all: readonly Command[], width: number): string {
  const people = all.filter(({ caller }) => caller === "people");
  const name = Math.max(...people.map((one) => one.name.length));
  const lines = people.map((one) => `  ${one.name.padEnd(name)}  ${hanging(one.summary, width, name + 4)}`);
  const foot = [
    `${program} <command> --help tells how it is used; npm run <command> -- [flags] is the same.`,
    `${program} --version tells which this is. What a code at the end means: docs/exit-codes.md.`,
  ];
  return `Rotates the personal access tokens of GitLab service accounts.\n\n${program} <command> [flags]\n\n${lines.join("\n")}\n\n${foot.map((line) => hanging(line, width, 0)).join("\n")}\n`;
}

/** How one command is used. */
export function helpOf(command: Command, width: number): string {
  const { name, words, about, flags, examples, exits, foot = [], handsOn } = command;
  const title = [program, name, ...(words === undefined ? [] : [words]), "[flags]"].join(" ");
  // What begins with blanks is laid out already.
  const paragraphs = about.map((text) => (text.startsWith(" ") ? text : hanging(text, width, 0)));
  const rows = Object.entries(flags).map(([long, { short, value, told }]) => {
    const names = short === undefined ? `--${long}` : `--${long}, -${short}`;
    return [value === undefined ? names : `${names}${value.startsWith("[") ? "" : " "}${value}`, told] as const;
  });
  const column = Math.min(26, Math.max(...rows.map(([left]) => left.length)));
  const told = rows.map(([left, right]) => {
    const text = hanging(right, width, column + 4);
    return left.length > column ? `  ${left}\n${" ".repeat(column + 4)}${text}` : `  ${left.padEnd(column)}  ${text}`;
  });
  const handed =
    handsOn === undefined
      ? []
      : [hanging(`All flags of "${handsOn}" are handed on ("${handsOn} --help" tells them).`, width, 0)];
  const lines = examples.map(([line, does]) => `  ${program} ${line}\n      ${hanging(does, width, 6)}`);
  const ends = (["fine", "failed", "usage", ...exits] satisfies Exit[])
    .sort((one, other) => exitCodes[one] - exitCodes[other])
    .map((one) => `  ${String(exitCodes[one]).padStart(2)}  ${hanging(exitMeanings[one], width, 6)}`);
  const sections = [
    ...paragraphs,
    told.join("\n"),
    ...handed,
    `Examples:\n${lines.join("\n")}`,
    `Exit codes:\n${ends.join("\n")}`,
    ...foot.map((text) => hanging(text, width, 0)),
  ];
  return `${title}\n\n${sections.join("\n\n")}\n`;
}

/** Words in lines of a width; all but the first behind a margin. */
function hanging(text: string, width: number, margin: number): string {
  const room = Math.max(30, width - margin);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${" ".repeat(margin)}`);
}
