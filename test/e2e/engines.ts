import { type Engine, embeddedEngine, pulumiCli } from "../../engines/engine";

const cli = pulumiCli();

/** The engines that the end-to-end tests run on: the embedded one always, the Pulumi CLI where there is one. */
export const engines: readonly Engine[] = cli === undefined ? [embeddedEngine] : [embeddedEngine, cli];
