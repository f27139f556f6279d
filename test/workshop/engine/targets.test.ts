import { describe, expect, test } from "vitest";
import { Targets } from "../../../workshop/engine/planning/targets";
import type { ResourceState } from "../../../workshop/engine/state/deployment";
import { stackType } from "../../../workshop/engine/urn";

const resource = (urn: string, more: Partial<ResourceState> = {}): ResourceState => ({
  ...{ urn, custom: true, type: "t" },
  ...more,
});
const root = resource("root", { type: stackType, custom: false });
const a = resource("a", { parent: "root" });
const b = resource("b", { parent: "root", dependencies: ["a"] });
const c = resource("c", { parent: "root", dependencies: ["b"] });
const d = resource("d", { parent: "root" });
const all = [root, a, b, c, d];
const names = (states: readonly ResourceState[]) => states.map(({ urn }) => urn).join(" ");

describe("takes part", () => {
  test.each([
    [{}, "root a b c d"],
    [{ target: ["b"] }, "root b"],
    [{ target: ["b"], "target-dependents": true }, "root b c"],
    [{ "target-replace": ["b"] }, "root b"],
    [{ replace: ["b"] }, "root a b c d"],
    [{ exclude: ["b"] }, "root a c d"],
    [{ exclude: ["b"], "exclude-dependents": true }, "root a d"],
    [{ exclude: ["*"] }, "root"],
  ])("%o: %s", (flags, expected) => {
    const targets = new Targets(flags);
    expect(names(all.filter((state) => targets.include(state)))).toBe(expected);
  });
});

describe("is looked at by a refresh", () => {
  test.each([
    [{ target: ["b"] }, "b"],
    [{ exclude: ["b"] }, "root a c d"],
  ])("%o: %s", (flags, expected) => {
    const targets = new Targets(flags);
    expect(names(all.filter((state) => targets.refresh(state)))).toBe(expected);
  });
});

describe("may be deleted", () => {
  test.each([
    [{}, "root a b c d"],
    [{ target: ["b"] }, "b c"],
    [{ exclude: ["b"] }, "c d"],
    // What is left out needs the stack, and all others need that.
    [{ exclude: ["d"], "exclude-dependents": true }, ""],
  ])("%o: %s", (flags, expected) => {
    const isDeletable = new Targets(flags).deletable(all);
    expect(names(all.filter(({ urn }) => isDeletable(urn)))).toBe(expected);
  });
});

test("what is named must be there, but for patterns", () => {
  const { literals } = new Targets({ target: ["a", "**b"], "target-replace": ["c"], replace: ["d"], exclude: ["e"] });
  expect(literals).toStrictEqual({ run: ["a", "c"], program: ["d", "c"], refresh: ["a", "c", "e"] });
});
