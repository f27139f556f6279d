import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { type Fault, foundText } from "../rotation/faults";

/** A YAML file that was read, with the lines that its parts stand on. */
export interface YamlFile {
  readonly path: string;
  /** What it holds; nothing when it could not be read. */
  readonly value: unknown;
  /** What cannot be read; the path of each is a line. */
  readonly faults: readonly Fault[];
  /** The line of a part, or of the nearest one around it. */
  line(keys: readonly (string | number)[]): number | undefined;
}

/** Reads a file as the Pulumi CLI would: merge keys work, days may stand without quotes. */
export function readYaml(path: string, text: string): YamlFile {
  const lines = new LineCounter();
  // "silent" would be silent about a second document in the file, too, which nobody would read.
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false, logLevel: "error" });
  const faults = document.errors.map(({ code, message, pos: [offset] }) => {
    const { line, col } = lines.linePos(offset);
    if (code === "MULTIPLE_DOCS") {
      const expected = "all in one: take the line with --- out";
      return { path: `line ${line}, column ${col}`, found: "a second document in the file", expected };
    }
    return fault(`line ${line}, column ${col}`, `what is no YAML: ${firstLine(message)}`);
  });
  const result = { path, line: (keys: readonly (string | number)[]) => lineOf(document, lines, keys) };
  if (faults.length > 0) return { ...result, value: undefined, faults };
  try {
    return { ...result, value: document.toJS({ maxAliasCount: 100 }), faults };
  } catch (cause) {
    // Aliases of nothing, or so many that the file would grow without bound.
    const found = `what cannot be resolved: ${firstLine(cause instanceof Error ? cause.message : String(cause))}`;
    return { ...result, value: undefined, faults: [fault("", found)] };
  }
}

function fault(path: string, found: string): Fault {
  return { path, found, expected: "valid YAML: mind the indentation, the quotes and the brackets" };
}

/** The parser may quote what it met, which may be anything: so what looks like a token is not told on. */
function firstLine(message: string): string {
  const [line = ""] = message.split("\n");
  const shown = foundText(line);
  return shown.startsWith('"') ? shown.slice(1, -1) : shown;
}

function lineOf(document: Document, lines: LineCounter, keys: readonly (string | number)[]): number | undefined {
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range?.[0] : undefined;
  for (const key of keys) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) break;
      offset = isNode(pair.key) ? pair.key.range?.[0] : offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = isNode(node) ? (node.range?.[0] ?? offset) : offset;
    } else break;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}
