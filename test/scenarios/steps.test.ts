import { expect } from "vitest";
import { scenario } from "./fixture/scenario";

scenario("what is new is created, what is as declared stays, what differs is updated", async (world) => {
  world.program(`const a = new Thing("a", { value: 1 }); new Thing("b", { value: a.made });`);
  const first = await world.up();
  expect(first.code, first.told).toBe(0);
  expect(first.steps).toStrictEqual(["create a", "create b"]);
  expect(first.summary).toStrictEqual({ create: 3 });
  expect(world.calls()).toStrictEqual(["check a anew", "create a", "check b anew", "create b"]);
  expect((await world.resource("b")).dependencies).toStrictEqual([(await world.resource("a")).urn]);

  const second = await world.up();
  expect(second.code, second.told).toBe(0);
  expect(second.steps).toStrictEqual(["same a", "same b"]);
  expect(second.summary).toStrictEqual({ same: 3 });
  expect(world.calls()).toStrictEqual(["check a", "diff a", "check b", "diff b"]);

  world.program(`const a = new Thing("a", { value: 2 }); new Thing("b", { value: a.made });`);
  const third = await world.up();
  expect(third.code, third.told).toBe(0);
  expect(third.steps).toStrictEqual(["update a: value", "update b: value"]);
  expect(third.summary).toStrictEqual({ same: 1, update: 2 });
  expect(world.writes()).toStrictEqual(["update a", "update b"]);
  expect((await world.resource("b")).outputs?.value).toBe(2);
});

scenario("what is replaced is created anew first, and the old one deleted at the end", async (world) => {
  world.program(`const a = new Thing("a", { key: "1" }); new Thing("b", { value: a.token });`);
  await world.up();
  const before = await world.resource("a");
  world.calls();
  world.program(`const a = new Thing("a", { key: "2" }); new Thing("b", { value: a.token });`);

  const preview = await world.preview();
  expect(preview.code, preview.told).toBe(0);
  expect(preview.steps).toStrictEqual(["replace a: key", "update b: value"]);
  expect(world.calls()).toStrictEqual([
    "check a",
    "diff a",
    "check a anew",
    "preview create a",
    "check b",
    "diff b",
    "preview update b",
  ]);

  const run = await world.up();
  expect(run.code, run.told).toBe(0);
  expect(run.summary).toStrictEqual({ replace: 1, same: 1, update: 1 });
  expect(world.calls()).toStrictEqual([
    "check a",
    "diff a",
    "check a anew",
    "create a",
    "check b",
    "diff b",
    "update b",
    "delete a",
  ]);
  expect((await world.resource("a")).id).not.toBe(before.id);
  expect(world.stage.get(before.id ?? "")).toBeUndefined();
  expect(await world.names()).toStrictEqual(["a", "b"]);
});

scenario("what must be deleted before its replacement takes along the dependents that it replaces", async (world) => {
  const program = (key: string) =>
    `const a = new Thing("a", { key: "${key}", first: true }); const b = new Thing("b", { key: a.token }); new Thing("c", { value: b.made });`;
  world.program(program("1"));
  await world.up();
  world.calls();
  world.program(program("2"));
  const run = await world.up();
  expect(run.code, run.told).toBe(0);
  expect(world.writes()).toStrictEqual(["delete b", "delete a", "create a", "create b"]);
  expect(run.summary).toStrictEqual({ replace: 2, same: 2 });
});

scenario("deleteBeforeReplace of the program does the same", async (world) => {
  world.program(`new Thing("a", { key: "1" }, { deleteBeforeReplace: true });`);
  await world.up();
  world.calls();
  world.program(`new Thing("a", { key: "2" }, { deleteBeforeReplace: true });`);
  const run = await world.up();
  expect(run.code, run.told).toBe(0);
  expect(world.writes()).toStrictEqual(["delete a", "create a"]);
});

scenario("replaceOnChanges makes an update a replacement", async (world) => {
  world.program(`new Thing("a", { value: 1 }, { replaceOnChanges: ["value"] });`);
  await world.up();
  world.calls();
  world.program(`new Thing("a", { value: 2 }, { replaceOnChanges: ["value"] });`);
  expect((await world.up()).code).toBe(0);
  expect(world.writes()).toStrictEqual(["create a", "delete a"]);
});

scenario("what is declared no longer is deleted, dependents first", async (world) => {
  world.program(
    `const a = new Thing("a"); const b = new Thing("b", { value: a.made }); new Thing("c", {}, { dependsOn: b }); new Thing("d");`,
  );
  await world.up();
  world.calls();
  world.program(`new Thing("d");`);
  const preview = await world.preview();
  expect(preview.steps).toStrictEqual(["delete c", "delete b", "delete a"]);
  expect(preview.summary).toStrictEqual({ delete: 3, same: 2 });
  world.calls();
  const run = await world.up();
  expect(run.code, run.told).toBe(0);
  expect(world.writes()).toStrictEqual(["delete c", "delete b", "delete a"]);
  expect(await world.names()).toStrictEqual(["d"]);
});

scenario("retainOnDelete forgets without a delete", async (world) => {
  world.program(`new Thing("a", {}, { retainOnDelete: true }); new Thing("b");`);
  await world.up();
  const { id = "" } = await world.resource("a");
  world.calls();
  world.program("");
  const run = await world.up();
  expect(run.code, run.told).toBe(0);
  expect(run.steps.sort()).toStrictEqual(["delete a", "delete b"]);
  expect(world.writes()).toStrictEqual(["delete b"]);
  expect(await world.names()).toStrictEqual([]);
  expect(world.stage.get(id)).toBeDefined();
});

scenario("a change of retainOnDelete alone is kept without a call that writes", async (world) => {
  world.program(`new Thing("a");`);
  await world.up();
  world.calls();
  world.program(`new Thing("a", {}, { retainOnDelete: true });`);
  const run = await world.up();
  expect(run.summary).toStrictEqual({ same: 2 });
  expect(world.writes()).toStrictEqual([]);
  expect((await world.resource("a")).retainOnDelete).toBe(true);
});

scenario("what is protected is not deleted, and nothing else either", async (world) => {
  world.program(`new Thing("a", {}, { protect: true }); new Thing("b");`);
  await world.up();
  world.calls();
  world.program("");
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(run.text).toContain("cannot be deleted");
  expect(run.text).toContain("protect");
  expect(await world.names()).toContain("a");
  world.program(`new Thing("a", { key: "2" }, { protect: true }); new Thing("b");`);
  const replacement = await world.up();
  expect(replacement.code, replacement.told).not.toBe(0);
  expect(replacement.text).toContain("protect");
  expect(await world.names()).toContain("a");
});

scenario("ignoreChanges keeps the old input", async (world) => {
  world.program(`new Thing("a", { value: { x: 1 }, key: "1" }, { ignoreChanges: ["value", "key"] });`);
  await world.up();
  world.program(`new Thing("a", { value: { x: 2, y: 1 }, key: "2" }, { ignoreChanges: ["value", "key"] });`);
  expect((await world.up()).summary).toStrictEqual({ same: 2 });
  world.program(`new Thing("a", { value: { x: 3 }, key: "3" }, { ignoreChanges: ["key"] });`);
  expect((await world.up()).summary).toStrictEqual({ same: 1, update: 1 });
  expect((await world.resource("a")).inputs).toStrictEqual({ value: { x: 3 }, key: "1" });
});

scenario("a resource renamed by an alias stays what it is, and so do those that refer to it", async (world) => {
  world.program(`const a = new Thing("a", { value: 1 }); new Thing("b", { value: a.made }, { dependsOn: a });`);
  await world.up();
  const { id } = await world.resource("a");
  world.calls();
  world.program(
    `const a = new Thing("new", { value: 1 }, { aliases: [{ name: "a" }] }); new Thing("b", { value: a.made }, { dependsOn: a });`,
  );
  const run = await world.up();
  expect(run.code, run.told).toBe(0);
  expect(run.summary).toStrictEqual({ same: 3 });
  expect(world.writes()).toStrictEqual([]);
  expect((await world.resource("new")).id).toBe(id);
  expect(await world.names()).toStrictEqual(["b", "new"]);
  expect((await world.resource("b")).dependencies).toStrictEqual([(await world.resource("new")).urn]);
});

scenario("children of a component carry it in their names, move with its alias, and go with it", async (world) => {
  world.program(
    `const g = new Group("g"); const a = new Thing("a", {}, { parent: g }); new Thing("b", { value: a.made }, { parent: a });`,
  );
  expect((await world.up()).steps).toStrictEqual(["create g", "create a", "create b"]);
  expect((await world.resource("a")).urn).toBe("urn:pulumi:dev::proj::test:index:Group$fixture:index:Thing::a");
  expect((await world.resource("a")).parent).toBe((await world.resource("g")).urn);
  world.calls();
  world.program(
    `const g = new Group("h", { aliases: [{ name: "g" }] }); const a = new Thing("a", {}, { parent: g }); new Thing("b", { value: a.made }, { parent: a });`,
  );
  expect((await world.up()).summary).toStrictEqual({ same: 4 });
  expect(world.writes()).toStrictEqual([]);
  world.program("");
  const gone = await world.up();
  expect(gone.steps).toStrictEqual(["delete b", "delete a", "delete h"]);
  expect(world.writes()).toStrictEqual(["delete b", "delete a"]);
});

scenario("a child moved out of its component by an alias stays what it is", async (world) => {
  world.program(`const g = new Group("g"); new Thing("a", { value: 1 }, { parent: g });`);
  await world.up();
  world.calls();
  world.program(
    `const g = new Group("g"); new Thing("a", { value: 1 }, { aliases: ["urn:pulumi:dev::proj::test:index:Group$fixture:index:Thing::a"] });`,
  );
  expect((await world.up()).summary).toStrictEqual({ same: 3 });
  expect(world.writes()).toStrictEqual([]);
});

scenario("two resources of one URN are refused", async (world) => {
  world.program(`new Thing("a"); new Thing("a");`);
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(run.text).toContain("Duplicate resource URN 'urn:pulumi:dev::proj::fixture:index:Thing::a'");
});
