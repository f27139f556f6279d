import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { pulumiCli } from "../../../engines/engine";
import type { Referee, Verdict } from "../referee";
import { run } from "../workshop";
import { built } from "./build";

const project = resolve(__dirname, "../../..");

interface Trial {
  /** What is judged, in words. */
  readonly what: string;
  readonly command: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
}

const vitest = (...args: readonly string[]): Trial["command"] => {
  return [process.execPath, join(project, "node_modules/vitest/vitest.mjs"), "run", ...args];
};
const endToEnd = (name: string): Trial => ({
  what: `test/e2e/${name}.test.ts`,
  command: vitest(`test/e2e/${name}.test.ts`, "--testNamePattern", "Pulumi CLI"),
  // Each kill takes four runs.
  environment: { KILL_AFTER: "writes" },
});

/** Tries some things on the real engine: the user's own CLI, or one that is built here. */
function onPulumi(name: string, trials: readonly Trial[]): Referee {
  const own = pulumiCli();
  const judge = async (): Promise<Verdict> => {
    const path = [...(own === undefined ? [await built()] : []), process.env.PATH].join(delimiter);
    const home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
    const env = { ...process.env, PATH: path, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true", NO_COLOR: "1" };
    const engine = pulumiCli(env)?.name;
    if (engine === undefined) throw new Error("The Pulumi CLI that was built does not run");
    const [right, wrong]: [string[], string[]] = [[], []];
    try {
      for (const { what, command, environment } of trials) {
        const [executable, ...args] = command;
        const since = Date.now();
        const { code, output } = await run(executable, args, { cwd: project, env: { ...env, ...environment } });
        const took = `${what} (${Math.round((Date.now() - since) / 1000)} s)`;
        if (code === 0) right.push(took);
        else wrong.push(`${took}: exit code ${code}\n${output.slice(-6000)}`);
      }
    } finally {
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    }
    return { judge: engine, right, wrong };
  };
  return { name, needs: own === undefined ? ["go"] : [], judge };
}

/** What a person does with the project. */
export const pulumi = onPulumi("pulumi", [
  { what: "the demo", command: ["npm", "run", "demo"] },
  ...["rotation/rotation", "rotation/kinds", "faults/faults", "commands/emergency", "crashes/kill"].map(endToEnd),
  ...["secrets/secrets", "commands/answers"].map(endToEnd),
]);

/** What the embedded engine is held against. */
export const scenarios = onPulumi("scenarios", [
  { what: "the scenarios", command: vitest("--project", "scenarios"), environment: { SCENARIOS_ON: "cli" } },
  {
    what: "both engines beside each other, and a stack that goes from one to the other",
    command: vitest("test/scenarios/alike.test.ts", "test/scenarios/interchange.test.ts"),
  },
]);
