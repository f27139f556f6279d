// Makes the fixtures, by the code at hand: node --require ./start/typescript.cjs test/takeover/record.ts [names]
import type { Document } from "yaml";
import { emergency } from "../../commands/emergency";
import { type Engine, run } from "../../engines/engine";
import { Desk } from "../e2e/desk";
import { engines } from "../e2e/engines";
import { declarationOf, kindsWorld } from "../e2e/rotation/kinds";
import { Situation, type SituationOptions, scanner } from "../e2e/situation";
import { type Fixture, type Name, names, write } from "./fixture";

const accounts = ["config", "pat-rotation:accounts"];
const rotation = "2026-11-30T06:30:00Z";

/** The runs that lead to each: when, and whether the scanner's pipeline fails. */
const stories: Readonly<Record<Exclude<Name, "emergency">, SituationOptions & { readonly runs: readonly Step[] }>> = {
  idle: { runs: [{ at: rotation }, { at: "2026-12-07T07:00:00Z" }] },
  overlap: { runs: [{ at: rotation }] },
  noProof: { edit: (settings) => settings.deleteIn([...accounts, 1, "proof"]), runs: [{ at: rotation }] },
  late: { edit: startsOn("2026-11-23"), runs: [{ at: "2026-12-02T06:30:00Z" }] },
  red: { runs: [{ at: rotation, red: true }] },
  givenUp: {
    runs: [
      { at: rotation, red: true },
      { at: "2026-12-01T06:30:00Z", red: true },
      { at: "2026-12-02T06:30:00Z", red: true },
    ],
  },
  self: {
    world: kindsWorld("owner"),
    edit: (settings) => settings.setIn(accounts, [declarationOf("self")]),
    runs: [{ at: "2026-11-23T07:10:00Z" }],
  },
};

interface Step {
  readonly at: string;
  readonly red?: true;
}

function startsOn(day: string): (settings: Document) => void {
  return (settings) => settings.setIn([...accounts, 1, "rotation", "startsOn"], day);
}

async function recorded(engine: Engine, name: keyof typeof stories): Promise<Fixture> {
  const { runs, ...options } = stories[name];
  const situation = await Situation.start(engine, options);
  const { sandbox, stack } = situation;
  for (const { at, red = false } of runs) {
    sandbox.clock.set(at);
    if (red) sandbox.gitlab.armJob(scanner.project, scanner.job, { does: "fail" });
    const { code, output } = await situation.up();
    if ((code !== 0) !== red) throw new Error(`Recording "${name}" on the ${engine.name}: the run of ${at}\n${output}`);
  }
  const fixture = { dump: sandbox.dump(), state: await stack.state(), settings: stack.declared };
  await situation.stop();
  return fixture;
}

async function recordedEmergency(engine: Engine): Promise<Fixture> {
  const desk = await Desk.start(engine);
  const { sandbox, folder, environment, declared: settings } = desk;
  sandbox.clock.set(rotation);
  await desk.up();
  sandbox.clock.set("2026-12-01T09:00:00Z");
  const leaked = sandbox.gitlab.liveTokens(scanner.username).at(-1);
  const code = await emergency(
    ["--stack", "sandbox", "--token-id", `${leaked?.id}`, "--reason", "pasted into a chat"],
    {
      ...{
        folder,
        environment: desk.environment,
        today: "2000-01-01",
        print: (text) => void process.stdout.write(text),
      },
    },
  );
  if (code !== 0) throw new Error(`Recording "emergency" on the ${engine.name}: exit code ${code}`);
  const exported = await run(engine, ["stack", "export", "--stack", "sandbox"], { cwd: folder, environment });
  const fixture = { dump: sandbox.dump(), state: exported.stdout, settings, merged: desk.declared };
  await desk.stop();
  return fixture;
}

async function main(asked: readonly string[]): Promise<void> {
  for (const name of names.filter((one) => asked.length === 0 || asked.includes(one))) {
    for (const engine of engines) {
      process.stdout.write(`${name} on the ${engine.name}\n`);
      write(name, engine, await (name === "emergency" ? recordedEmergency(engine) : recorded(engine, name)));
    }
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
