// `npm run demo`: the runbook's own incident, from the dead token to the proven one and beyond, in a sandbox.
import { parseArgs } from "node:util";
import { type Engine, embeddedEngine, pulumiCli } from "../../engines/engine";
import { startSandbox } from "../sandbox/sandbox";
import { SandboxStack } from "../sandbox/stack";
import { Narrator } from "./narrator";
import { Story } from "./story";

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { engine: { type: "string" }, help: { type: "boolean", short: "h" } } });
  if (values.help) {
    console.log("npm run demo [-- --engine=embedded|pulumi]   default: the Pulumi CLI where there is one");
    return;
  }
  const engine = chosen(values.engine);
  const sandbox = await startSandbox();
  const narrator = new Narrator();
  // An engine that writes into a pipe is told what the terminal is like: the program reckons its indent in.
  const shown = { COLUMNS: String(narrator.room + 4), [narrator.colour ? "FORCE_COLOR" : "NO_COLOR"]: "1" };
  const stack = await SandboxStack.create({ engine, environment: () => ({ ...sandbox.environment, ...shown }) });
  try {
    await new Story(sandbox, stack, narrator).tell();
  } finally {
    stack.remove();
    await sandbox.stop();
  }
}

function chosen(name: string | undefined): Engine {
  const cli = pulumiCli();
  if (name === "embedded" || (name === undefined && cli === undefined)) {
    return embeddedEngine;
  }
  if (cli !== undefined && (name === "pulumi" || name === undefined)) {
    return cli;
  }
  throw new Error(
    name === "pulumi"
      ? "--engine=pulumi asks for the Pulumi CLI, and none was found on the PATH. Install it (https://www.pulumi.com/docs/install/), or leave the option out."
      : `--engine=${name} is no engine: write embedded or pulumi.`,
  );
}

main().catch((cause: unknown) => {
  console.error(cause instanceof Error ? cause.message : cause);
  process.exitCode = 1;
});
