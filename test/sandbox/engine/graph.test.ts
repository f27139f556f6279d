import { expect, test } from "vitest";
import { Graph, rewired } from "../../../sandbox/engine/graph";
import type { ResourceState } from "../../../sandbox/engine/state/deployment";
import { Targets } from "../../../sandbox/engine/targets";
import { makeUrn, nameOf, packageOf, splitReference, typeOf } from "../../../sandbox/engine/urn";

const resource = (urn: string, more: Partial<ResourceState> = {}): ResourceState => ({
  urn,
  custom: true,
  type: "t",
  ...more,
});

const root = resource("root");
const provider = resource("p", { id: "1" });
const a = resource("a", { parent: "root", provider: "p::1" });
const b = resource("b", { parent: "root", dependencies: ["a"] });
const c = resource("c", { parent: "b", propertyDependencies: { x: ["root"], y: null } });
const all = [root, provider, a, b, c];
const graph = new Graph(all);

test("dependents are found in order, children when asked for", () => {
  expect(graph.dependents(a, new Set(), true)).toStrictEqual([b, c]);
  expect(graph.dependents(a, new Set(), false)).toStrictEqual([b]);
  expect(graph.dependents(provider, new Set(["b"]), true)).toStrictEqual([a]);
});

test("what is needed is found through parents, providers and dependencies", () => {
  expect(graph.needed([b])).toStrictEqual(new Set([a, provider, root]));
});

test("deletes go in layers, what needs others first", () => {
  expect(graph.layers(new Set(all))).toStrictEqual([[c], [b], [a], [root, provider]]);
  expect(graph.layers(new Set([c, a]))).toStrictEqual([[a, c]]);
});

test("references follow a renamed resource, and only those", () => {
  const renaming = (from: string, to: string) => (urn: string) => (urn === from ? to : urn);
  expect(rewired(b, renaming("a", "z"))).toStrictEqual({ ...b, dependencies: ["z"] });
  expect(rewired(a, renaming("p", "q"))).toStrictEqual({ ...a, provider: "q::1" });
  expect(rewired(a, renaming("b", "z"))).toBe(a);
});

test("what is gone is forgotten, and its children become its parent's", () => {
  const without = (urn: string) => (urn === "b" ? undefined : urn);
  const child = { ...c, dependencies: ["a", "b"], propertyDependencies: { x: ["b"], y: null }, deletedWith: "b" };
  const { deletedWith: _, ...rest } = child;
  expect(rewired(child, without, (urn) => (urn === "b" ? "root" : urn))).toStrictEqual({
    ...rest,
    parent: "root",
    dependencies: ["a"],
    propertyDependencies: { x: [], y: null },
  });
});

test("URNs are made as Pulumi makes them, and read again", () => {
  const box = makeUrn("dev", "trial", "urn:pulumi:dev::trial::pulumi:pulumi:Stack::trial-dev", "x:index:Box", "box");
  const thing = makeUrn("dev", "trial", box, "x:index:Thing", "a::b");
  expect(thing).toBe("urn:pulumi:dev::trial::x:index:Box$x:index:Thing::a::b");
  expect([typeOf(thing), nameOf(thing), packageOf(typeOf(thing))]).toStrictEqual(["x:index:Thing", "a::b", "x"]);
  expect(splitReference("urn:pulumi:dev::trial::pulumi:providers:x::default::id")).toStrictEqual({
    urn: "urn:pulumi:dev::trial::pulumi:providers:x::default",
    id: "id",
  });
});

test("targets are URNs, or patterns within and across their parts", () => {
  const targets = new Targets(["a::b", "c::*::d", "e**"]);
  expect(["a::b", "c::x::d", "c::x::y::d", "e::f::g", "z"].map((urn) => targets.has(urn))).toStrictEqual([
    true,
    true,
    false,
    true,
    false,
  ]);
  expect(targets.unmatched(["c::x::d"])).toStrictEqual(["a::b"]);
  targets.add("z");
  expect([targets.has("z"), new Targets([]).named]).toStrictEqual([true, false]);
});
