import * as pulumi from "@pulumi/pulumi";
import type { ArgumentsOf, DeclaredCall, DeclaredResource, OutputsOf } from "../contract/form/declared";
import { downloadURL, type PropertySchema, type ResourceSchema, version } from "../contract/form/package";

/** The plugin that serves the package. */
const plugin = { version, ...(downloadURL !== undefined && { pluginDownloadURL: downloadURL }) };

/** A value of which any part may come from another resource. */
export type Given<T> = T extends readonly (infer E)[]
  ? readonly pulumi.Input<Given<E>>[]
  : T extends object
    ? { readonly [K in keyof T]: pulumi.Input<Given<T[K]>> }
    : T;

/** What a resource is made with. */
export type ArgsOf<D> = Given<ArgumentsOf<D>>;

/** A resource of the package, with an output for each property. */
export type ResourceOf<D> = pulumi.CustomResource & {
  readonly [K in keyof OutputsOf<D>]-?: pulumi.Output<OutputsOf<D>[K]>;
};

/** The class of a declared resource. */
export type ClassOf<D> = new (name: string, args: ArgsOf<D>, options?: pulumi.CustomResourceOptions) => ResourceOf<D>;

/** The class by which a program declares a resource. */
export function classOf<D extends DeclaredResource>({ token, schema }: D): ClassOf<D> {
  const secrets = Object.keys(schema.properties).filter((name) => schema.properties[name]?.secret === true);
  const own = { ...plugin, ...(secrets.length > 0 && { additionalSecretOutputs: secrets }) };
  class Declared extends pulumi.CustomResource {
    constructor(name: string, args: pulumi.Inputs, options: pulumi.CustomResourceOptions = {}) {
      super(token, name, propertiesOf(name, args, schema), pulumi.mergeOptions(own, options));
    }
  }
  // Its fields are made by the base class, of the properties that it is given.
  return Declared as unknown as ClassOf<D>;
}

/** A declared function; what it is given may be left out where all of that may. */
export type CallOf<D> = (
  ...args: Partial<ArgumentsOf<D>> extends ArgumentsOf<D> ? [args?: ArgumentsOf<D>] : [args: ArgumentsOf<D>]
) => Promise<OutputsOf<D>>;

/** Calls a declared function. */
export function callOf<D extends DeclaredCall>({ token }: D): CallOf<D> {
  return (args = {} as ArgumentsOf<D>) => pulumi.runtime.invoke(token, args as pulumi.Inputs, plugin);
}

/** All that the resource will have, also what the provider gives, and what it is made with. */
function propertiesOf(name: string, args: pulumi.Inputs, schema: ResourceSchema): pulumi.Inputs {
  const missing = schema.requiredInputs?.find((input) => args[input] === undefined);
  if (missing !== undefined)
    throw new Error(`Declaring "${name}": the property "${missing}" is missing; it is required.`);
  const outputs = Object.keys(schema.properties).map((output) => [output, undefined] as const);
  const inputs = Object.entries(schema.inputProperties).map(
    ([input, property]) => [input, given(args[input], property)] as const,
  );
  return Object.fromEntries([...outputs, ...inputs]);
}

function given(value: unknown, { default: preset, secret }: PropertySchema): unknown {
  const complete = value ?? preset;
  // What is not given stays undefined: a secret of undefined would be sent.
  return secret === true && complete !== undefined ? pulumi.secret(complete) : complete;
}
