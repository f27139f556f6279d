import { expect, test } from "vitest";
import { Graph } from "../../../workshop/engine/planning/graph";
import type { ResourceState } from "../../../workshop/engine/state/deployment";

const resource = (urn: string, dependencies: readonly string[] = [], more: Partial<ResourceState> = {}) => {
  return { urn, custom: true, type: "t", dependencies, ...more };
};
const component = (urn: string, dependencies: readonly string[] = []) => resource(urn, dependencies, { custom: false });

const states = [
  resource("a"),
  resource("b", ["a"]),
  component("g", ["a"]),
  resource("d", [], { parent: "g" }),
  resource("e", ["g"]),
  resource("f"),
];
const graph = new Graph(states);
const names = (places: Iterable<number>) => [...places].map((at) => states[at]?.urn).sort();

test("of a component that something depends on, what is below it is needed as well; of a parent only itself", () => {
  expect([names(graph.dependencies(4)), names(graph.dependencies(3))]).toStrictEqual([["d", "g"], ["g"]]);
});

test("what needs the chosen comes with them", () => {
  expect(names(graph.withDependents((urn) => urn === "g"))).toStrictEqual(["d", "e", "g"]);
});

test("what the chosen need comes with them, and what needs that where asked for", () => {
  expect(names(graph.withDependencies((urn) => urn === "b", false))).toStrictEqual(["a", "b"]);
  expect(names(graph.withDependencies((urn) => urn === "b", true))).toStrictEqual(["a", "b", "d", "e", "g"]);
});

test("a row is deleted once all that needs it is gone", () => {
  expect(graph.rows([0, 1, 2, 3, 4, 5]).map(names)).toStrictEqual([["e"], ["d"], ["b", "g"], ["a", "f"]]);
  expect(graph.rows([0, 4]).map(names)).toStrictEqual([["a", "e"]]);
  expect(graph.rows([])).toStrictEqual([]);
});

test("of two with one URN, what comes later needs both that come before", () => {
  const two = [resource("a"), resource("a"), resource("b", ["a"]), resource("a")];
  expect(new Graph(two).rows([0, 1, 2, 3])).toStrictEqual([[2], [0, 1, 3]]);
});
