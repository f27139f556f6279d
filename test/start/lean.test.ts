import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, expect, test } from "vitest";

/** Of the SDK's own: how often it made the outputs of a property, and the promises that it watches. */
const made: string[] = [];
const noted: { readonly _debugStackTrace?: string }[] = [];
const load = createRequire(__filename);

class Thing extends pulumi.CustomResource {
  declare readonly given: pulumi.Output<string>;
  declare readonly answered: pulumi.Output<string>;
  declare readonly secret: pulumi.Output<string>;

  constructor(name: string, given: pulumi.Input<string>, options?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, { given, answered: undefined, secret: undefined }, options);
  }
}

let registered: { readonly name: string; readonly inputs: Record<string, unknown> }[];

beforeAll(() => {
  const rpc = load("@pulumi/pulumi/runtime/rpc") as {
    transferProperties(resource: pulumi.Resource, label: string, properties: object): object;
  };
  const make = rpc.transferProperties;
  rpc.transferProperties = (resource, label, properties) => {
    made.push(...Object.keys(properties));
    return make(resource, label, properties);
  };
  const debuggable = load("@pulumi/pulumi/runtime/debuggable") as {
    debuggablePromise<T>(promise: Promise<T>, context: string): Promise<T>;
  };
  const note = debuggable.debuggablePromise;
  debuggable.debuggablePromise = (promise, context) => {
    noted.push(promise as (typeof noted)[number]);
    return note(promise, context);
  };
  load("../../start/lean.cjs");
});

beforeEach(async () => {
  registered = [];
  made.length = 0;
  noted.length = 0;
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => {
      registered.push({ name, inputs });
      if (name === "failing") throw new Error("refused");
      return { id: `${name}-id`, state: { ...inputs, answered: `${inputs.given}!` } };
    },
    call: () => ({}),
  });
});

const value = <T>(output: pulumi.Output<T>) => new Promise<T>((fulfil) => void output.apply(fulfil));

test("a property that is asked for before the engine answers has what it answers", async () => {
  const { answered } = new Thing("early", "one");
  expect(await value(answered)).toBe("one!");
});

test("so has one that is asked for afterwards", async () => {
  const late = new Thing("late", "one");
  expect(await value(late.urn)).toContain("late");
  await new Promise(setImmediate);
  expect(await value(late.answered)).toBe("one!");
  expect(await value(late.given)).toBe("one");
});

test("one that is asked for twice is the same output", () => {
  const thing = new Thing("twice", "one");
  expect(thing.answered).toBe(thing.answered);
});

test("nothing is made for a property that nobody asks for, and it is registered all the same", async () => {
  const first = new Thing("first", "one");
  await value(new Thing("second", first.answered).id);
  expect(made).toEqual(["answered"]);
  expect(registered).toEqual([
    { name: "first", inputs: { given: "one" } },
    { name: "second", inputs: { given: "one!" } },
  ]);
});

test("what another one is made with depends on the resource that gave it", async () => {
  const first = new Thing("first", "one");
  const { allResources } = first.answered as unknown as { allResources(): Promise<ReadonlySet<pulumi.Resource>> };
  expect([...(await allResources.call(first.answered))]).toEqual([first]);
});

test("one of a resource that could not be made fails as the resource does, asked before or afterwards", async () => {
  const failing = new Thing("failing", "one");
  const before = failing.answered;
  const fault = (output: pulumi.Output<unknown>) => value(pulumi.recover(output, (cause) => String(cause)));
  // Nobody else takes it up.
  void fault(failing.urn);
  void fault(failing.id);
  expect(await fault(before)).toContain("refused");
  expect(await fault(failing.given)).toContain("refused");
});

test("no stack is noted for the promises that the SDK watches; all other errors have theirs", async () => {
  await value(new Thing("watched", "one").answered);
  expect(noted.length).toBeGreaterThan(0);
  expect(noted.filter(({ _debugStackTrace }) => _debugStackTrace?.includes("at "))).toEqual([]);
  expect(new Error("wrong").stack).toContain("lean.test.ts");
});
