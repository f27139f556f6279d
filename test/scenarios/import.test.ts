import { expect } from "vitest";
import { scenario } from "./fixture/scenario";
import type { World } from "./fixture/world";

const importing = (world: World, ...args: string[]) =>
  world.run("import", "--yes", "--skip-preview", "--generate-code=false", ...args);

scenario(
  "the import command takes over what exists, protected, and a program that matches finds it so",
  async (world) => {
    world.stage.put("there", { inputs: { value: 5 }, made: 3 });
    const run = await importing(world, "fixture:index:Thing", "a", "there");
    expect(run.code, run.told).toBe(0);
    expect(world.calls()).toStrictEqual(["read a", "check a"]);
    const a = await world.resource("a");
    expect([a.id, a.inputs, a.outputs?.made, a.protect, a.importID]).toStrictEqual([
      "there",
      { value: 5 },
      3,
      true,
      undefined,
    ]);
    world.program(`new Thing("a", { value: 5 }, { protect: true });`);
    const up = await world.up("--expect-no-changes");
    expect(up.code, up.told).toBe(0);
    expect(world.writes()).toStrictEqual([]);
  },
);

scenario(
  "what the import command took over is updated where a program differs, and never deleted unasked",
  async (world) => {
    world.stage.put("there", { inputs: { value: 5 }, made: 3 });
    const run = await importing(world, "fixture:index:Thing", "a", "there");
    expect(run.code, run.told).toBe(0);
    const refused = await world.up();
    expect(refused.code, refused.told).not.toBe(0);
    expect(refused.text).toContain("protect");
    world.calls();
    world.program(`new Thing("a", { value: 6 });`);
    const up = await world.up();
    expect(up.code, up.told).toBe(0);
    expect(up.steps).toStrictEqual(["update a: value"]);
    expect(world.writes()).toStrictEqual(["update a"]);
    expect((await world.resource("a")).outputs?.made).toBe(4);
    world.program("");
    const gone = await world.up();
    expect(gone.code, gone.told).toBe(0);
    expect(world.writes()).toStrictEqual(["delete a"]);
  },
);

scenario(
  "an import command with --protect=false, beside resources that the program made, leaves those alone",
  async (world) => {
    world.program(`new Thing("b", { value: 1 });`);
    await world.up();
    world.calls();
    world.stage.put("there", { inputs: { value: 5 }, made: 3 });
    const run = await importing(world, "--protect=false", "fixture:index:Thing", "a", "there");
    expect(run.code, run.told).toBe(0);
    expect(world.writes()).toStrictEqual([]);
    expect(await world.names()).toStrictEqual(["a", "b"]);
    expect((await world.resource("a")).protect).toBeUndefined();
  },
);

scenario(
  "an import command of what is not there, or under a name that is taken, fails and changes nothing",
  async (world) => {
    world.program(`new Thing("b", { value: 1 });`);
    await world.up();
    const { id } = await world.resource("b");
    const nowhere = await importing(world, "fixture:index:Thing", "a", "nowhere");
    expect(nowhere.code, nowhere.told).not.toBe(0);
    expect(nowhere.text).toContain("'nowhere' does not exist");
    world.stage.put("there", { inputs: { value: 5 }, made: 3 });
    const taken = await importing(world, "fixture:index:Thing", "b", "there");
    expect(taken.code, taken.told).not.toBe(0);
    expect(taken.text).toContain("already exists");
    expect(await world.names()).toStrictEqual(["b"]);
    expect((await world.resource("b")).id).toBe(id);
  },
);
