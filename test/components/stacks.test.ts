import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import { afterEach, expect, test } from "vitest";
import { leaveOutStacksOfPromises } from "../../components/stacks";

const { prepareStackTrace } = Error;

// The SDK's types leave it out.
const { debuggablePromise } = debuggable as unknown as {
  readonly debuggablePromise: (promise: Promise<unknown>, context: string) => Promise<unknown>;
};

afterEach(() => {
  Object.assign(Error, { prepareStackTrace });
  delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
});

/** The stack that the SDK notes for a promise. */
function noted(): unknown {
  const promise = Promise.resolve();
  void debuggablePromise(promise, "a test");
  return Object.getOwnPropertyDescriptor(promise, "_debugStackTrace")?.value;
}

test("what the SDK notes for a promise has no stack", () => {
  expect(noted()).toContain("stacks.test.ts");
  leaveOutStacksOfPromises();
  expect(noted()).toBe("Error");
});

test("any other error says where it comes from, with words and without", () => {
  leaveOutStacksOfPromises();
  expect(new TypeError("wrong").stack).toMatch(/^TypeError: wrong\n {4}at .*stacks\.test\.ts/);
  expect(new Error().stack).toMatch(/^Error:? ?\n {4}at .*stacks\.test\.ts/);
});

test("who looks for a promise that leaks is given all stacks", () => {
  process.env.PULUMI_DEBUG_PROMISE_LEAKS = "true";
  leaveOutStacksOfPromises();
  expect(noted()).toContain("stacks.test.ts");
});
