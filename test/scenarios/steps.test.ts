import { expect } from "vitest";
import { scenario } from "./scenario";

scenario("what is new is created, what is as declared stays, what differs is updated", async (world) => {
  world.program(`const a = new Thing("a", { value: 1 }); new Thing("b", { value: a.made });`);
  const first = await world.up();
  expect(first.code).toBe(0);
  expect(first.steps).toStrictEqual(["create a", "create b"]);
  expect(first.summary).toStrictEqual({ create: 3 });
  expect(world.calls()).toStrictEqual(["check a anew", "create a", "check b anew", "create b"]);
  expect((await world.resource("b")).dependencies).toStrictEqual([(await world.resource("a")).urn]);

  const second = await world.up();
  expect(second.code).toBe(0);
  expect(second.steps).toStrictEqual(["same a", "same b"]);
  expect(second.summary).toStrictEqual({ same: 3 });
  expect(world.calls()).toStrictEqual(["check a", "diff a", "check b", "diff b"]);

  world.program(`const a = new Thing("a", { value: 2 }); new Thing("b", { value: a.made });`);
  const third = await world.up();
  expect(third.code).toBe(0);
  expect(third.steps).toStrictEqual(["update a: value", "update b: value"]);
  expect(third.summary).toStrictEqual({ same: 1, update: 2 });
  expect(world.writes()).toStrictEqual(["update a", "update b"]);
  expect((await world.resource("b")).outputs?.value).toBe(2);
});
