const width = 112;

/** A docstring with the lines of a text, wrapped; nothing for an empty text. */
export function doc(text: string | undefined): string {
  if (text === undefined || text.trim() === "") {
    return "";
  }
  const lines = text
    .trim()
    // A path such as `review/*/app` would end the comment.
    .replaceAll("*/", "*\u200b/")
    .split("\n")
    .flatMap(wrap);
  const [only] = lines;
  return lines.length === 1
    ? `/** ${only} */\n`
    : `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n`;
}

function wrap(line: string): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    if (current !== "" && current.length + word.length + 1 > width) {
      lines.push(current);
      current = word;
    } else {
      current = current === "" ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}
