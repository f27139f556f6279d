import { expect } from "vitest";
import type { Faults, Method } from "./fixture/stage";
import { scenario } from "./scenario";

const before = `new Thing("a", { value: 1 }); new Thing("gone"); const g = new Thing("given", { value: 1 });`;

/** Beside what fails, `other` is created; `needs` needs what fails, and `gone` is declared no longer. */
const program = (subject: string) =>
  `const f = ${subject}; new Thing("needs", { value: f.made }); new Thing("other"); new Thing("given", { value: 1 });`;

/** What fails, how it is brought about, and what is written with and without --continue-on-error. */
const cases: Record<string, { method: Method; subject: string; fails: string; alone: string[]; going: string[] }> = {
  "a create": {
    method: "create",
    subject: `new Thing("f")`,
    fails: "f",
    alone: ["create f"],
    going: ["create f", "create other"],
  },
  "an update": {
    method: "update",
    subject: `new Thing("a", { value: 2 })`,
    fails: "a",
    alone: ["update a"],
    going: ["create other", "update a"],
  },
  "a check": { method: "check", subject: `new Thing("f")`, fails: "f", alone: [], going: [] },
  "a diff": { method: "diff", subject: `new Thing("a", { value: 2 })`, fails: "a", alone: [], going: [] },
  "a read": {
    method: "read",
    subject: `new Thing("f", { value: 5 }, { import: "there" })`,
    fails: "f",
    alone: [],
    going: ["create other"],
  },
};

for (const [what, { method, subject, fails, alone, going }] of Object.entries(cases)) {
  const faults: Faults = { [fails]: { [method]: { fail: "it cannot be" } } };

  scenario(`${what} that fails stops what needs it, all deletes, and the run`, async (world) => {
    world.program(before);
    await world.up();
    world.calls();
    world.program(program(subject));
    world.faults(faults);
    // One at a time, so that what is not begun after a failure is known.
    const run = await world.up("--parallel", "1");
    expect(run.code, run.told).not.toBe(0);
    expect(run.text).toContain("it cannot be");
    expect(world.writes()).toStrictEqual(alone);
    expect(await world.names()).toContain("gone");
    expect(await world.pending()).toStrictEqual([]);
  });

  scenario(
    `${what} that fails with --continue-on-error fails the run as well, after all else was done`,
    async (world) => {
      world.program(before);
      await world.up();
      world.calls();
      world.program(program(subject));
      world.faults(faults);
      const run = await world.up("--continue-on-error");
      expect(run.code, run.told).not.toBe(0);
      expect(run.text).toContain("it cannot be");
      expect(world.writes().sort()).toStrictEqual(going);
      expect(await world.names()).toContain("gone");
      expect(await world.names()).not.toContain("needs");
      world.faults({});
      world.stage.put("there", { inputs: { value: 5 }, made: 3 });
      const next = await world.up();
      expect(next.code, next.told).toBe(0);
      expect(await world.names()).toContain("needs");
      expect(await world.names()).not.toContain("gone");
    },
  );
}

scenario("a delete that fails stops those of what it needs, and with --continue-on-error no other", async (world) => {
  world.program(`const a = new Thing("a"); new Thing("b", { value: a.made }); new Thing("c");`);
  await world.up();
  world.calls();
  world.program("");
  world.faults({ b: { delete: { fail: "b lives" } } });
  const run = await world.up("--continue-on-error");
  expect(run.code, run.told).not.toBe(0);
  expect(run.text).toContain("b lives");
  expect(world.writes().sort()).toStrictEqual(["delete b", "delete c"]);
  expect(await world.names()).toStrictEqual(["a", "b"]);
  world.faults({});
  const next = await world.up();
  expect(next.code, next.told).toBe(0);
  expect(world.writes()).toStrictEqual(["delete b", "delete a"]);
});
