import { expect } from "vitest";
import { scenario } from "./fixture/scenario";
import type { Method } from "./fixture/stage";
import type { World } from "./fixture/world";

const before = `new Thing("a", { value: 1 }); new Thing("gone"); const g = new Thing("given", { value: 1 });`;

/** Beside what fails, `other` is created; `needs` needs what fails, and `gone` is declared no longer. */
const program = (subject: string) =>
  `const f = ${subject}; new Thing("needs", { value: f.made }); new Thing("other"); new Thing("given", { value: 1 });`;

/** What fails, what is written of it, and whether that stops the run in spite of --continue-on-error. */
const cases: Record<string, { method: Method; subject: string; name: string; written: string[]; stops: boolean }> = {
  "a create": { method: "create", subject: `new Thing("f")`, name: "f", written: ["create f"], stops: false },
  "an update": {
    method: "update",
    subject: `new Thing("a", { value: 2 })`,
    name: "a",
    written: ["update a"],
    stops: false,
  },
  "a check": { method: "check", subject: `new Thing("f")`, name: "f", written: [], stops: true },
  "a diff": { method: "diff", subject: `new Thing("a", { value: 2 })`, name: "a", written: [], stops: true },
  "a read": {
    method: "read",
    subject: `new Thing("f", { value: 5 }, { import: "there" })`,
    name: "f",
    written: [],
    stops: false,
  },
};

for (const [what, { method, subject, name, written, stops }] of Object.entries(cases)) {
  const fail = async (world: World, ...flags: string[]) => {
    world.program(before);
    await world.up();
    world.stage.put("there", { inputs: { value: 5 }, made: 3 });
    world.calls();
    world.program(program(subject));
    world.faults({ [name]: { [method]: { fail: "it cannot be" } } });
    const run = await world.up(...flags);
    expect(run.code, run.told).not.toBe(0);
    expect(run.text).toContain("it cannot be");
    const writes = world.writes();
    // Whether what is independent came before the failure is nobody's promise.
    expect(writes.filter((write) => write !== "create other")).toStrictEqual(written);
    expect(await world.names()).toContain("gone");
    expect(await world.names()).not.toContain("needs");
    expect(await world.pending()).toStrictEqual([]);
    return writes;
  };

  scenario(`${what} that fails stops what needs it, all deletes, and the run`, async (world) => {
    await fail(world, "--parallel", "1");
  });

  const rest = stops
    ? "stops the run with --continue-on-error too"
    : "with --continue-on-error fails the run when all else is done";
  scenario(`${what} that fails ${rest}, and the next run does what was left`, async (world) => {
    const writes = await fail(world, "--continue-on-error");
    if (!stops) expect(writes).toContain("create other");
    world.faults({});
    const next = await world.up();
    expect(next.code, next.told).toBe(0);
    expect(await world.names()).toStrictEqual(["given", "needs", "other", name].sort());
  });
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
