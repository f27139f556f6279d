import { expect, test } from "vitest";
import { Snapshot } from "../../../sandbox/engine/snapshot";
import { needs, type ResourceState } from "../../../sandbox/engine/state/deployment";
import { makeUrn, nameOf, packageOf, typeOf } from "../../../sandbox/engine/urn";

const resource = (urn: string, more: Partial<ResourceState> = {}): ResourceState => ({
  urn,
  custom: true,
  type: "t",
  ...more,
});

const root = resource("root");
const provider = resource("urn::p", { id: "1" });
const a = resource("a", { parent: "root", provider: "urn::p::1" });
const b = resource("b", { parent: "root", dependencies: ["a"] });
const c = resource("c", { parent: "b", dependencies: ["a", "b"], propertyDependencies: { x: ["b"], y: null } });

const taken = () => new Snapshot([root, provider, a, b, c], undefined);
const left = (snapshot: Snapshot) => [...snapshot.left].map(({ state }) => state);

test("a resource needs its parent, its provider and what it depends on", () => {
  expect([...needs(a)]).toStrictEqual(["root", "urn::p"]);
  expect([...needs(c)]).toStrictEqual(["a", "b"]);
});

test("what a resource of this run needs joins it, and what was there is left no more", async () => {
  const snapshot = taken();
  await snapshot.commit({ join: resource("new", { dependencies: ["b"] }) });
  expect(left(snapshot)).toStrictEqual([c]);
  expect([snapshot.news.get("a")?.state, snapshot.olds.get("a"), snapshot.news.get("c")]).toStrictEqual([
    a,
    undefined,
    undefined,
  ]);
});

test("references follow a renamed resource, and only those", async () => {
  const snapshot = taken();
  const place = snapshot.olds.get("b");
  if (place) await snapshot.rename(place, "z");
  expect(left(snapshot)).toStrictEqual([
    root,
    provider,
    a,
    { ...b, urn: "z" },
    { ...c, parent: "z", dependencies: ["a", "z"], propertyDependencies: { x: ["z"], y: [] } },
  ]);
  expect(left(snapshot)[2]).toBe(a);
  expect([snapshot.olds.get("z"), snapshot.olds.get("b")]).toStrictEqual([place, undefined]);
});

test("what a refresh found gone is forgotten, and its children become its parent's", async () => {
  const snapshot = taken();
  const place = snapshot.olds.get("b");
  await snapshot.refresh(new Map(place && [[place, undefined]]));
  const child = { ...c, parent: "root", dependencies: ["a"], propertyDependencies: { x: [], y: [] } };
  expect(left(snapshot)).toStrictEqual([root, provider, a, child]);
});

test("URNs are made as Pulumi makes them, and read again", () => {
  const box = makeUrn("dev", "trial", "urn:pulumi:dev::trial::pulumi:pulumi:Stack::trial-dev", "x:index:Box", "box");
  const thing = makeUrn("dev", "trial", box, "x:index:Thing", "a::b");
  expect(thing).toBe("urn:pulumi:dev::trial::x:index:Box$x:index:Thing::a::b");
  expect([typeOf(thing), nameOf(thing), packageOf(typeOf(thing))]).toStrictEqual(["x:index:Thing", "a::b", "x"]);
});
