import { type ObjectType, type Property, requiredOf, type Shape, schemas, tokenOf, type Values } from "./kinds";
import type { FunctionSchema, ObjectSchema, PackageSchema, ResourceSchema } from "./package";

/** A resource as it is declared once, for the program and for its provider. */
export interface DeclaredResource<I extends Shape = Shape, O extends Shape = Shape> {
  readonly token: string;
  readonly inputs: I;
  readonly outputs: O;
  readonly schema: ResourceSchema;
}

/** A function as it is declared once. */
export interface DeclaredCall<I extends Shape = Shape, O extends Shape = Shape> {
  readonly token: string;
  readonly inputs: I;
  readonly outputs: O;
  readonly schema: FunctionSchema;
}

/** What a provider is given: the engine's check has put in the defaults. */
export type InputsOf<D> = D extends { inputs: infer I extends Shape } ? Values<I, "optional"> : never;

/** What a program gives; what has a default may be left out. */
export type ArgumentsOf<D> = D extends { inputs: infer I extends Shape } ? Values<I, "optional" | "preset"> : never;

/** What it gives. */
export type OutputsOf<D> = D extends { outputs: infer O extends Shape } ? Values<O, "optional"> : never;

/**
 * Declares a resource of the package.
 *
 * @param properties - `kept`: inputs that are outputs as well; `inputs`: those that are not; `outputs`: what the provider adds.
 */
export function resource<K extends Shape, I extends Shape, O extends Shape>(
  name: string,
  description: string,
  { kept, inputs, outputs }: { readonly kept: K; readonly inputs: I; readonly outputs: O },
): DeclaredResource<K & I, K & O> {
  const given = { ...kept, ...inputs };
  const made = { ...kept, ...outputs };
  return {
    token: tokenOf(name),
    inputs: given,
    outputs: made,
    schema: {
      description,
      properties: schemas(mapped(made, output)),
      required: requiredOf(mapped(made, output)),
      inputProperties: schemas(given),
      requiredInputs: requiredOf(given),
    },
  };
}

/** Declares a function of the package. */
export function call<I extends Shape, O extends Shape>(
  name: string,
  description: string,
  inputs: I,
  outputs: O,
): DeclaredCall<I, O> {
  return {
    token: tokenOf(name),
    inputs,
    outputs,
    schema: {
      description,
      inputs: { type: "object", properties: schemas(inputs), required: requiredOf(inputs) },
      outputs: { type: "object", properties: schemas(outputs), required: requiredOf(outputs) },
    },
  };
}

/** Pulumi's schema of a package: what is declared, with all object types that it refers to. */
export function packageOf(
  about: Omit<PackageSchema, "resources" | "types" | "functions">,
  resources: readonly DeclaredResource[],
  functions: readonly DeclaredCall[],
): PackageSchema {
  const types: Record<string, ObjectSchema> = {};
  const collect = (object: ObjectType<Shape> | undefined) => {
    if (object === undefined || object.token in types) return;
    types[object.token] = object.schema;
    for (const property of Object.values(object.shape)) collect(property.object);
  };
  for (const { inputs, outputs } of [...resources, ...functions])
    for (const property of [...Object.values(inputs), ...Object.values(outputs)]) collect(property.object);
  return {
    ...about,
    types,
    resources: Object.fromEntries(resources.map(({ token, schema }) => [token, schema])),
    functions: Object.fromEntries(functions.map(({ token, schema }) => [token, schema])),
  };
}

/** An input that is kept: what it defaults to, and what its change does, is said of the input alone. */
function output({ schema, presence, ...rest }: Property<unknown, "required" | "optional" | "preset">) {
  const { default: _default, willReplaceOnChanges: _replaces, ...kept } = schema;
  return { ...rest, schema: kept, presence: presence === "preset" ? "required" : presence } as const;
}

function mapped(shape: Shape, change: (property: Shape[string]) => Shape[string]): Shape {
  return Object.fromEntries(Object.entries(shape).map(([name, property]) => [name, change(property)]));
}
