import { z } from "zod";
import { type Shape, shapes } from "../../rotation/declaration/shapes";
import type { Dictionary } from "./words";

/** A schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a setting takes, as JSON Schema: of what reads it, with what is written where it is declared. */
export function schemaOf(type: unknown, words: Dictionary, of: string | undefined): JsonSchema {
  const { inner, fallback } = unwrapped(type);
  const shape = inner instanceof z.ZodType ? shapes.get(inner) : undefined;
  const told = fallback === undefined ? {} : { default: fallback };
  if (inner instanceof z.ZodObject) return { ...told, ...block(inner, shape ?? {}, words, of) };
  if (inner instanceof z.ZodArray) return { ...told, ...list(inner, words, of) };
  const [only, ...others] = shape?.forms ?? [];
  if (only === undefined) throw new Error(`A setting of ${of} has no shape`);
  return { ...told, ...(others.length === 0 ? only : { anyOf: [only, ...others] }) };
}

/** The same where nothing may stand in its place: a key that is left empty counts as left out. */
export function nullable(schema: JsonSchema): JsonSchema {
  if (typeof schema.type === "string" && schema.const === undefined) return { ...schema, type: [schema.type, "null"] };
  return { ...schema, anyOf: [...((schema.anyOf as unknown[] | undefined) ?? []), { type: "null" }] };
}

function block(type: z.ZodObject, shape: Shape, words: Dictionary, of: string | undefined): JsonSchema {
  const said = words.get(of ?? "");
  const entries = Object.entries(type.shape).filter(([, one]) => !(unwrapped(one).inner instanceof z.ZodUnknown));
  const required = entries.filter(([, one]) => isRequired(one)).map(([name]) => name);
  const properties = entries.map(([name, one]) => {
    const word = said?.get(name);
    if (word === undefined) throw new Error(`Nothing is written above "${name}" of ${of}`);
    const schema = schemaOf(one, words, word.of);
    const description = word.fallback === undefined ? word.text : `${word.text} Default: ${word.fallback}.`;
    return [name, { description, ...(required.includes(name) ? schema : nullable(schema)) }];
  });
  const rules = hanging(shape);
  return {
    type: "object",
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(properties),
    ...(rules.length === 0 ? {} : { allOf: rules }),
  };
}

function list(type: z.ZodArray, words: Dictionary, of: string | undefined): JsonSchema {
  return { type: "array", ...shapes.get(type)?.size, items: schemaOf(type.element, words, of) };
}

/** How the keys of a block hang on each other. */
function hanging({ one, least, most }: Shape): JsonSchema[] {
  const any = (keys: readonly string[]) => (keys.length === 1 ? given(keys[0] ?? "") : { anyOf: keys.map(given) });
  return [
    ...(one === undefined ? [] : [{ oneOf: one.map((key) => any(typeof key === "string" ? [key] : key)) }]),
    ...(least === undefined ? [] : [any(least)]),
    ...(most === undefined ? [] : [{ not: { allOf: most.map(given) } }]),
  ];
}

function given(key: string): JsonSchema {
  return { required: [key], properties: { [key]: { not: { type: "null" } } } };
}

function isRequired(type: unknown): boolean {
  const isOptional = [z.ZodOptional, z.ZodExactOptional, z.ZodDefault, z.ZodPrefault].some(
    (one) => type instanceof one,
  );
  return !isOptional;
}

/** A type without what is around it, and what it is when it is left out. */
function unwrapped(type: unknown): { readonly inner: unknown; readonly fallback?: unknown } {
  if (type instanceof z.ZodType && (shapes.get(type)?.forms?.length ?? 0) > 0) return { inner: type };
  if (type instanceof z.ZodPipe) return unwrapped(type.in);
  if (type instanceof z.ZodDefault) return { ...unwrapped(type.unwrap()), fallback: type._zod.def.defaultValue };
  const isAround = type instanceof z.ZodOptional || type instanceof z.ZodExactOptional || type instanceof z.ZodPrefault;
  return isAround ? unwrapped(type.unwrap()) : { inner: type };
}
