import { isMap, isSeq, parseDocument, type YAMLMap } from "yaml";
import { record } from "../../ground/raw";
import { accountsKey } from "./place";
import {
  addMember,
  addPair,
  asMap,
  columnOf,
  keysOf,
  memberLines,
  newline,
  pairOf,
  SpliceError,
  spliced,
} from "./splice";

/** The block of one account as a person or a command wrote it. */
export interface AccountBlock {
  /** Its lines, from the left margin, comments included. */
  readonly text: string;
  /** What it says. */
  readonly value: unknown;
}

/**
 * The block of an account in a text that holds one account or a list of them.
 *
 * @throws {@link SpliceError} when it is not there.
 */
export function accountBlock(name: string, text: string): AccountBlock {
  const document = parseDocument(text, { merge: true, logLevel: "silent" });
  const [error] = document.errors;
  if (error !== undefined) throw new SpliceError(`the block is no YAML: ${error.message.split("\n", 1)[0]}`);
  const root: unknown = document.contents;
  const members = isSeq(root) ? root.items : [root];
  const found = members.filter((node) => isMap(node)).find((node) => String(node.get("name")) === name);
  if (found === undefined) throw new SpliceError(`the text holds no block of an account "${name}"`);
  const whole: unknown = document.toJS();
  const value = (Array.isArray(whole) ? whole : [whole]).find((one) => String(record(one).name) === name);
  const lines = isSeq(root) ? rangeText(text, found) : text;
  return { text: lines.replaceAll("\r\n", "\n").trim(), value };
}

/** The lines of a list's member, moved to the left margin. */
function rangeText(text: string, node: YAMLMap): string {
  const [from = 0, , to = text.length] = node.range ?? [];
  const column = columnOf(text, from);
  return text
    .slice(from, to)
    .split("\n")
    .map((line, at) => (at === 0 ? line : line.slice(Math.min(column, line.search(/\S|$/)))))
    .join("\n");
}

/** A file with the block of one more account at the end of its list. */
export function appended(text: string, isStackFile: boolean, name: string, block: string): string {
  const lines = accountBlock(name, block).text;
  if (!isStackFile && text.trim() === "") return `${lines}\n`;
  const document = parseDocument(text, { merge: true, logLevel: "silent" });
  if (!isStackFile) {
    if (isSeq(document.contents)) return spliced(text, addMember(text, document.contents, lines));
    throw new SpliceError("it holds one account alone: give the new one a file of its own");
  }
  const config = asMap(document.get("config", true));
  if (config === undefined) throw new SpliceError('it has no block "config"');
  const key = accountsKey(keysOf(config));
  const accounts = pairOf(config, key)?.value;
  if (isSeq(accounts)) {
    if (accounts.flow === true && accounts.items.length > 0) throw new SpliceError("its accounts stand in one line");
    if (accounts.items.length > 0) return spliced(text, addMember(text, accounts, lines));
  }
  if (accounts !== undefined && accounts !== null) throw new SpliceError("its list of accounts is empty: take it away");
  const member = memberLines(lines, columnOf(text, config.range?.[0] ?? 0) + 2);
  const end = newline(text);
  return spliced(text, addPair(text, config, key, `${end}${member.join(end)}`)).replace(
    /(pat-rotation:accounts:) (\r?\n)/,
    "$1$2",
  );
}
