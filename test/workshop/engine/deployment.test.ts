import { afterEach, beforeEach, expect, test } from "vitest";
import { Rig, urnOf } from "./rig";

let rig: Rig;

beforeEach(async () => {
  rig = await Rig.set();
});

afterEach(() => {
  rig.strike();
});

/** An input that comes from another thing. */
const from = (name: string, key = "value") => ({
  dependencies: [urnOf(name)],
  propertyDependencies: { [key]: [urnOf(name)] },
});

test("makes what is new, leaves what is the same, updates what differs, deletes what is gone with dependents first", async () => {
  const first = await rig.run(async ({ thing }) => {
    await thing("a", { value: 1 });
    await thing("b", { value: 1 }, from("a"));
    await thing("c", { value: 1 }, from("b"));
  });
  expect(first).toMatchObject({ failed: false, steps: ["create a", "create b", "create c"] });
  const again = await rig.run(async ({ thing }) => {
    await thing("a", { value: 1 });
    await thing("b", { value: 1 }, from("a"));
    await thing("c", { value: 1 }, from("b"));
  });
  expect(again).toMatchObject({ failed: false, steps: [], calls: [] });
  const last = await rig.run(({ thing }) => thing("a", { value: 2 }));
  expect(last).toMatchObject({ failed: false, calls: ["update a", "delete c", "delete b"] });
  expect(await rig.stored()).toEqual(["a=1"]);
});

test("writes nothing in a preview", async () => {
  const { steps, calls } = await rig.run(({ thing }) => thing("a"), { preview: true });
  expect([steps, calls, await rig.resources()]).toEqual([["create a"], [], []]);
});

test("replaces by making first and deleting last", async () => {
  const program =
    (fixed: string) =>
    async ({ thing }: Parameters<Parameters<Rig["run"]>[0]>[0]) => {
      const { state } = await thing("a", { fixed });
      await thing("b", { value: state.id ?? "" }, from("a"));
    };
  await rig.run(program("one"));
  const { steps } = await rig.run(program("two"));
  expect(steps).toEqual(["create-replacement a", "replace a", "update b", "delete-replaced a"]);
  expect(await rig.stored()).toEqual(["a=3", "b=2"]);
});

test("deletes first where the provider says so, with all that would be replaced, and nothing else", async () => {
  const program =
    (fixed: string) =>
    async ({ thing }: Parameters<Parameters<Rig["run"]>[0]>[0]) => {
      const { state } = await thing("a", { fixed, deleteFirst: true });
      await thing("b", { value: state.id ?? "" }, from("a"));
      await thing("c", { fixedTo: state.id ?? "" }, from("a", "fixedTo"));
    };
  await rig.run(program("one"));
  const { calls } = await rig.run(program("two"));
  expect(calls).toEqual(["delete c", "delete a", "create a", "update b", "create c"]);
  expect(await rig.stored()).toEqual(["a=4", "b=2", "c=5"]);
});

test("makes anew in the next run what was deleted before its replacement failed", async () => {
  await rig.run(({ thing }) => thing("a", { fixed: "one", deleteFirst: true }));
  rig.faults = { "create a": new Error("no luck") };
  const failed = await rig.run(({ thing }) => thing("a", { fixed: "two", deleteFirst: true }));
  expect(failed).toMatchObject({ failed: true, calls: ["delete a", "create a"] });
  expect(await rig.stored()).toEqual(["a=1?"]);
  rig.faults = {};
  const { calls } = await rig.run(({ thing }) => thing("a", { fixed: "two", deleteFirst: true }));
  expect([calls, await rig.stored()]).toEqual([["create a"], ["a=3"]]);
});

test("keeps a replaced thing that could not be deleted, and tries again", async () => {
  await rig.run(({ thing }) => thing("a", { fixed: "one" }));
  rig.faults = { "delete a": new Error("in use") };
  expect(await rig.run(({ thing }) => thing("a", { fixed: "two" }))).toMatchObject({ failed: true });
  expect(await rig.stored()).toEqual(["a=2", "a=1!"]);
  rig.faults = {};
  const { failed, calls } = await rig.run(({ thing }) => thing("a", { fixed: "two" }));
  expect([failed, calls, await rig.stored()]).toEqual([false, ["delete a"], ["a=2"]]);
});

test("stops at a failure: nothing new begins, nothing is deleted", async () => {
  await rig.run(({ thing }) => Promise.all([thing("gone"), thing("a")]));
  rig.faults = { "update a": new Error("no luck") };
  const { failed, calls, messages } = await rig.run(async ({ thing }) => {
    await thing("a", { value: 2 });
    await thing("b");
  });
  expect([failed, calls, messages]).toEqual([true, ["update a"], ["error: no luck"]]);
  expect(await rig.stored()).toContain("gone=1");
});

test("goes on with --continue-on-error, skips what needs the failed one, and deletes nothing once the program gives up", async () => {
  await rig.run(({ thing }) => thing("gone"));
  rig.faults = { "create a": new Error("no luck") };
  const outcomes: string[] = [];
  const { failed, calls } = await rig.run(
    async ({ thing }) => {
      const a = thing("a").catch((error: Error) => outcomes.push(error.message));
      await a;
      await thing("after-a", {}, from("a")).catch((error: Error) => outcomes.push(error.message));
      await thing("b");
      throw new Error("a failed to register");
    },
    { flags: { "continue-on-error": true } },
  );
  expect([failed, calls, outcomes]).toEqual([true, ["create a", "create b"], ["a failed", "after-a skipped"]]);
  expect((await rig.stored()).map((stored) => stored.split("=")[0])).toEqual(["b", "gone"]);
});

test("remembers what was made half with its outputs, and updates it though nothing changed", async () => {
  rig.faults = { "create a": Rig.half("h", { value: "half" }) };
  expect(await rig.run(({ thing }) => thing("a", { value: 1 }))).toMatchObject({ failed: true });
  expect((await rig.resources()).at(-1)).toMatchObject({
    id: "h",
    outputs: { value: "half" },
    initErrors: ["half made"],
  });
  rig.faults = {};
  expect(await rig.run(({ thing }) => thing("a", { value: 1 }))).toMatchObject({ failed: false, calls: ["update a"] });
  expect((await rig.resources()).at(-1)?.initErrors).toBeUndefined();
});

test("keeps the old inputs of an update that failed by half", async () => {
  await rig.run(({ thing }) => thing("a", { value: 1 }));
  rig.faults = { "update a": Rig.half("1", { value: 2 }) };
  await rig.run(({ thing }) => thing("a", { value: 2 }));
  expect((await rig.resources()).at(-1)).toMatchObject({ inputs: { value: 1 }, outputs: { value: 2 } });
});

test("stops the whole run at a fault of inputs or a failing diff, --continue-on-error or not", async () => {
  const refused = await rig.run(({ thing }) => thing("a", { value: "invalid" }), {
    flags: { "continue-on-error": true },
  });
  expect(refused).toMatchObject({
    failed: true,
    calls: [],
    messages: ["error: value: it is invalid"],
  });
  await rig.run(({ thing }) => thing("a"));
  rig.faults = { "diff a": new Error("cannot compare") };
  const { failed, messages } = await rig.run(({ thing }) => thing("a"), { flags: { "continue-on-error": true } });
  expect([failed, messages]).toEqual([true, ["error: cannot compare"]]);
});

test("refuses two resources of one name", async () => {
  const { failed, messages } = await rig.run(async ({ thing }) => {
    await thing("a");
    await thing("a");
  });
  expect([failed, messages[0]]).toEqual([true, expect.stringContaining("Duplicate resource URN")]);
});

test("knows a renamed thing and its child by the URNs that they had", async () => {
  const box = (name: string) => `urn:pulumi:dev::trial::fixture:index:Box::${name}`;
  const within = (name: string) => `urn:pulumi:dev::trial::fixture:index:Box$fixture:index:Thing::${name}`;
  await rig.run(async ({ thing, component }) => {
    const { state } = await component("old");
    const a = await thing("old-a", {}, { parent: state.urn });
    await thing("b", {}, { dependencies: [a.state.urn] });
  });
  const { failed, calls } = await rig.run(async ({ thing, component }) => {
    const { state } = await component("new", { formerly: [box("old")] });
    const a = await thing("new-a", {}, { parent: state.urn, formerly: [within("old-a")] });
    await thing("c", {}, { formerly: [urnOf("b")], dependencies: [a.state.urn] });
  });
  expect([failed, calls, await rig.stored()]).toEqual([false, [], ["new-a=1", "c=2"]]);
});

test("refuses to delete or replace what is protected", async () => {
  await rig.run(({ thing }) => thing("a", { fixed: 1 }, { protect: true }));
  const deleting = await rig.run(async () => undefined);
  expect([deleting.failed, deleting.calls, deleting.messages[0]]).toEqual([
    true,
    [],
    expect.stringContaining("protected"),
  ]);
  const replacing = await rig.run(({ thing }) => thing("a", { fixed: 2 }, { protect: true }));
  expect([replacing.failed, replacing.calls]).toEqual([true, []]);
  expect(await rig.run(({ thing }) => thing("a", { fixed: 2 }))).toMatchObject({ failed: false });
});

test("forgets without deleting what is retained", async () => {
  await rig.run(async ({ thing }) => {
    await thing("a");
    await thing("kept", {}, { retainOnDelete: true });
  });
  expect(await rig.run(async () => undefined)).toMatchObject({ failed: false, calls: ["delete a"] });
  expect(await rig.stored()).toEqual([]);
});

test("ignores changes, replaces on changes and makes outputs secret where told to", async () => {
  const program =
    (value: number) =>
    ({ thing }: Parameters<Parameters<Rig["run"]>[0]>[0]) =>
      Promise.all([
        thing("ignored", { value }, { ignoreChanges: ["value"] }),
        thing("replaced", { value }, { replaceOnChanges: ["value"] }),
        thing("hidden", { value: 1 }, { additionalSecretOutputs: ["value"] }),
      ]);
  await rig.run(program(1));
  const { calls } = await rig.run(program(2));
  expect(calls).toEqual(["create replaced", "delete replaced"]);
  const hidden = (await rig.resources()).find(({ urn }) => urn === urnOf("hidden"));
  expect(hidden?.outputs?.value).toMatchObject({ value: 1 });
});

test("takes over what exists under an id, and updates it where the program differs", async () => {
  rig.world.set("x", { value: 1 });
  const same = await rig.run(({ thing }) => thing("a", { value: 1 }, { importID: "x" }));
  expect([same.steps, same.calls]).toEqual([["import a"], []]);
  rig.world.set("y", { value: 1 });
  const other = await rig.run(async ({ thing }) => {
    await thing("a", { value: 1 }, { importID: "x" });
    await thing("b", { value: 2 }, { importID: "y" });
  });
  expect([other.steps, other.calls]).toEqual([["import b", "update b"], ["update b"]]);
  const missing = await rig.run(({ thing }) => thing("c", {}, { importID: "z" }));
  expect([missing.failed, missing.messages]).toEqual([true, ["error: resource 'z' does not exist"]]);
  expect(await rig.stored()).toEqual(["a=x", "b=y"]);
});

test("does with --target what is named and keeps the rest; --target-dependents takes along what needs it", async () => {
  const program =
    (value: number) =>
    async ({ thing }: Parameters<Parameters<Rig["run"]>[0]>[0]) => {
      await thing("a", { value });
      await thing("b", { value }, from("a"));
      await thing("c", { value });
    };
  await rig.run(program(1));
  const one = await rig.run(program(2), { flags: { target: [urnOf("a")] } });
  expect(one).toMatchObject({ failed: false, calls: ["update a"] });
  const two = await rig.run(program(3), { flags: { target: [urnOf("a")], "target-dependents": true } });
  expect(two).toMatchObject({ failed: false, calls: ["update a", "update b"] });
  const three = await rig.run(program(4), { flags: { target: ["**:index:Thing::a"] } });
  expect(three).toMatchObject({ failed: false, calls: ["update a"] });
  const unknown = await rig.run(program(3), { flags: { target: [urnOf("z")] } });
  expect([unknown.failed, unknown.messages]).toEqual([
    true,
    [`error: Target '${urnOf("z")}' could not be found in the stack.`],
  ]);
  expect(await rig.stored()).toEqual(["a=1", "b=2", "c=3"]);
});
