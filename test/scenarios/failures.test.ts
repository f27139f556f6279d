import { expect } from "vitest";
import { scenario } from "./fixture/scenario";

const chain = `const a = new Thing("a", { value: 1 }); const b = new Thing("b", { value: a.made }); new Thing("c", { value: b.made }); new Thing("d");`;

scenario("a create that fails leaves nothing in the state, and is tried again", async (world) => {
  world.program(`new Thing("a");`);
  world.faults({ a: { create: { fail: "no room for a" } } });
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(run.failed).toStrictEqual(["create a"]);
  expect(run.messages).toContain("error a: no room for a");
  expect(run.messages).toContain("error: update failed");
  expect(await world.names()).toStrictEqual([]);
  expect(await world.pending()).toStrictEqual([]);
  world.faults({});
  world.calls();
  const again = await world.up();
  expect(again.code, again.told).toBe(0);
  expect(world.calls()).toStrictEqual(["check a anew", "create a"]);
});

scenario(
  "with --continue-on-error what depends on the failed is skipped, all else is done, and the run fails",
  async (world) => {
    world.program(chain);
    world.faults({ b: { create: { fail: "no room for b" } } });
    const run = await world.up("--continue-on-error");
    expect(run.code, run.told).not.toBe(0);
    expect(run.failed).toStrictEqual(["create b"]);
    expect(run.messages).toContain("error b: no room for b");
    expect(await world.names()).toStrictEqual(["a", "d"]);
    expect(world.writes().sort()).toStrictEqual(["create a", "create b", "create d"]);
    world.faults({});
    expect((await world.up("--continue-on-error")).code).toBe(0);
    expect(world.writes()).toStrictEqual(["create b", "create c"]);
  },
);

scenario("the environment can ask for --continue-on-error", async (world) => {
  world.program(`new Thing("a"); new Thing("b"); new Thing("c");`);
  world.faults({ a: { create: { fail: "no" } }, b: { create: { fail: "no" } }, c: { create: { fail: "no" } } });
  world.environment.PULUMI_CONTINUE_ON_ERROR = "True";
  const all = await world.up("--parallel", "1");
  expect([all.code === 0, world.writes().sort()]).toStrictEqual([false, ["create a", "create b", "create c"]]);
  world.environment.PULUMI_CONTINUE_ON_ERROR = "yes";
  const first = await world.up("--parallel", "1");
  expect([first.code === 0, world.writes().length]).toStrictEqual([false, 1]);
});

scenario("without it nothing new is begun after a failure", async (world) => {
  world.program(
    `const a = new Thing("a"); const b = new Thing("b", {}, { dependsOn: a }); new Thing("c", {}, { dependsOn: b });`,
  );
  world.faults({ b: { create: { fail: "no room for b" } } });
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(world.writes()).toStrictEqual(["create a", "create b"]);
  expect(await world.names()).toStrictEqual(["a"]);
});

scenario("a create that fails by half is kept with its error, and updated by the next run", async (world) => {
  world.program(`const a = new Thing("a", { value: 1 }); new Thing("b", { value: a.made });`);
  world.faults({ a: { create: { partial: ["the first half is done", "the second is not"] } } });
  const run = await world.up("--continue-on-error");
  expect(run.code, run.told).not.toBe(0);
  expect(run.failed).toStrictEqual(["create a"]);
  expect(run.text).toContain("the first half is done");
  expect(run.text).toContain("the second is not");
  const a = await world.resource("a");
  expect(a.initErrors).toStrictEqual(["the first half is done", "the second is not"]);
  expect(a.outputs?.made).toBe(1);
  expect(await world.names()).toStrictEqual(["a"]);

  world.faults({});
  world.calls();
  const again = await world.up("--continue-on-error");
  expect(again.code, again.told).toBe(0);
  expect(again.steps).toStrictEqual(["update a", "create b"]);
  expect(world.writes()).toStrictEqual(["update a", "create b"]);
  expect((await world.resource("a")).initErrors).toBeUndefined();
  expect((await world.resource("a")).id).toBe(a.id);
  expect((await world.up("--continue-on-error")).summary).toStrictEqual({ same: 3 });
});

scenario(
  "an update that fails by half keeps the new outputs, fails its dependents' turn, and is tried again",
  async (world) => {
    const program = (value: number) =>
      `const a = new Thing("a", { value: ${value} }); new Thing("b", { value: a.made });`;
    world.program(program(1));
    await world.up();
    world.program(program(2));
    world.faults({ a: { update: { partial: ["only half of it"] } } });
    world.calls();
    const run = await world.up("--continue-on-error");
    expect(run.code, run.told).not.toBe(0);
    expect(world.writes()).toStrictEqual(["update a"]);
    const a = await world.resource("a");
    // The old inputs stay, so that the next run sees the difference again.
    expect([a.inputs?.value, a.outputs?.value, a.outputs?.made, a.initErrors]).toStrictEqual([
      1,
      2,
      2,
      ["only half of it"],
    ]);
    expect((await world.resource("b")).outputs?.value).toBe(1);

    world.calls();
    const halfAgain = await world.up("--continue-on-error");
    expect(halfAgain.code, halfAgain.told).not.toBe(0);
    expect(world.writes()).toStrictEqual(["update a"]);
    world.faults({});
    const again = await world.up("--continue-on-error");
    expect(again.code, again.told).toBe(0);
    expect(world.writes()).toStrictEqual(["update a", "update b"]);
    expect((await world.resource("a")).initErrors).toBeUndefined();
  },
);

scenario("an update that fails leaves the old state", async (world) => {
  world.program(`const a = new Thing("a", { value: 1 }); new Thing("b", { value: a.made });`);
  await world.up();
  world.calls();
  world.program(
    `const a = new Thing("a", { value: 2 }); new Thing("b", { value: a.made }); new Thing("c", { value: 1 });`,
  );
  world.faults({ a: { update: { fail: "not today" } } });
  const run = await world.up("--continue-on-error");
  expect(run.code, run.told).not.toBe(0);
  expect(run.failed).toStrictEqual(["update a"]);
  expect(run.messages).toContain("error a: not today");
  expect((await world.resource("a")).inputs).toStrictEqual({ value: 1 });
  expect(world.writes().sort()).toStrictEqual(["create c", "update a"]);
  expect(await world.names()).toStrictEqual(["a", "b", "c"]);
});

scenario("a fault of inputs stops the run before anything is done to that resource", async (world) => {
  world.program(`new Thing("a", {}); new Thing("b");`);
  world.faults({ a: { check: { fail: "a must not be" } } });
  const preview = await world.preview();
  expect(preview.code, preview.told).not.toBe(0);
  expect(preview.text).toContain("a must not be");
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(run.messages.join("\n")).toContain("a must not be");
  expect(world.writes()).not.toContain("create a");
  expect(await world.names()).not.toContain("a");
});

scenario("inputs that the schema does not know are told with their path", async (world) => {
  world.program(`new Thing("a", { vlaue: 1 });`);
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(run.messages.join("\n")).toContain('There is no "vlaue" here');
});

scenario("a diff that fails stops the run", async (world) => {
  world.program(`new Thing("a");`);
  await world.up();
  world.faults({ a: { diff: { fail: "cannot tell" } } });
  world.calls();
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(run.text).toContain("cannot tell");
  expect(world.writes()).toStrictEqual([]);
  expect(await world.names()).toStrictEqual(["a"]);
});

scenario("a delete that is refused keeps the resource, and the run fails", async (world) => {
  world.program(`const a = new Thing("a"); new Thing("b", { value: a.made }); new Thing("c");`);
  await world.up();
  world.program("");
  world.calls();
  world.faults({ b: { delete: { fail: "b still lives" } } });
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(run.failed).toStrictEqual(["delete b"]);
  expect(run.messages).toContain("error b: b still lives");
  expect(world.writes()).not.toContain("delete a");
  expect(await world.names()).toContain("a");
  expect(await world.names()).toContain("b");
  world.faults({});
  expect((await world.up()).code).toBe(0);
  expect(await world.names()).toStrictEqual([]);
});

scenario("a failed step stops all deletes, also of what does not depend on it", async (world) => {
  world.program(`new Thing("a", { value: 1 }); new Thing("old");`);
  await world.up();
  world.calls();
  world.program(`new Thing("a", { value: 2 });`);
  world.faults({ a: { update: { fail: "not today" } } });
  const run = await world.up("--continue-on-error");
  expect(run.code, run.told).not.toBe(0);
  expect(world.writes()).toStrictEqual(["update a"]);
  expect(await world.names()).toStrictEqual(["a", "old"]);
});

scenario(
  "what was replaced but could not be deleted waits in the state, and is deleted by the next run",
  async (world) => {
    world.program(`new Thing("a", { key: "1" });`);
    await world.up();
    const old = await world.resource("a");
    world.calls();
    world.program(`new Thing("a", { key: "2" });`);
    world.faults({ a: { delete: { fail: "the old one stays" } } });
    const run = await world.up();
    expect(run.code, run.told).not.toBe(0);
    expect(world.writes()).toStrictEqual(["create a", "delete a"]);
    expect(await world.names()).toStrictEqual(["a", "a (delete)"]);
    const stillWaits = await world.up();
    expect(stillWaits.code, stillWaits.told).not.toBe(0);
    expect(await world.names()).toStrictEqual(["a", "a (delete)"]);
    world.faults({});
    world.calls();
    const again = await world.up();
    expect(again.code, again.told).toBe(0);
    expect(world.calls().filter((call) => !call.startsWith("check"))).toStrictEqual(["diff a", "delete a"]);
    expect(await world.names()).toStrictEqual(["a"]);
    expect(world.stage.get(old.id ?? "")).toBeUndefined();
  },
);

scenario("what was replaced waits when a later step fails", async (world) => {
  world.program(`const a = new Thing("a", { key: "1" }); new Thing("b", { value: a.token });`);
  await world.up();
  world.program(`const a = new Thing("a", { key: "2" }); new Thing("b", { value: a.token });`);
  world.faults({ b: { update: { fail: "b does not like it" } } });
  const run = await world.up("--continue-on-error");
  expect(run.code, run.told).not.toBe(0);
  expect(await world.names()).toStrictEqual(["a", "a (delete)", "b"]);
  world.faults({});
  world.calls();
  expect((await world.up()).code).toBe(0);
  expect(world.writes()).toStrictEqual(["update b", "delete a"]);
  expect(await world.names()).toStrictEqual(["a", "b"]);
});

scenario("what was deleted before its replacement, which then failed, is created by the next run", async (world) => {
  world.program(`new Thing("a", { key: "1", first: true });`);
  await world.up();
  world.program(`new Thing("a", { key: "2", first: true });`);
  world.faults({ a: { create: { fail: "no room" } } });
  world.calls();
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(world.writes()).toStrictEqual(["delete a", "create a"]);
  expect((await world.resource("a")).pendingReplacement).toBe(true);
  world.faults({});
  expect((await world.up()).code).toBe(0);
  expect(world.writes()).toStrictEqual(["create a"]);
  expect((await world.resource("a")).pendingReplacement).toBeUndefined();
  expect((await world.up()).summary).toStrictEqual({ same: 2 });
});

scenario("a provider that crashes fails the run and loses nothing that was done", async (world) => {
  world.program(`const a = new Thing("a"); new Thing("b", { value: a.made });`);
  world.faults({ b: { create: { crash: true } } });
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(await world.names()).toStrictEqual(["a"]);
  expect(await world.locked()).toBe(false);
  world.faults({});
  world.calls();
  const again = await world.up();
  expect(again.code, again.told).toBe(0);
  expect(world.writes()).toStrictEqual(["create b"]);
});

scenario("a program that throws fails the run, keeps what was made and deletes nothing", async (world) => {
  world.program(`new Thing("old");`);
  await world.up();
  world.calls();
  world.program(`const a = new Thing("a"); a.made.apply(() => { throw new Error("the program is wrong"); });`);
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(run.text).toContain("the program is wrong");
  expect(world.writes()).toStrictEqual(["create a"]);
  expect(await world.names()).toStrictEqual(["a", "old"]);
  world.program(`throw new Error("wrong at once");`);
  const preview = await world.preview();
  expect(preview.code, preview.told).not.toBe(0);
  expect(preview.text).toContain("wrong at once");
});

scenario("a failing invoke fails the program", async (world) => {
  world.program(`exports.twice = double("x").then((result) => result.doubled);`);
  world.faults({ x: { invoke: { fail: "x cannot be doubled" } } });
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(run.text).toContain("x cannot be doubled");
});
