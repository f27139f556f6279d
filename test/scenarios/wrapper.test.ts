import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { expect } from "vitest";
import { unfinished } from "../../engines/unfinished";
import { Backend } from "../../workshop/engine/state/backend";
import type { Run } from "./fixture/run";
import { scenario } from "./fixture/scenario";
import type { World } from "./fixture/world";

const pathWithoutCli = (path: string) =>
  path
    .split(delimiter)
    .filter((folder) => !existsSync(join(folder, "pulumi")))
    .join(delimiter);

/** `npm run up` and its like, where there is the engine of the scenario and no other; the flags that make it use that one. */
function wrapped(world: World): readonly string[] {
  const embedded = world.engine.name === "embedded engine";
  if (embedded) world.environment.PATH = pathWithoutCli(world.environment.PATH ?? "");
  const command = [process.execPath, resolve("commands/pat-rotation.cjs")] as const;
  world.engine = { ...world.engine, command: [...command] };
  return embedded ? ["--engine=embedded"] : [];
}

async function killedIn(world: World, ...args: string[]): Promise<void> {
  world.faults({ b: { create: { hold: true } } });
  const { child, done } = world.start("up", "--yes", ...args);
  await world.called("create b");
  // All of it at once, as when a machine goes down: the engine is its child, in a group of its own.
  const [engine] = await world.childrenOf(child.pid);
  child.kill("SIGKILL");
  if (engine !== undefined) process.kill(engine, "SIGKILL");
  await done;
  world.faults({});
  world.calls();
}

const lines = (run: Run) => run.stderr.split("\n");

scenario("npm run names the engine in use, and runs it with what this program needs", async (world) => {
  world.program(`const a = new Thing("a"); new Thing("b", { value: a.made }); new Thing("c");`);
  const { name } = world.engine;
  const flags = wrapped(world);
  const preview = await world.run("preview", ...flags);
  expect(preview.code, preview.told).toBe(0);
  expect(lines(preview)[0]).toMatch(
    name === "Pulumi CLI" ? /^Engine: Pulumi CLI v?3\.\d+\.\d+$/ : /^Engine: embedded engine$/,
  );
  expect(world.writes()).toStrictEqual([]);
  world.faults({ a: { create: { fail: "no" } } });
  const up = await world.run("up", "--yes", ...flags);
  expect(up.code).not.toBe(0);
  // Without a preview before it, and with --continue-on-error.
  expect(world.calls().filter((call) => call.startsWith("preview"))).toStrictEqual([]);
  expect(await world.names()).toStrictEqual(["c"]);
});

scenario("npm run makes the sandbox's stack once, where there is none", async (world) => {
  world.program(`new Thing("a");`);
  wrapped(world);
  world.stack = "sandbox";
  const first = await world.run("up", "--yes");
  expect(first.code, first.told).toBe(0);
  expect(world.writes()).toStrictEqual(["create a"]);
  expect(new Backend(world.environment, "proj", "sandbox").exists).toBe(true);
  const second = await world.run("up", "--yes");
  expect(second.code, second.told).toBe(0);
  expect(world.writes()).toStrictEqual([]);
});

scenario("npm run tells how to clear the lock of a killed run, clears it only then, and goes on", async (world) => {
  world.program(`const a = new Thing("a"); new Thing("b", { value: a.made });`);
  const flags = wrapped(world);
  await killedIn(world, ...flags);

  const refused = await world.run("up", "--yes", ...flags);
  expect(refused.code).not.toBe(0);
  const given = ["--yes", ...flags, "--stack", "dev", "--non-interactive"].join(" ");
  expect(refused.stderr).toContain(
    `The stack is locked: another run is alive, or one was killed. When you have made sure that none is alive, clear the lock and run:\n  npm run up -- ${given} --no-other-run-is-alive\n`,
  );
  expect(await world.locked()).toBe(true);
  expect(world.calls()).toStrictEqual([]);

  const next = await world.run("up", "--yes", ...flags, "--no-other-run-is-alive");
  expect(next.code, next.told).toBe(0);
  expect(world.writes()).toStrictEqual(["create b"]);
  expect(await world.locked()).toBe(false);
});

scenario(
  "npm run tells what a killed run left pending when the next one fails, and how to settle it",
  async (world) => {
    world.program(`const a = new Thing("a"); new Thing("b", { value: a.made });`);
    const flags = wrapped(world);
    await killedIn(world, ...flags);
    world.faults({ b: { create: { fail: "still not" } } });
    const next = await world.run("up", "--yes", ...flags, "--no-other-run-is-alive");
    expect(next.code).not.toBe(0);
    expect(next.stderr).toContain(
      "\nA run was stopped in the middle of:\n  creating urn:pulumi:dev::proj::fixture:index:Thing::b\n",
    );
    expect(next.stderr).toContain("npm run refresh -- --stack dev --yes --clear-pending-creates");
    world.faults({});
    const settled = await world.run("refresh", "--yes", "--clear-pending-creates", ...flags);
    expect(settled.code, settled.told).toBe(0);
    expect(await world.pending()).toStrictEqual([]);
  },
);

scenario("after a kill in the middle of a large state npm run goes on with all of it", async (world) => {
  world.program(`
    const made = Array.from({ length: 40 }, (_, at) => new Thing("large" + at, { value: "x".repeat(16_384) }));
    new Thing("b", { value: pulumi.all(made.map((one) => one.made)) });
  `);
  const flags = wrapped(world);
  await killedIn(world, ...flags);
  expect(await world.names()).toHaveLength(40);
  const next = await world.run("up", "--yes", ...flags, "--no-other-run-is-alive");
  expect(next.code, next.told).toBe(0);
  expect(next.stderr).not.toContain(unfinished);
  expect(world.writes()).toStrictEqual(["create b"]);
});

scenario(
  "npm run refuses what would print tokens, and a stack that is no sandbox where there is no CLI",
  async (world) => {
    world.program(`new Thing("a");`);
    const flags = wrapped(world);
    const json = await world.run("up", "--yes", "--json", ...flags);
    if (world.engine.name === "Pulumi CLI") {
      expect(json.code).toBe(1);
      expect(json.stderr).toMatch(
        /^"up --json" is refused: the Pulumi CLI v?3\.\S+ would print the values of tokens\./m,
      );
      expect(world.calls()).toStrictEqual([]);
      world.environment.PATH = pathWithoutCli(world.environment.PATH ?? "");
    } else {
      expect(json.code, json.told).toBe(0);
      expect(world.writes()).toStrictEqual(["create a"]);
    }
    const refused = await world.run("up", "--yes");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^No Pulumi CLI was found on the PATH, and stack "dev" is not the sandbox\./);
    expect(refused.stderr).toContain("--engine=embedded");
    expect(world.calls()).toStrictEqual([]);
  },
);
