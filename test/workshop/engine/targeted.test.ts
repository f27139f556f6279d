import { afterEach, beforeEach, expect, test } from "vitest";
import { Rig, type Script, urnOf } from "./rig";

let rig: Rig;

beforeEach(async () => {
  rig = await Rig.set();
});

afterEach(() => {
  rig.strike();
});

const on = (...names: readonly string[]) => ({ dependencies: names.map(urnOf) });

/** `b` needs `a`. */
const straight = async ({ thing }: Script) => {
  await thing("a");
  await thing("b", {}, on("a"));
  await thing("c", { value: 1 });
};

/** `a` needs `b`. */
const turned = async ({ thing }: Script) => {
  await thing("b");
  await thing("a", {}, on("b"));
  await thing("c", { value: 2 });
};

test("a run that passes over a resource refuses what now comes after it, and was needed by it", async () => {
  await rig.run(straight);
  const { failed, messages, calls } = await rig.run(turned, { flags: { target: [urnOf("c")] } });
  const refused = `error: Duplicate resource URN '${urnOf("a")}'; try giving it a unique name`;
  expect([failed, messages, calls]).toEqual([true, [refused], []]);
  expect(await rig.stored()).toEqual(["a=1", "b=2", "c=3"]);
  expect(await rig.run(turned)).toMatchObject({ failed: false, calls: ["update c"] });
  expect(await rig.stored()).toEqual(["b=2", "a=1", "c=3"]);
});

test("what a passed-over resource needs is carried along, though nobody declares it any more", async () => {
  await rig.run(straight);
  const without = async ({ thing }: Script) => {
    await thing("b");
    await thing("c", { value: 2 });
  };
  const { failed, calls } = await rig.run(without, { flags: { target: [urnOf("a"), urnOf("c")] } });
  expect([failed, calls]).toEqual([false, ["update c"]]);
  expect(await rig.stored()).toEqual(["a=1", "b=2", "c=3"]);
  expect(await rig.run(without)).toMatchObject({ failed: false, calls: ["delete a"] });
});

test("a passed-over resource waits for what it needs, which is being changed", async () => {
  await rig.run(straight);
  const program = async ({ thing }: Script) => {
    await Promise.all([thing("a", { value: 2 }), thing("b"), thing("c", { value: 1 })]);
  };
  expect(await rig.run(program, { flags: { target: [urnOf("a")] } })).toMatchObject({ failed: false });
  // Nothing holds up what needs nothing.
  expect(await rig.stored()).toEqual(["c=3", "a=1", "b=2"]);
});

test("what needs something that is not there is written, refused, and so is every later run", async () => {
  const { failed, messages, calls } = await rig.run(straight, { flags: { exclude: [urnOf("a")] } }).catch((error) => {
    return { failed: true, messages: [String(error)], calls: ["create b"] };
  });
  expect([failed, calls]).toEqual([true, ["create b"]]);
  expect(messages.join("\n")).toContain("snapshot integrity failure");
  await expect(rig.run(straight)).rejects.toThrow(`refers to ${urnOf("a")}, which does not come before it`);
});

test("a preview refuses what an update would write and then refuse", async () => {
  const { failed, messages } = await rig.run(straight, { preview: true, flags: { exclude: [urnOf("a")] } });
  expect([failed, messages.join("\n")]).toEqual([true, expect.stringContaining("which does not come before it")]);
});

test("what is needed and left out is told, by an update before anything is done", async () => {
  const flags = { target: [urnOf("b")] };
  const refused = `error: Resource '${urnOf("b")}' depends on '${urnOf("a")}' which was not specified in --target list.`;
  expect(await rig.run(straight, { flags })).toMatchObject({ failed: true, messages: [refused], calls: [] });
  const preview = await rig.run(straight, { preview: true, flags });
  expect([preview.failed, preview.messages[0]]).toEqual([true, refused]);
});

test("a preview goes on after what is protected and would be replaced, and fails", async () => {
  const program = async ({ thing }: Script) => {
    await thing("a", {}, { protect: true });
    await thing("b", {}, { protect: true });
  };
  await rig.run(program);
  const flags = { replace: ["**"] };
  const { failed, messages } = await rig.run(program, { preview: true, flags });
  expect([failed, messages.map((message) => message.split("\n")[0])]).toEqual([
    true,
    ["a", "b"].map((name) => `error: unable to replace resource "${urnOf(name)}"`),
  ]);
});

test("--replace replaces what is the same, and compares it with nothing", async () => {
  await rig.run(straight);
  rig.faults = { "diff a": new Error("nobody asks") };
  const { calls, steps } = await rig.run(straight, { flags: { replace: [urnOf("a")] } });
  expect([calls, steps]).toEqual([
    ["create a", "delete a"],
    ["create-replacement a", "replace a", "delete-replaced a"],
  ]);
});

test("of what goes together nothing is begun once one of it has failed", async () => {
  await rig.run(async ({ thing }) => {
    await thing("a");
    await thing("b");
  });
  rig.faults = { "delete a": new Error("it stays") };
  const { calls, messages } = await rig.run(async () => undefined, { parallel: 1 });
  expect([calls, messages]).toEqual([["delete a"], ["error: it stays"]]);
});
