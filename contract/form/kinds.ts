import type { ObjectSchema, PropertySchema } from "./package";

/** Never there: it lets a declaration carry the type of what it declares. */
declare const type: unique symbol;

/** Whether a property is given: always, not always, or not by the program, which then gets the default. */
export type Presence = "required" | "optional" | "preset";

/** A property: how Pulumi's schema describes it, and as a type what its values are. */
export interface Property<T, P extends Presence = "required"> {
  readonly schema: PropertySchema;
  readonly presence: P;
  /** The object type that it refers to. */
  readonly object?: ObjectType<Shape>;
  readonly [type]?: T;
}

/** Properties by their names. */
export type Shape = Readonly<Record<string, Property<unknown, Presence>>>;

/** An object type of the package. */
export interface ObjectType<S extends Shape> {
  readonly token: string;
  readonly shape: S;
  readonly schema: ObjectSchema;
}

/** What a property's values are. */
type Value<P> = P extends Property<infer T, Presence> ? T : never;
type Flat<T> = { readonly [K in keyof T]: T[K] };

/** The names of a shape's properties that are present in one of some ways. */
type Names<S extends Shape, P extends Presence> = {
  [K in keyof S]: S[K] extends Property<unknown, P> ? K : never;
}[keyof S];

/** What has the properties of a shape; those that are present in a way of `Left` may be left out. */
export type Values<S extends Shape, Left extends Presence> = Flat<
  { [K in Exclude<keyof S, Names<S, Left>>]: Value<S[K]> } & { [K in Names<S, Left>]?: Value<S[K]> }
>;

/** What an object type's values are. */
export type ValueOf<O> = O extends ObjectType<infer S> ? Values<S, "optional" | "preset"> : never;

/** A text; `T` may narrow it to those that occur. */
export function text<T extends string = string>(description?: string): Property<T> {
  return property({ type: "string" }, description);
}

/** A whole number. */
export function integer(description?: string): Property<number> {
  return property({ type: "integer" }, description);
}

/** True or false. */
export function flag(description?: string): Property<boolean> {
  return property({ type: "boolean" }, description);
}

/** Any number of texts, numbers or objects. */
export function list<T>(element: Property<T>, description?: string): Property<readonly T[]>;
export function list<S extends Shape>(
  element: ObjectType<S>,
  description?: string,
): Property<readonly ValueOf<ObjectType<S>>[]>;
export function list(element: Property<unknown> | ObjectType<Shape>, description?: string): Property<never> {
  const { schema: items, object } = "shape" in element ? one(element) : element;
  return { ...property({ type: "array", items }, description), ...(object && { object }) };
}

/** An object of a type of the package. */
export function one<S extends Shape>(object: ObjectType<S>, description?: string): Property<ValueOf<ObjectType<S>>> {
  return { ...property({ $ref: `#/types/${object.token}` }, description), object };
}

/** May be left out. */
export function optional<T>(property: Property<T>): Property<T, "optional"> {
  return { ...property, presence: "optional" };
}

/** Is `value` when the program leaves it out. */
export function preset<T extends string | number | boolean>(property: Property<T>, value: T): Property<T, "preset"> {
  return { ...property, schema: { ...property.schema, default: value }, presence: "preset" };
}

/** Encrypted in the state, and never shown. */
export function secret<T>(property: Property<T>): Property<T> {
  return { ...property, schema: { ...property.schema, secret: true } };
}

/** A change of it makes another resource. */
export function replacing<T>(property: Property<T>): Property<T> {
  return { ...property, schema: { ...property.schema, willReplaceOnChanges: true } };
}

/** An object type, by its name in the package. */
export function object<S extends Shape>(name: string, description: string, shape: S): ObjectType<S> {
  return {
    token: tokenOf(name),
    shape,
    schema: { type: "object", description, properties: schemas(shape), required: requiredOf(shape) },
  };
}

/** The token of something of the package, by its name. */
export function tokenOf(name: string): string {
  return `runbook:index:${name}`;
}

/** The schemas of some properties. */
export function schemas(shape: Shape): Record<string, PropertySchema> {
  return Object.fromEntries(Object.entries(shape).map(([name, { schema }]) => [name, schema]));
}

/** The names of those that are always there. */
export function requiredOf(shape: Shape): string[] {
  return Object.keys(shape).filter((name) => shape[name]?.presence === "required");
}

function property<T>(schema: PropertySchema, description: string | undefined): Property<T> {
  return { schema: description === undefined ? schema : { ...schema, description }, presence: "required" };
}
