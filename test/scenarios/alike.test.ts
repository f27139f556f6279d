import { describe, expect, test } from "vitest";
import { engines } from "./fixture/engines";
import { World } from "./fixture/world";

/** What differs from run to run on one engine as well, made equal. */
function timeless(text: string, world: World): string {
  return text
    .replaceAll(world.directory, "<project>")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
    .replaceAll(/\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/g, "<uuid>")
    .replaceAll(/\b(\w+)-[\da-f]{6}\b/g, "$1-<id>")
    .replaceAll(/v1:[^"]+/g, "<ciphertext>");
}

/** The closing sums that a person reads. */
function sums(text: string): string {
  return /^Resources:\n(?:^ {4}.*\n?)+/m.exec(text)?.[0] ?? "";
}

/** The state, but for where in the program each resource was declared, which only the CLI keeps. */
function essence(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document), (key, value) =>
    ["stackTrace", "sourcePosition", "__internal"].includes(key) ? undefined : value,
  );
}

const programs: Record<string, readonly string[]> = {
  "a new stack": [
    `const a = new Thing("a", { value: { x: [1, "two"] }, secret: "s" }); new Thing("b", { value: a.made }); exports.o = a.value; exports.s = a.secret;`,
  ],
  "updates, replacements, deletes": [
    `const g = new Group("g"); const a = new Thing("a", { value: 1, key: "1" }, { parent: g }); new Thing("b", { value: a.token }); new Thing("c", {}, { retainOnDelete: true }); exports.o = 1;`,
    `const g = new Group("g"); const a = new Thing("a", { value: { now: "an object" }, key: "2" }, { parent: g }); new Thing("b", { value: a.token }); exports.o = 2; exports.p = a.made;`,
  ],
  "nothing to do": [`new Thing("a", { value: 1 }); exports.o = 1;`, `new Thing("a", { value: 1 }); exports.o = 1;`],
  "options that are kept": [
    `const a = new Thing("a", { value: 1 }); new Thing("b", { value: a.made, key: "k" }, { dependsOn: [a], protect: true, ignoreChanges: ["value"], additionalSecretOutputs: ["key"], aliases: [{ name: "old" }], deleteBeforeReplace: true, replaceOnChanges: ["first"], retainOnDelete: true });`,
  ],
  "a change of nested values": [
    `new Thing("a", { value: { list: [1, 2, 3], map: { a: 1, b: 2 }, text: "x" }, secret: "one" });`,
    `new Thing("a", { value: { list: [1, 5], map: { b: 2, c: 3 }, text: "x\\ny" }, secret: "two" });`,
  ],
  // Once the thing is there: whether it comes before a failure elsewhere in the program is nobody's promise.
  "a program that fails": [`new Thing("a").urn.apply(() => { throw new Error("wrong"); });`],
};

if (engines.length < 2) console.warn("Only one engine here: that both say the same is not compared.");

describe.skipIf(engines.length < 2)("both engines say the same and leave the same", { timeout: 300_000 }, () => {
  test.each(Object.entries(programs))("%s", async (_name, versions) => {
    const told = await Promise.all(
      engines.map(async (engine) => {
        const world = await World.on(engine);
        try {
          const before = versions.length > 1 ? versions[0] : "";
          if (versions.length > 1) {
            world.program(before ?? "");
            const first = await world.up();
            expect(first.code, first.told).toBe(0);
          }
          world.program(versions.at(-1) ?? "");
          const preview = await world.preview();
          const up = await world.run("up", "--yes", "--skip-preview");
          const again = await world.run("up", "--yes", "--skip-preview");
          return {
            codes: [preview.code, up.code, again.code],
            preview: [preview.steps, preview.summary],
            sums: [sums(up.stdout), sums(again.stdout)],
            state: essence(JSON.parse(timeless(JSON.stringify((await world.backend.read()).export()), world))),
          };
        } finally {
          await world.end();
        }
      }),
    );
    const [here, there] = told;
    expect(here).toStrictEqual(there);
  });
});
