import { expect } from "vitest";
import { scenario } from "./fixture/scenario";

scenario("a refresh takes in what was changed, and the next update puts it right", async (world) => {
  world.program(`new Thing("a", { value: 1 }); new Thing("b", { value: 1 });`);
  await world.up();
  const { id = "" } = await world.resource("a");
  world.stage.put(id, { inputs: { value: "by hand" }, made: 7 });
  world.calls();
  const run = await world.refresh();
  expect(run.code, run.told).toBe(0);
  expect(run.summary).toStrictEqual({ same: 2, update: 1 });
  expect(world.calls().sort()).toStrictEqual(["diff a", "diff b", "read a", "read b"]);
  const a = await world.resource("a");
  expect([a.inputs?.value, a.outputs?.value, a.outputs?.made]).toStrictEqual(["by hand", "by hand", 7]);
  const again = await world.up();
  expect(again.steps.sort()).toStrictEqual(["same b", "update a: value"]);
  expect(world.stage.get(id)?.inputs.value).toBe(1);
});

scenario(
  "a refresh drops what is gone with every reference to it, and the next update makes it anew",
  async (world) => {
    world.program(`const a = new Thing("a"); new Thing("b", { value: a.made }, { dependsOn: a });`);
    await world.up();
    world.stage.remove((await world.resource("a")).id ?? "");
    const run = await world.refresh();
    expect(run.code, run.told).toBe(0);
    expect(run.summary).toStrictEqual({ delete: 1, same: 2 });
    expect(await world.names()).toStrictEqual(["b"]);
    expect((await world.resource("b")).dependencies).toBeUndefined();
    world.calls();
    const again = await world.up();
    expect(again.code, again.told).toBe(0);
    expect(world.writes()).toStrictEqual(["create a"]);
  },
);

scenario("a refresh whose read fails keeps the state and fails", async (world) => {
  world.program(`new Thing("a"); new Thing("b");`);
  await world.up();
  world.faults({ a: { read: { fail: "cannot see a" } } });
  const run = await world.refresh();
  expect(run.code, run.told).not.toBe(0);
  expect(run.text).toContain("cannot see a");
  expect(await world.names()).toStrictEqual(["a", "b"]);
});

scenario("up --refresh reads first, and then does what is needed", async (world) => {
  world.program(`new Thing("a", { value: 1 });`);
  await world.up();
  world.stage.remove((await world.resource("a")).id ?? "");
  world.calls();
  const run = await world.up("--refresh");
  expect(run.code, run.told).toBe(0);
  expect(world.calls()).toStrictEqual(["read a", "check a anew", "create a"]);
  expect(await world.names()).toStrictEqual(["a"]);
});

scenario("destroy deletes everything, dependents first, and keeps the stack", async (world) => {
  world.program(
    `const g = new Group("g"); const a = new Thing("a", {}, { parent: g }); new Thing("b", { value: a.made });`,
  );
  await world.up();
  world.calls();
  const run = await world.destroy();
  expect(run.code, run.told).toBe(0);
  expect(run.steps).toStrictEqual(["delete b", "delete a", "delete g"]);
  expect(run.summary).toStrictEqual({ delete: 4 });
  expect(world.calls()).toStrictEqual(["delete b", "delete a"]);
  expect((await world.state()).resources).toStrictEqual([]);
  expect((await world.up()).summary).toStrictEqual({ create: 4 });
});

scenario("a destroy that is refused for one keeps it and what it depends on", async (world) => {
  world.program(
    `const a = new Thing("a"); const b = new Thing("b", { value: a.made }); new Thing("c", { value: b.made });`,
  );
  await world.up();
  world.calls();
  world.faults({ b: { delete: { fail: "b lives" } } });
  const run = await world.destroy();
  expect(run.code, run.told).not.toBe(0);
  expect(run.messages).toContain("error b: b lives");
  expect(world.writes()).toStrictEqual(["delete c", "delete b"]);
  expect(await world.names()).toStrictEqual(["a", "b"]);
  world.faults({});
  expect((await world.destroy()).code).toBe(0);
});

scenario("destroy leaves what is protected, and says so", async (world) => {
  world.program(`new Thing("a", {}, { protect: true });`);
  await world.up();
  world.calls();
  const run = await world.destroy();
  expect(run.code, run.told).not.toBe(0);
  expect(run.text).toContain("protect");
  expect(world.writes()).toStrictEqual([]);
  expect(await world.names()).toStrictEqual(["a"]);
});

scenario("an import that matches takes over without a write", async (world) => {
  world.stage.put("there", { inputs: { value: 5 }, made: 3 });
  world.program(`new Thing("a", { value: 5 }, { import: "there" });`);
  const preview = await world.preview();
  expect(preview.steps).toStrictEqual(["import a"]);
  world.calls();
  const run = await world.up();
  expect(run.code, run.told).toBe(0);
  expect(run.summary).toStrictEqual({ create: 1, import: 1 });
  expect(world.writes()).toStrictEqual([]);
  const a = await world.resource("a");
  expect([a.id, a.outputs?.made, a.importID]).toStrictEqual(["there", 3, "there"]);
  expect((await world.up()).summary).toStrictEqual({ same: 2 });
  world.program(`new Thing("a", { value: 5 });`);
  expect((await world.up()).summary).toStrictEqual({ same: 2 });
});

scenario("an import that does not match takes over, and is then updated", async (world) => {
  world.stage.put("there", { inputs: { value: 5 }, made: 3 });
  world.program(`new Thing("a", { value: 6 }, { import: "there" });`);
  const run = await world.up();
  expect(run.code, run.told).toBe(0);
  expect(run.steps).toStrictEqual(["import a", "update a: value"]);
  expect(world.calls()).toStrictEqual(["read a", "check a", "diff a", "update a"]);
  const a = await world.resource("a");
  expect([a.id, a.inputs?.value, a.outputs?.made]).toStrictEqual(["there", 6, 4]);
});

scenario("an import of what is not there fails", async (world) => {
  world.program(`new Thing("a", { value: 6 }, { import: "nowhere" });`);
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(run.text).toContain("nowhere");
  expect(await world.names()).toStrictEqual([]);
});
