import { afterEach, expect, test } from "vitest";
import { leaveOutStacksOfPromises } from "../../components/stacks";

const { prepareStackTrace, stackTraceLimit } = Error;

afterEach(() => {
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
});

test("an error without words has no stack; one with words says where it comes from", () => {
  leaveOutStacksOfPromises();
  expect(new Error().stack).toBe("Error");
  expect(new TypeError("wrong").stack).toMatch(/^TypeError: wrong\n {4}at .*stacks\.test\.ts/);
});

test("who asks for a whole stack is given it", () => {
  leaveOutStacksOfPromises();
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  expect(new Error().stack).toContain("stacks.test.ts");
});

test("who looks for a promise that leaks is given all stacks", () => {
  process.env.PULUMI_DEBUG_PROMISE_LEAKS = "true";
  leaveOutStacksOfPromises();
  expect(new Error().stack).toContain("stacks.test.ts");
});
