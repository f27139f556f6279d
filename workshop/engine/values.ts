import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { secretSignature, signatureKey, type Value, type Values } from "./state/deployment";

// Values stay in the form in which they travel: JSON, in which a signed object stands for a secret and a certain text for
// what is not known yet. Programs send no other signed objects to an engine that does not claim to know them.

/** Whether the value itself is a secret. */
export const isSecret = (value: unknown): value is Values =>
  (value as Values | null | undefined)?.[signatureKey] === secretSignature;

/** The value as a secret; one that is already stays as it is. */
export const secret = (value: Value): Value => (isSecret(value) ? value : { [signatureKey]: secretSignature, value });

/** The value without the marks of its secrets. */
export const reveal = (value: Value): Value => mapSecrets(value, reveal);

/** The value with `[secret]` for its secrets, as it may be shown. */
export const redact = (value: Value): Value => mapSecrets(value, () => "[secret]");

function mapSecrets(value: Value, show: (inner: Value) => Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Value) => mapSecrets(item, show));
  if (isSecret(value)) return show(value.value ?? null);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapSecrets(item, show)]));
}

/** Named properties as they came over the wire. */
export const fromStruct = (struct: Struct | undefined): Values => (struct?.toJavaScript() ?? {}) as Values;

/** Named properties for the wire. */
export const toStruct = (values: Values = {}): Struct =>
  Struct.fromJavaScript(values as Parameters<typeof Struct.fromJavaScript>[0]);

/** The property that a path such as `a.b[0]` begins with. */
export const propertyOf = (path: string): string => path.split(/[.[]/)[0] ?? "";

/** `news`, but what `olds` has of the named properties: `ignoreChanges`. */
export function restore(news: Values, olds: Values = {}, names: readonly string[] = []): Values {
  const kept = Object.entries(olds).filter(([name]) => names.includes(name));
  const changed = Object.entries(news).filter(([name]) => !names.includes(name));
  return Object.fromEntries([...changed, ...kept]);
}

/** The fields that are not empty, as the CLI stores them: no nulls, zeros, falsehoods, empty texts, lists and objects. */
export function filled<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const isEmpty = (value: unknown) => !value || (typeof value === "object" && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value))) as never;
}
