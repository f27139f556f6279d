import type { FunctionSchema } from "../../contract/form/package";
import { doc } from "./doc";
import { members, nameOf } from "./types";

const scope = "types.";

/** A function's two forms, its arguments and its result. */
export function functionPair(token: string, schema: FunctionSchema): string {
  const name = nameOf(token);
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const inputs = schema.inputs?.properties ?? {};
  const required = schema.inputs?.required ?? [];
  const optional = required.length === 0 ? "?" : "";
  const args = `{ ${Object.keys(inputs)
    .map((input) => `${input}: args${optional}.${input}`)
    .join(", ")} }`;
  return `${doc(schema.description)}export function ${name}(args${optional}: ${title}Args, opts: pulumi.InvokeOptions = {}): Promise<${title}Result> {
  return pulumi.runtime.invoke("${token}", ${args}, { version, ...opts });
}

${doc(schema.description)}export function ${name}Output(args${optional}: ${title}OutputArgs, opts: pulumi.InvokeOutputOptions = {}): pulumi.Output<${title}Result> {
  return pulumi.runtime.invokeOutput("${token}", ${args}, { version, ...opts });
}

/** What {@link ${name}} is called with. */
export interface ${title}Args {
${members(inputs, required, "plain", scope)}}

/** What {@link ${name}Output} is called with. */
export interface ${title}OutputArgs {
${members(inputs, required, "input", scope)}}

/** What {@link ${name}} answers. */
export interface ${title}Result {
${members(schema.outputs?.properties ?? {}, schema.outputs?.required ?? [], "plain", scope)}}
`;
}
