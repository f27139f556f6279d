import type { ObjectSchema, PropertySchema } from "../../contract/form/package";
import { doc } from "./doc";

/** How a value is written: as an argument, where any part may be an output, or plain. */
export type Form = "input" | "plain";

/** The last part of a token: `Safe` of `sample:index:Safe` and of `sample:index/safe:Safe`. */
export function nameOf(token: string): string {
  return token.split(":").at(-1) ?? token;
}

/** The name of an object type: a token such as `sample:index/getItemField:getItemField` begins small. */
function typeName(token: string): string {
  const name = nameOf(token);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** A property's type in TypeScript. `scope` is put before the names of object types. */
export function typeOf(schema: PropertySchema, form: Form, scope: string): string {
  const inner = (member: PropertySchema | undefined): string => {
    const type = member === undefined ? "unknown" : typeOf(member, form, scope);
    return form === "input" ? `pulumi.Input<${type}>` : type;
  };
  if (schema.$ref?.startsWith("#/types/")) {
    return `${scope}${typeName(schema.$ref)}${form === "input" ? "Args" : ""}`;
  }
  switch (schema.type) {
    case "integer":
    case "number":
      return "number";
    case "array":
      return `${form === "input" ? "readonly " : ""}${inner(schema.items)}[]`;
    case "object":
      return `{ [key: string]: ${inner(schema.additionalProperties)} }`;
    case undefined:
      return "unknown";
    default:
      return schema.type;
  }
}

/** The members of an interface, each with its docstring. */
export function members(
  properties: Readonly<Record<string, PropertySchema>>,
  required: readonly string[],
  form: Form,
  scope: string,
): string {
  return Object.entries(properties)
    .map(([name, schema]) => {
      const optional = !required.includes(name);
      const type = typeOf(schema, form, scope);
      const value = form === "input" ? `pulumi.Input<${type}${optional ? " | undefined" : ""}>` : type;
      return `${doc(schema.description)}readonly ${name}${optional ? "?" : ""}: ${value};\n`;
    })
    .join("");
}

/** The module with a package's object types, each in both forms. */
export function typesModule(types: Readonly<Record<string, ObjectSchema>>): string {
  return Object.entries(types)
    .map(([token, schema]) => {
      const name = typeName(token);
      const required = schema.required ?? [];
      return (
        `${doc(schema.description)}export interface ${name} {\n${members(schema.properties, required, "plain", "")}}\n\n` +
        `${doc(schema.description)}export interface ${name}Args {\n${members(schema.properties, required, "input", "")}}\n\n`
      );
    })
    .join("");
}
