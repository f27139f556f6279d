import { expect } from "vitest";
import { verify } from "../../sandbox/engine/state/deployment";
import type { Faults } from "./fixture/stage";
import { scenario } from "./scenario";
import type { World } from "./world";

/**
 * A command of a play, in which `@a` stands for the URN of a thing, and what comes of it on either engine:
 * `<ok or fails> | <the provider's calls that write> | <what is told of things> | <what the state holds>`. The program is that
 * of the line before, where none is given. In the state `!` waits to be deleted, `?` for its replacement, and `(broken)` says
 * that the next run refuses it.
 */
export type Line = readonly [program: string, command: string, verdict: string, faults?: Faults];

/** Plays that come to the same on each engine. */
export function plays(table: Readonly<Record<string, readonly Line[]>>): void {
  for (const [name, lines] of Object.entries(table)) {
    const play = async (world: World) => {
      for (const line of lines) expect(`${line[1]}: ${await verdictOf(world, line)}`).toBe(`${line[1]}: ${line[2]}`);
    };
    scenario(name, play, 300_000);
  }
}

/** A program whose resources are registered one after the other, so that their order is the same each time. */
const inOrder = (body: string) => `const done = (made) => new Promise((fulfil) => made.urn.apply(() => fulfil(made)));
const thing = (...args) => done(new Thing(...args));
const group = (...args) => done(new Group(...args));
module.exports = async () => { ${body} };`;

async function verdictOf(world: World, [program, line, , faults = {}]: Line): Promise<string> {
  if (program !== "") world.program(inOrder(program));
  world.faults(faults);
  world.calls();
  const urn = "urn:pulumi:dev::proj::fixture:index:Thing::";
  const [command = "", ...flags] = line.split(" ").map((word) => word.replace(/^@/, urn));
  const quiet = command === "preview" ? ["--json"] : ["--yes", "--skip-preview", "--json"];
  const { code, steps } = await world.run(command, ...quiet, "--parallel", "1", ...flags);
  const told = [...new Set(steps.map((step) => step.replace(/:.*/, "")))].sort();
  return [code === 0 ? "ok" : "fails", world.writes().join(", "), told.join(", "), await stateOf(world)].join(" | ");
}

/** What the state holds, in its order, read without being checked. */
async function stateOf(world: World): Promise<string> {
  const { resources } = (await world.backend.read()).before;
  const own = resources.filter(({ type }) => !type.startsWith("pulumi:"));
  const names = own.map(({ urn, delete: waits, pendingReplacement }) => {
    return `${urn.split("::").at(-1)}${waits ? "!" : ""}${pendingReplacement ? "?" : ""}`;
  });
  try {
    verify(resources, "");
  } catch {
    names.push("(broken)");
  }
  return names.join(" ");
}
