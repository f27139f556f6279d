import { posix } from "node:path";
import { isStackFile } from "./edits/place";

/** What an editor reads of such a line, wherever it stands. */
const line = /^# yaml-language-server: \$schema=\S+\r?\n/gm;

/**
 * The first line of a file of the declaration: it tells editors by which schema they complete and check it. Nothing for a
 * file outside of the project, from which no path leads there.
 *
 * @param path - the file, relative to the project.
 */
export function schemaLine(path: string): string {
  const file = path.replaceAll("\\", "/").replace(/^\.\//, "");
  if (file === "" || posix.isAbsolute(file) || file.split("/").includes("..")) return "";
  const up = "../".repeat(file.split("/").length - 1) || "./";
  return `# yaml-language-server: $schema=${up}settings/schema/${isStackFile(file) ? "stack" : "accounts"}.json\n`;
}

/** A text without such lines: what goes into another file has none of its own. */
export function withoutSchemaLine(text: string): string {
  return text.replace(line, "");
}
