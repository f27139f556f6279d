import type { ObjectSchema, PackageSchema, PropertySchema } from "../../contract/form/package";

/** What a package schema says about the members of one value. */
export interface Shape {
  /** The properties of an object type; `undefined` for a list, a map or a plain value. */
  readonly object?: ObjectSchema;
  /** The schema of one member, when it is known. */
  member(key: string | number): PropertySchema | undefined;
}

const typesPrefix = "#/types/";

/** Looks behind a property's `$ref`, `items` and `additionalProperties`. */
export function shapeOf(property: PropertySchema | undefined, types: PackageSchema["types"]): Shape {
  const object = objectType(property, types);
  if (object !== undefined) {
    return { object, member: (key) => object.properties[key] };
  }
  return {
    member: (key) => (typeof key === "number" ? property?.items : property?.additionalProperties),
  };
}

function objectType(property: PropertySchema | undefined, types: PackageSchema["types"]): ObjectSchema | undefined {
  const reference = property?.$ref;
  if (reference === undefined || !reference.startsWith(typesPrefix)) {
    return undefined;
  }
  const type = types?.[decodeURIComponent(reference.slice(typesPrefix.length))];
  if (type === undefined) {
    throw new Error(`Reading the package schema: it refers to "${reference}", and there is no such type in it.`);
  }
  return type;
}
