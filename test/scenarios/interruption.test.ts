import { expect } from "vitest";
import { scenario } from "./fixture/scenario";

scenario(
  "a run killed in a create leaves it pending and the stack locked, and goes on after a cancel",
  async (world) => {
    world.program(`const a = new Thing("a"); new Thing("b", { value: a.made });`);
    world.faults({ b: { create: { hold: true } } });
    const { child, done } = world.start("up", "--yes", "--skip-preview");
    await world.called("create b");
    child.kill("SIGKILL");
    await done;
    expect(await world.names()).toStrictEqual(["a"]);
    expect(await world.pending()).toStrictEqual(["creating b"]);
    expect(await world.locked()).toBe(true);

    world.faults({});
    world.calls();
    const refused = await world.up();
    expect(refused.code, refused.told).not.toBe(0);
    expect(refused.text).toContain("the stack is currently locked by 1 lock(s)");
    expect(refused.text).toContain("pulumi cancel");
    expect(world.calls()).toStrictEqual([]);

    const cancelled = await world.run("cancel", "--yes");
    expect(cancelled.code, cancelled.told).toBe(0);
    expect(await world.locked()).toBe(false);
    const next = await world.up();
    expect(next.code, next.told).toBe(0);
    expect(next.text).toContain(
      "Attempting to deploy or update resources with 1 pending operations from previous deployment",
    );
    expect(world.writes()).toStrictEqual(["create b"]);
    expect(await world.names()).toStrictEqual(["a", "b"]);
    // Nobody said what became of the first try, so it stays on record.
    expect(await world.pending()).toStrictEqual(["creating b"]);
    const cleared = await world.refresh("--clear-pending-creates");
    expect(cleared.code, cleared.told).toBe(0);
    expect(await world.pending()).toStrictEqual([]);
  },
);

scenario("a run killed in an update is tried again, and then nothing is pending", async (world) => {
  world.program(`new Thing("a", { value: 1 });`);
  await world.up();
  world.program(`new Thing("a", { value: 2 });`);
  world.faults({ a: { update: { hold: true } } });
  const { child, done } = world.start("up", "--yes", "--skip-preview");
  await world.called("update a");
  child.kill("SIGKILL");
  await done;
  expect(await world.pending()).toStrictEqual(["updating a"]);
  world.faults({});
  await world.run("cancel", "--yes");
  world.calls();
  const next = await world.up();
  expect(next.code, next.told).toBe(0);
  expect(world.writes()).toStrictEqual(["update a"]);
  expect(await world.pending()).toStrictEqual([]);
});

scenario("a run killed in a delete is tried again", async (world) => {
  world.program(`new Thing("a");`);
  await world.up();
  world.program("");
  world.faults({ a: { delete: { hold: true } } });
  const { child, done } = world.start("up", "--yes", "--skip-preview");
  await world.called("delete a");
  child.kill("SIGKILL");
  await done;
  expect(await world.pending()).toStrictEqual(["deleting a"]);
  world.faults({});
  await world.run("cancel", "--yes");
  const next = await world.up();
  expect(next.code, next.told).toBe(0);
  expect(await world.names()).toStrictEqual([]);
  expect(await world.pending()).toStrictEqual([]);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  scenario(`one ${signal} tells the provider to stop, saves what was done and unlocks`, async (world) => {
    world.program(
      `const a = new Thing("a"); const b = new Thing("b", { value: a.made }); new Thing("c", { value: b.made });`,
    );
    world.faults({ b: { create: { hold: true } } });
    const { child, done } = world.start("up", "--yes", "--skip-preview");
    await world.called("create b");
    child.kill(signal);
    const run = await done;
    expect(run.code, run.told).not.toBe(0);
    expect(world.stage.recorded()).toContain("cancel");
    expect(await world.names()).toStrictEqual(["a"]);
    expect(await world.pending()).toStrictEqual([]);
    expect(await world.locked()).toBe(false);
    world.faults({});
    world.calls();
    const next = await world.up();
    expect(next.code, next.told).toBe(0);
    expect(world.writes()).toStrictEqual(["create b", "create c"]);
  });
}

scenario("of two runs at once one is refused and does nothing", async (world) => {
  world.program(`new Thing("a");`);
  world.faults({ a: { create: { hold: true } } });
  const first = world.start("up", "--yes", "--skip-preview");
  await world.called("create a");
  const second = await world.up();
  expect(second.code, second.told).not.toBe(0);
  expect(second.text).toContain("the stack is currently locked by 1 lock(s)");
  world.stage.release("a");
  const run = await first.done;
  expect(run.code, run.told).toBe(0);
  expect(world.writes()).toStrictEqual(["create a"]);
  expect(await world.locked()).toBe(false);
});

scenario("a preview while a run is under way is not refused and writes nothing", async (world) => {
  world.program(`new Thing("a");`);
  world.faults({ a: { create: { hold: true } } });
  const first = world.start("up", "--yes", "--skip-preview");
  await world.called("create a");
  const preview = await world.preview();
  expect(preview.code, preview.told).toBe(0);
  expect(preview.steps).toStrictEqual(["create a"]);
  world.stage.release("a");
  expect((await first.done).code).toBe(0);
  expect(await world.names()).toStrictEqual(["a"]);
});

scenario("a program that never ends is ended by an interrupt", async (world) => {
  world.program(
    `new Thing("a"); new pulumi.Output; setInterval(() => {}, 1000); module.exports = new Promise(() => {});`.replace(
      "new pulumi.Output; ",
      "",
    ),
  );
  const { child, done } = world.start("up", "--yes", "--skip-preview");
  await world.called("create a done");
  child.kill("SIGINT");
  const run = await done;
  expect(run.code, run.told).not.toBe(0);
  expect(await world.names()).toStrictEqual(["a"]);
  expect(await world.locked()).toBe(false);
});
