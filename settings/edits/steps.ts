import { type Document, isMap, isSeq, parseDocument, type YAMLMap } from "yaml";
import type { Day } from "../../ground/day";
import type { Edit } from "./edit";
import { accountsKey, isStackFile } from "./place";
import { addToList, asMap, flowMap, keysOf, pairOf, quoted, removePair, SpliceError, setPair, spliced } from "./splice";

type Step = (text: string, account: YAMLMap) => string;

/** The changes of the text, one after the other: each sees the text that the one before it left. */
export function steps(edit: Edit): readonly Step[] {
  switch (edit.kind) {
    case "adopt":
      return [];
    case "extra-date":
      return [(text, account) => withExtraDate(text, account, edit.date, edit.reason)];
    case "hold":
      return [(text, account) => spliced(text, setPair(text, account, "holdAt", quoted(edit.generation)))];
    case "release-hold":
      return [withoutHold];
    case "retry":
      return [(text, account) => withRetry(text, account, edit)];
    case "migrate":
      return [
        (text, account) => spliced(text, setPair(text, tokenOf(account), "permissions", flowList(edit.permissions))),
        (text, account) => {
          const token = tokenOf(account);
          return token.has("scopes") ? spliced(text, removePair(text, token, "scopes")) : text;
        },
      ];
    case "decommission":
      return [(text, account) => withReason(text, account, edit.reason)];
    case "compromise":
      return [
        (text, account) => (String(account.get("holdAt")) === edit.generation ? withoutHold(text, account) : text),
        (text, account) => withLeak(text, account, edit),
      ];
  }
}

/**
 * The text of a file after one change of the account of that name.
 *
 * @throws SpliceError when the account's block is put together from others, as by an alias.
 */
export function stepped(path: string, text: string, name: string, step: Step): string {
  const document = parseDocument(text, { merge: true, logLevel: "silent" });
  const found = nodes(path, document).find((node) => isMap(node) && String(node.get("name")) === name);
  const account = asMap(found);
  if (account === undefined) throw new SpliceError("the block is put together from others");
  return step(text, account);
}

function nodes(path: string, document: Document): readonly unknown[] {
  const root = isStackFile(path) ? accountsOf(document) : document.contents;
  return isSeq(root) ? root.items : [root];
}

function tokenOf(account: YAMLMap): YAMLMap {
  const token = asMap(pairOf(account, "token")?.value);
  if (token === undefined) throw new SpliceError('it has no block "token" of its own');
  return token;
}

/** Blocks in one line. */
function flowList(blocks: readonly object[]): string {
  const flow = (value: unknown) => (Array.isArray(value) ? `[${value.join(", ")}]` : String(value));
  const block = (one: object) =>
    `{ ${Object.entries(one)
      .map(([key, value]) => `${key}: ${flow(value)}`)
      .join(", ")} }`;
  return `[${blocks.map(block).join(", ")}]`;
}

function withoutHold(text: string, account: YAMLMap): string {
  return account.has("holdAt") ? spliced(text, removePair(text, account, "holdAt")) : text;
}

function withExtraDate(text: string, account: YAMLMap, date: Day, reason: string): string {
  const rotation = asMap(pairOf(account, "rotation")?.value);
  if (rotation === undefined) throw new SpliceError('it has no block "rotation" of its own');
  const known = memberOf(rotation, "extraDates", (one) => String(one.get("date")).slice(0, 10) === date);
  if (known?.get("reason") === reason) return text;
  const splice =
    known === undefined
      ? addToList(text, rotation, "extraDates", flowMap({ date, reason }))
      : setPair(text, known, "reason", quoted(reason));
  return spliced(text, splice);
}

function withReason(text: string, account: YAMLMap, reason: string): string {
  const known = asMap(pairOf(account, "decommission")?.value);
  if (known?.get("reason") === reason) return text;
  return known === undefined
    ? spliced(text, setPair(text, account, "decommission", flowMap({ reason })))
    : spliced(text, setPair(text, known, "reason", quoted(reason)));
}

function withRetry(text: string, account: YAMLMap, { generation, on, reason }: Edit & { kind: "retry" }): string {
  const isSame = (one: YAMLMap) =>
    String(one.get("generation")) === generation && String(one.get("on")).slice(0, 10) === on;
  if (memberOf(account, "retries", isSame) !== undefined) return text;
  return spliced(text, addToList(text, account, "retries", flowMap({ generation, on, reason })));
}

function withLeak(text: string, account: YAMLMap, { generation, reason, on }: Edit & { kind: "compromise" }): string {
  const known = memberOf(account, "compromised", (one) => String(one.get("generation")) === generation);
  if (known === undefined)
    return spliced(text, addToList(text, account, "compromised", flowMap({ generation, reason, on })));
  const isSo = on === undefined || String(known.get("on")).slice(0, 10) === on;
  return isSo ? text : spliced(text, setPair(text, known, "on", quoted(on)));
}

function memberOf(map: YAMLMap, key: string, test: (one: YAMLMap) => boolean): YAMLMap | undefined {
  const list = pairOf(map, key)?.value;
  if (!isSeq(list)) return undefined;
  return list.items.filter((one) => isMap(one)).find(test);
}

/** The list of accounts in a stack's own file. */
function accountsOf(document: Document): unknown {
  const config = document.get("config", true);
  return isMap(config) ? pairOf(config, accountsKey(keysOf(config)))?.value : undefined;
}
