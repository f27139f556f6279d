import type * as pulumi from "@pulumi/pulumi";
import { downloadURL, version } from "../../contract/form/package";
import { constructAccount } from "./account";
import { constructRotations } from "./rotations";
import { schema } from "./schema";

const constructs = {
  "pat-rotation:index:Account": constructAccount,
  "pat-rotation:index:Rotations": constructRotations,
} as const;

const here = { pluginDownloadURL: downloadURL ?? "" };
/** Without the plugins, an engine would get those of the same names from elsewhere. */
const fromUs: pulumi.ComponentResourceOptions =
  downloadURL === undefined ? {} : { transformations: [({ props, opts }) => ({ props, opts: { ...opts, ...here } })] };

/** The components of a stack of ours, for programs in any language. */
export const provider: pulumi.provider.Provider = {
  version,
  schema: JSON.stringify(schema),
  async construct(name, type, inputs, options) {
    const construct = constructs[type as keyof typeof constructs];
    if (construct === undefined)
      throw new Error(
        `Making "${name}": there is no component "${type}" in ${schema.name}; there are ${Object.keys(constructs).join(" and ")}.`,
      );
    return construct(name, inputs, { ...options, ...fromUs });
  },
};

/** What the SDK's server reads: the engine's address, without the flags for logs that the CLI may put before it. */
export function engineAddressOf(args: readonly string[]): string[] {
  return args.filter((arg, index) => !arg.startsWith("-") && args[index - 1] !== "--tracing").slice(0, 1);
}
