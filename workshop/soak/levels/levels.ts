import { embeddedEngine, pulumiCli } from "../../../engines/engine";
import type { Level } from "../soak";
import { EngineLevel } from "./engineLevel";
import { ModelLevel } from "./modelLevel";

/** The levels by name. */
export function levels(onCli: boolean): Readonly<Record<string, Level>> {
  const engine = onCli ? pulumiCli() : embeddedEngine;
  if (engine === undefined) throw new Error("Looking for the Pulumi CLI: there is none on the PATH");
  return {
    model: {
      name: "Model",
      size: { accounts: [4, 14], rounds: 120 },
      driver: async (sandbox) => new ModelLevel(sandbox),
    },
    engine: {
      name: `Engine (${engine.name})`,
      // The CLI writes the whole state of a folder at each step.
      size: { accounts: onCli ? [4, 8] : [20, 36], rounds: 80 },
      driver: (sandbox) => EngineLevel.create(engine, sandbox),
    },
  };
}
