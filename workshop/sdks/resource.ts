import type { PropertySchema, ResourceSchema } from "../../contract/form/package";
import { doc } from "./doc";
import { members, nameOf, typeOf } from "./types";

const scope = "types.";

/** A resource's class and the interface of its arguments. */
export function resourceClass(token: string, schema: ResourceSchema): string {
  const name = nameOf(token);
  const { inputProperties: inputs, requiredInputs = [] } = schema;
  const optional = requiredInputs.length === 0 ? "?" : "";
  return `${doc(schema.description)}export class ${name} extends pulumi.CustomResource {
  /** @internal */
  static readonly __pulumiType = "${token}";

  /** The state of a ${name} that exists, by its provider's id; it is read, and not managed. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ${name} {
    return new ${name}(name, undefined as never, { ...opts, id });
  }

  /** Whether an object is a ${name}, also one of another copy of this package. */
  static override isInstance(obj: unknown): obj is ${name} {
    return typeof obj === "object" && obj !== null && "__pulumiType" in obj && obj.__pulumiType === ${name}.__pulumiType;
  }

${outputs(schema)}
  /**
   * @param name - the resource's name, unique in the stack
   * @param args - what it is made with
   * @param opts - what Pulumi is to do with it
   */
  constructor(name: string, args${optional}: ${name}Args, opts: pulumi.CustomResourceOptions = {}) {
    const inputs: pulumi.Inputs = ${record(Object.keys(schema.properties), () => "undefined")};
    if (opts.id === undefined) {
      ${requiredInputs.map((input) => missing(name, input)).join("")}Object.assign(inputs, ${record(Object.keys(inputs), (input) => argument(input, inputs[input] ?? {}))});
    }
    super(${name}.__pulumiType, name, inputs, pulumi.mergeOptions(${options(schema)}, opts));
  }
}

/** What a {@link ${name}} is made with. */
export interface ${name}Args {
${members(inputs, requiredInputs, "input", scope)}}
`;
}

function outputs({ properties, required = [] }: ResourceSchema): string {
  return Object.entries(properties)
    .map(([name, schema]) => {
      const type = `${typeOf(schema, "plain", scope)}${required.includes(name) ? "" : " | undefined"}`;
      return `${doc(schema.description)}declare readonly ${name}: pulumi.Output<${type}>;\n`;
    })
    .join("");
}

function missing(resource: string, input: string): string {
  return `if (args?.${input} === undefined && opts.urn === undefined) {
    throw new Error(\`Declaring the ${resource} "\${name}": the property "${input}" is missing; it is required.\`);
  }
  `;
}

function argument(name: string, schema: PropertySchema): string {
  if (schema.default !== undefined) {
    const given = `args?.${name} ?? ${JSON.stringify(schema.default)}`;
    return schema.secret === true ? `pulumi.secret(${given})` : given;
  }
  // What is not given stays undefined: a secret of undefined would be sent.
  return schema.secret === true
    ? `args?.${name} === undefined ? undefined : pulumi.secret(args.${name})`
    : `args?.${name}`;
}

function options({ properties }: ResourceSchema): string {
  const names = (holds: (schema: PropertySchema) => boolean) =>
    Object.keys(properties).filter((name) => holds(properties[name] ?? {}));
  const secret = names((schema) => schema.secret === true);
  const replaced = names((schema) => schema.replaceOnChanges === true);
  const parts = [
    "version",
    ...(secret.length > 0 ? [`additionalSecretOutputs: ${JSON.stringify(secret)}`] : []),
    ...(replaced.length > 0 ? [`replaceOnChanges: ${JSON.stringify(replaced)}`] : []),
  ];
  return `{ ${parts.join(", ")} }`;
}

function record(names: readonly string[], value: (name: string) => string): string {
  return `{${names.map((name) => `${name}: ${value(name)}`).join(", ")}}`;
}
