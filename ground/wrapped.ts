/** A line to copy, such as `  npm run up -- --stack prod`. */
const command = /^ +(?:npm|npx|pulumi|git|curl) /;

/**
 * Words in lines of a width, each line of the text by itself, behind its own margin; a command to copy stays on its line. Without a
 * width the whole text stays as it is: nobody's terminal would break it in the middle of a word.
 *
 * @param first - columns that are taken on the first line.
 */
export function wrapped(text: string, width: number | undefined, first = 0): string {
  if (width === undefined) return text;
  return text
    .split("\n")
    .map((line, at) => (command.test(line) ? line : lines(line, width, at === 0 ? first : 0)))
    .join("\n");
}

function lines(text: string, width: number, first: number): string {
  const margin = /^ */.exec(text)?.[0] ?? "";
  const all: string[] = [];
  let line = "";
  for (const word of text.slice(margin.length).split(" ")) {
    const room = width - margin.length - (all.length === 0 ? first : 0);
    if (line !== "" && line.length + 1 + word.length > room) {
      all.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...all, line].map((one) => margin + one).join("\n");
}
