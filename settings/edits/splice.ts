import { isAlias, isCollection, isMap, isNode, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from "yaml";

/** What a text becomes where one place of it is changed; all else stays byte for byte as it is. */
export interface Splice {
  /** The first character to go. */
  readonly from: number;
  /** The first one to stay again; `from` when nothing goes. */
  readonly to: number;
  /** What comes in its place. */
  readonly text: string;
}

/** A place of a YAML text that cannot be changed without touching what is around it. */
export class SpliceError extends Error {
  override readonly name = "SpliceError";
}

/** A text with one place changed. */
export function spliced(text: string, { from, to, text: inserted }: Splice): string {
  return text.slice(0, from) + inserted + text.slice(to);
}

/** A text as a YAML scalar: quoted, so that no reader takes it for a day, a number or a truth value. */
export function quoted(value: string): string {
  return JSON.stringify(value);
}

/** A block in one line: `{ date: "2026-12-14", reason: "somebody left" }`. */
export function flowMap(entries: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(entries).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${quoted(value)}`],
  );
  return `{ ${pairs.join(", ")} }`;
}

/** The pair of a key, if the map has it. */
export function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

/** The keys of a map that are plain words. */
export function keysOf(map: YAMLMap): readonly string[] {
  return map.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : []));
}

/** Adds a key, behind the last one. A value of several lines must be indented by the caller. */
export function addPair(text: string, map: YAMLMap, key: string, value: string): Splice {
  const last = map.items.at(-1);
  if (last === undefined) return replaced(map, `{ ${key}: ${value} }`);
  if (map.flow === true) return insert(pairEnd(last), `, ${key}: ${value}`);
  const at = lineEnd(text, pairEnd(last));
  return insert(at, `${newline(text)}${" ".repeat(columnOf(text, start(map)))}${key}: ${value}`);
}

/** Gives a key a value, whether or not it had one. */
export function setPair(text: string, map: YAMLMap, key: string, value: string): Splice {
  const pair = pairOf(map, key);
  if (pair === undefined) return addPair(text, map, key, value);
  refuseAlias(pair.value, key);
  if (isCollection(pair.value)) throw new SpliceError(`"${key}" is a block`);
  if (isScalar(pair.value) && pair.value.source !== undefined && pair.value.source !== "") {
    return replaced(pair.value, value);
  }
  const colon = text.indexOf(":", end(pair.key));
  return insert(colon + 1, ` ${value}`);
}

/** Adds a member to the list of a key, making the list where there is none. */
export function addToList(text: string, map: YAMLMap, key: string, member: string): Splice {
  const list = pairOf(map, key)?.value;
  refuseAlias(list, key);
  return isSeq(list) ? addMember(text, list, member) : setPair(text, map, key, `[${member}]`);
}

/** Adds a member to a list, behind the last one; a member of several lines to a list of lines only. */
export function addMember(text: string, list: YAMLSeq, member: string): Splice {
  const last = list.items.at(-1);
  if (last === undefined) return replaced(list, `[${member}]`);
  if (list.flow === true) return insert(end(last), `, ${member}`);
  const column = columnOf(text, start(list));
  const at = commentsEnd(text, lineEnd(text, end(last)), column);
  return insert(at, newline(text) + memberLines(member, column).join(newline(text)));
}

/** A member of a list as lines that begin at a column; comments before it stand before its hyphen. */
export function memberLines(member: string, column: number): readonly string[] {
  const lines = member.split("\n");
  const first = lines.findIndex((line) => !/^(#.*)?$/.test(line));
  const lead = (at: number) => (at < first ? "" : at === first ? "- " : "  ");
  return lines.map((line, at) => (line === "" ? "" : `${" ".repeat(column)}${lead(at)}${line}`));
}

/** Takes a key away, with the comment on its line. */
export function removePair(text: string, map: YAMLMap, key: string): Splice {
  const index = map.items.findIndex((pair) => isScalar(pair.key) && String(pair.key.value) === key);
  const pair = map.items[index];
  if (pair === undefined) throw new SpliceError(`there is no "${key}"`);
  const [previous, next] = [map.items[index - 1], map.items[index + 1]];
  if (map.flow === true && previous !== undefined) return { from: pairEnd(previous), to: pairEnd(pair), text: "" };
  // The first of a list's member stands behind the hyphen.
  if (index === 0 && next !== undefined) return { from: start(pair.key), to: start(next.key), text: "" };
  if (previous === undefined) throw new SpliceError(`"${key}" stands alone`);
  return { from: lineEnd(text, pairEnd(previous)), to: lineEnd(text, pairEnd(pair)), text: "" };
}

/** How many characters stand before a place on its line. */
export function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** The characters that end a line of a text. */
export function newline(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function insert(at: number, text: string): Splice {
  return { from: at, to: at, text };
}

function replaced(node: unknown, text: string): Splice {
  return { from: start(node), to: end(node), text };
}

/** The end of the comments below a line that are indented beyond a column: they belong to what stands above. */
function commentsEnd(text: string, from: number, column: number): number {
  const below = new RegExp(`^(?:\\r?\\n[ \\t]*)*\\r?\\n {${column + 1},}#[^\\r\\n]*`);
  let at = from;
  for (let found = below.exec(text.slice(at)); found !== null; found = below.exec(text.slice(at)))
    at += found[0].length;
  return at;
}

/** The end of the line on which something ends; a comment behind it is passed. */
function lineEnd(text: string, offset: number): number {
  const content = text.slice(0, offset).trimEnd().length;
  const found = text.slice(content).search(/\r?\n/);
  return found === -1 ? text.length : content + found;
}

function pairEnd(pair: Pair): number {
  return Math.max(end(pair.key), isNode(pair.value) ? end(pair.value) : 0);
}

function start(node: unknown): number {
  return rangeOf(node)[0];
}

function end(node: unknown): number {
  return rangeOf(node)[1];
}

function rangeOf(node: unknown): readonly [number, number, number] {
  const range = isNode(node) ? node.range : undefined;
  if (range === undefined || range === null) throw new SpliceError("a part of it has no place in the text");
  return range;
}

function refuseAlias(value: unknown, key: string): void {
  if (isAlias(value)) throw new SpliceError(`"${key}" is written elsewhere (*${value.source})`);
}

/** A map, or nothing when it is something else; an alias is written elsewhere. */
export function asMap(node: unknown): YAMLMap | undefined {
  if (isAlias(node)) throw new SpliceError(`the block is written elsewhere (*${node.source})`);
  return isMap(node) ? node : undefined;
}
