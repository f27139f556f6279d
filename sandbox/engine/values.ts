import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { secretSignature, signatureKey, type Value, type Values } from "./state/deployment";

/** What stands for a value that is not known before an update runs. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Unknowns of other types than string, which no program or provider of ours sends, but which the protocol has. */
const unknowns: ReadonlySet<unknown> = new Set([
  unknown,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** What stands under {@link signatureKey} for an output: a value with its dependencies. */
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

const isObject = (value: Value | undefined): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether the value itself is a secret. */
export const isSecret = (value: Value | undefined): boolean =>
  isObject(value) && value[signatureKey] === secretSignature;

/** The value as a secret; one that is already stays as it is. */
export const secret = (value: Value): Value => (isSecret(value) ? value : { [signatureKey]: secretSignature, value });

/** Whether the value is not known yet. */
export const isUnknown = (value: Value | undefined): boolean => unknowns.has(value);

/** Rebuilds a value from the leaves; `visit` answers for those that it replaces as a whole. */
function map(value: Value, visit: (value: Value) => Value | undefined): Value {
  const replaced = visit(value);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(value)) return value.map((item: Value) => map(item, visit));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item, visit)]));
}

function some(value: Value | undefined, test: (value: Value) => boolean): boolean {
  if (value === undefined) return false;
  if (test(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((item: Value) => some(item, test));
}

/** Whether a secret is anywhere inside. */
export const hasSecret = (value: Value | undefined): boolean => some(value, isSecret);

/** The value without the marks of its secrets. */
export const reveal = (value: Value): Value =>
  map(value, (item) => (isSecret(item) ? reveal((item as Values).value ?? null) : undefined));

/** {@link reveal} for named properties. */
export const revealAll = (values: Values): Values => reveal(values) as Values;

/** The value with `[secret]` for its secrets, as it may be shown. */
export const redact = (value: Value): Value => map(value, (item) => (isSecret(item) ? "[secret]" : undefined));

/** Outputs become what state and providers know: an unknown, a secret or the plain value. */
const plain = (value: Value): Value =>
  map(value, (item) => {
    if (!isObject(item) || item[signatureKey] !== outputSignature) return undefined;
    const known = item.value === undefined ? unknown : plain(item.value);
    return item.secret === true ? secret(known) : known;
  });

/** Whether two values are the same, whatever the order of their keys. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => equal(item, b[at]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
}

/** Named properties as they came over the wire. */
export const fromStruct = (struct: Struct | undefined): Values =>
  struct === undefined ? {} : (plain(struct.toJavaScript() as Values) as Values);

/** Named properties for the wire. */
export const toStruct = (values: Values): Struct =>
  Struct.fromJavaScript(values as Parameters<typeof Struct.fromJavaScript>[0]);

/** The keys of a property path such as `a.b[0]["c.d"]`. */
export function parsePath(path: string): readonly string[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, name]) => quoted?.replace(/\\"/g, '"') ?? index ?? name ?? "",
  );
}

/** Whether a change at `path` falls under `pattern`, whose keys may be `*`. */
export function covers(pattern: string, path: string): boolean {
  const keys = parsePath(path);
  return parsePath(pattern).every((key, at) => at < keys.length && (key === "*" || key === keys[at]));
}

/** `news` with what `olds` has at each path: what the program wants to be left as it is. */
export function restore(news: Values, olds: Values, paths: readonly string[]): Values {
  const at = (
    value: Value | undefined,
    old: Value | undefined,
    [key, ...rest]: readonly string[],
  ): Value | undefined => {
    if (key === undefined) return old;
    if (isSecret(value) || isSecret(old)) return isSecret(value) && isSecret(old) ? old : value;
    if (Array.isArray(value)) {
      const olds: readonly Value[] = Array.isArray(old) ? old : [];
      return value.map((item: Value, index) =>
        key === "*" || key === String(index) ? (at(item, olds[index], rest) ?? item) : item,
      );
    }
    if (!isObject(value)) return value;
    const known = isObject(old) ? old : {};
    const changed: Record<string, Value> = { ...value };
    for (const name of key === "*" ? new Set([...Object.keys(value), ...Object.keys(known)]) : [key]) {
      const kept = at(value[name], known[name], rest);
      if (kept === undefined) delete changed[name];
      else changed[name] = kept;
    }
    return changed;
  };
  return paths.reduce((values, path) => at(values, olds, parsePath(path)) as Values, news);
}

/** The fields that have a value. */
export function known<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** The fields that are not empty, as the CLI stores them: no nulls, zeros, falsehoods, empty texts, lists and objects. */
export function filled<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const isEmpty = (value: unknown) => !value || (typeof value === "object" && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value))) as never;
}
