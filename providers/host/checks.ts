import type { PackageSchema, PropertySchema, ResourceSchema } from "../../contract/form/package";
import { isRecord, type Path, pathText } from "./path";
import { type CheckFailure, type Properties, unknown } from "./provider";
import { shapeOf } from "./schema";

/** Faults of inputs against the schema: missing, of another type, or not known to it. All of them at once. */
export function checkInputs(
  inputs: Properties,
  resource: ResourceSchema,
  types: PackageSchema["types"],
): readonly CheckFailure[] {
  return members(inputs, resource.inputProperties, resource.requiredInputs ?? [], [], types);
}

/** Inputs completed with the defaults that the schema gives. */
export function withDefaults(inputs: Properties, resource: ResourceSchema): Properties {
  const missing = Object.entries(resource.inputProperties).flatMap(([name, schema]) =>
    inputs[name] === undefined && schema.default !== undefined ? [[name, schema.default] as const] : [],
  );
  return { ...inputs, ...Object.fromEntries(missing) };
}

function members(
  value: Properties,
  properties: Readonly<Record<string, PropertySchema>>,
  required: readonly string[],
  place: Path,
  types: PackageSchema["types"],
): CheckFailure[] {
  const absent = required
    .filter((name) => value[name] === undefined && properties[name]?.default === undefined)
    .map((name) => ({
      property: pathText([...place, name]),
      reason: `"${name}" is missing; it is required.`,
    }));
  const present = Object.entries(value)
    // Pulumi's own bookkeeping, such as __defaults.
    .filter(([name]) => !name.startsWith("__"))
    .flatMap(([name, member]) => {
      const schema = properties[name];
      return schema === undefined
        ? [{ property: pathText([...place, name]), reason: unknownProperty(name, Object.keys(properties)) }]
        : faults(member, schema, [...place, name], types);
    });
  return [...absent, ...present];
}

function faults(value: unknown, schema: PropertySchema, place: Path, types: PackageSchema["types"]): CheckFailure[] {
  if (value === unknown || value === undefined) {
    return [];
  }
  const shape = shapeOf(schema, types);
  const expected = shape.object === undefined ? schema.type : "object";
  const wrong = expected !== undefined && !fits(value, expected);
  if (wrong) {
    return [
      {
        property: pathText(place),
        reason: `${nounOf(expected)} is expected here, and ${nounOf(kind(value))} was given.`,
      },
    ];
  }
  if (shape.object !== undefined && isRecord(value)) {
    return members(value, shape.object.properties, shape.object.required ?? [], place, types);
  }
  const inner: [string | number, unknown][] = Array.isArray(value)
    ? value.map((element, index) => [index, element])
    : isRecord(value)
      ? Object.entries(value)
      : [];
  return inner.flatMap(([key, element]) => {
    const member = shape.member(key);
    return member === undefined ? [] : faults(element, member, [...place, key], types);
  });
}

type Kind = NonNullable<PropertySchema["type"]>;

function fits(value: unknown, expected: Kind): boolean {
  return expected === "integer" ? Number.isSafeInteger(value) : kind(value) === expected;
}

function kind(value: unknown): Kind {
  if (Array.isArray(value)) {
    return "array";
  }
  const type = typeof value;
  return type === "string" || type === "number" || type === "boolean" ? type : "object";
}

function nounOf(type: Kind): string {
  const nouns = {
    string: "A text",
    integer: "A whole number",
    number: "A number",
    boolean: "True or false",
    array: "A list",
    object: "An object",
  } as const;
  return nouns[type];
}

function unknownProperty(name: string, known: readonly string[]): string {
  const close = known.find((candidate) => candidate.toLowerCase() === name.replaceAll(/[-_]/g, "").toLowerCase());
  return close === undefined
    ? `There is no "${name}" here; there are: ${known.join(", ")}.`
    : `There is no "${name}" here; did you mean "${close}"?`;
}
