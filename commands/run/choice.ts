import { isAbsolute, relative } from "node:path";
import { type Engine, embeddedEngine } from "../../engines/engine";

/** The flag that asks for the embedded engine. */
export const embeddedFlag = "--engine=embedded";

/** The engine for a stack; throws when only the embedded one is there and nobody asked for it. */
export function chooseEngine(stack: string | undefined, askedForEmbedded: boolean, cli: Engine | undefined): Engine {
  if (askedForEmbedded || (cli === undefined && stack === "sandbox")) {
    return embeddedEngine;
  }
  if (cli !== undefined) {
    return cli;
  }
  throw new Error(
    `No Pulumi CLI was found on the PATH, and stack "${stack ?? "(selected)"}" is not the sandbox. Install the CLI (https://www.pulumi.com/docs/install/), or add ${embeddedFlag} to run it on the embedded engine, which is meant for trials.`,
  );
}

/** How people call an engine in this folder. */
export function called({ embedded, command: [, ...args] }: Engine): string {
  if (!embedded) return "pulumi";
  return ["node", ...args.map((one) => (isAbsolute(one) ? `./${relative(process.cwd(), one)}` : one))].join(" ");
}
