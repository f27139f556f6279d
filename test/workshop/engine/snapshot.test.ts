import { expect, test } from "vitest";
import { type Place, Snapshot } from "../../../workshop/engine/planning/snapshot";
import { needs, type ResourceState } from "../../../workshop/engine/state/deployment";
import { makeUrn, nameOf, packageOf, typeOf } from "../../../workshop/engine/urn";

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

test("what this run has come to stands in its order, and before what is left", async () => {
  const snapshot = taken();
  const [place] = [...snapshot.left] as [Place];
  await snapshot.commit({ join: root, put: [[place, undefined]] });
  expect(left(snapshot)).toStrictEqual([provider, a, b, c]);
  expect([snapshot.news.get("root")?.state, snapshot.olds.get("root")]).toStrictEqual([root, place]);
});

test("what comes before something that it needs is a fault, once it is more than a move", async () => {
  const snapshot = taken();
  await snapshot.commit({ join: root });
  await snapshot.commit({ join: b, isMove: true });
  const refused = "resource b refers to a, which does not come before it";
  await expect(snapshot.commit({ join: resource("d") })).rejects.toThrow(refused);
  await expect(snapshot.begin("creating", resource("e"))).rejects.toThrow(refused);
});

test("what comes twice is a fault", async () => {
  const snapshot = new Snapshot([], undefined);
  await snapshot.commit({ join: root });
  await expect(snapshot.commit({ join: root })).rejects.toThrow("resource root is there twice");
});

test("a provider of another id than the one that is needed is a fault", async () => {
  const snapshot = new Snapshot([], undefined);
  await snapshot.commit({ join: root });
  await snapshot.commit({ join: { ...provider, id: "2" } });
  await expect(snapshot.commit({ join: a })).rejects.toThrow("unknown provider urn::p::1");
});

test("references follow what joins under another URN than its alias, and what is below it is renamed with it", async () => {
  const urn = (name: string, types = "x:index:Box") => `urn:pulumi:dev::trial::${types}::${name}`;
  const box = resource(urn("box"), { type: "x:index:Box", custom: false });
  const child = resource(urn("child", "x:index:Box$x:index:Thing"), { type: "x:index:Thing", parent: box.urn });
  const other = resource(urn("other"), { dependencies: [child.urn, box.urn] });
  const snapshot = new Snapshot([box, child, other], undefined);
  const [place] = [...snapshot.left] as [Place];
  const renamed = urn("crate", "x:index:Crate");
  await snapshot.commit({ join: { ...box, urn: renamed, aliases: [box.urn] }, put: [[place, undefined]] });
  const below = urn("child", "x:index:Crate$x:index:Thing");
  expect(left(snapshot).map(({ urn, parent, dependencies }) => [urn, parent, dependencies])).toStrictEqual([
    [below, renamed, []],
    [other.urn, undefined, [below, renamed]],
  ]);
  expect(snapshot.news.get(renamed)?.state).toStrictEqual({ ...box, urn: renamed });
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
