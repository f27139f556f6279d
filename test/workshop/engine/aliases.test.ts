import { expect, test } from "vitest";
import { Aliases } from "../../../workshop/engine/planning/aliases";
import type { Fates } from "../../../workshop/engine/planning/bystanders";
import type { Alias } from "../../../workshop/engine/planning/goal";
import { Snapshot } from "../../../workshop/engine/planning/snapshot";
import { makeUrn } from "../../../workshop/engine/urn";

const box = "x:index:Box";
const thing = "x:index:Thing";
const urn = (name: string, type = thing, parent = "") => makeUrn("dev", "trial", parent, type, name);
const goal = (name: string, formerly: readonly Alias[] = [], parent = "", type = thing) => {
  return { urn: urn(name, type, parent), type, custom: true, parent, formerly };
};
const taken = (...urns: readonly string[]) => {
  const fates: Fates = new Map();
  const { olds } = new Snapshot(
    urns.map((urn) => ({ urn, custom: true, type: thing })),
    undefined,
  );
  return { aliases: new Aliases(olds, fates), fates };
};

test("a resource is what had its URN, before what had an alias", () => {
  const { aliases } = taken(urn("a"), urn("b"));
  expect(aliases.former(goal("a", [{ name: "b" }]))).toBe(urn("a"));
  expect(aliases.former(goal("c", [urn("none"), { name: "b" }]))).toBe(urn("b"));
  expect([aliases.now(urn("b")), aliases.now(urn("a"))]).toStrictEqual([urn("c"), urn("a")]);
  expect(aliases.former(goal("d", [{ name: "none" }]))).toBe(urn("d"));
});

test("an alias says what was another: type, stack, project, parent", () => {
  const inBox = urn("a", thing, urn("box", box));
  const elsewhere = makeUrn("prod", "other", "", thing, "a");
  const { aliases } = taken(inBox, elsewhere, urn("a", box));
  expect(aliases.former(goal("p", [{ name: "a", parent: urn("box", box) }]))).toBe(inBox);
  expect(aliases.former(goal("a", [{ stack: "prod", project: "other" }]))).toBe(elsewhere);
  expect(aliases.former(goal("b", [{ name: "a", type: box, isRoot: true }], urn("box", box)))).toBe(urn("a", box));
});

test("what is below something renamed was below what that was, also by a name that began with its name", () => {
  const old = urn("app", box);
  const child = urn("app-child", thing, old);
  const grandchild = urn("x", thing, child);
  const { aliases } = taken(old, child, grandchild);
  expect(aliases.former(goal("site", [{ name: "app" }], "", box))).toBe(old);
  const below = goal("site-child", [], urn("site", box));
  expect(aliases.former(below)).toBe(child);
  expect(aliases.former(goal("y", [{ name: "x" }], below.urn))).toBe(grandchild);
});

test("nothing is what two others were", () => {
  const { aliases, fates } = taken(urn("a"), urn("b"));
  fates.set(urn("a"), "planned");
  expect(() => aliases.former(goal("c", [{ name: "a" }]))).toThrow(
    `Duplicate resource alias '${urn("a")}' applied to resource with URN '${urn("c")}' conflicting with resource with URN '${urn("c")}'`,
  );
  aliases.former(goal("d", [{ name: "b" }]));
  expect(() => aliases.former(goal("e", [{ name: "b" }]))).toThrow(
    `Duplicate resource alias '${urn("b")}' applied to resource with URN '${urn("e")}' conflicting with resource with URN '${urn("d")}'`,
  );
  expect(() => aliases.former(goal("b"))).toThrow(
    `Duplicate resource URN '${urn("b")}' conflicting with alias on resource with URN '${urn("d")}'`,
  );
});
