import { expect } from "vitest";
import { scenario } from "./fixture/scenario";

const a = "urn:pulumi:dev::proj::fixture:index:Thing::a";

scenario("--expect-no-changes fails when there is something to do, and not when there is nothing", async (world) => {
  world.program(`new Thing("a");`);
  const preview = await world.preview("--expect-no-changes");
  expect(preview.code, preview.told).toBe(7);
  expect(preview.text).toContain("no changes were expected for preview but changes were proposed");
  // An update makes them nevertheless: whether there are any is known when it has ended.
  const first = await world.up("--expect-no-changes");
  expect(first.code, first.told).toBe(7);
  expect(first.text).toContain("no changes were expected for update but changes were proposed");
  expect(await world.names()).toStrictEqual(["a"]);
  const nothing = await world.preview("--expect-no-changes");
  expect(nothing.code, nothing.told).toBe(0);
  const up = await world.up("--expect-no-changes");
  expect(up.code, up.told).toBe(0);
  const same = await world.refresh("--expect-no-changes");
  expect(same.code, same.told).toBe(0);
  world.stage.put((await world.resource("a")).id ?? "", { inputs: { value: "by hand" }, made: 7 });
  const refresh = await world.refresh("--expect-no-changes");
  expect(refresh.code, refresh.told).toBe(7);
});

scenario("preview --refresh shows what the world did and what an update would do, and keeps neither", async (world) => {
  world.program(`new Thing("a", { value: 1 });`);
  await world.up();
  world.stage.put((await world.resource("a")).id ?? "", { inputs: { value: "by hand" }, made: 7 });
  world.calls();
  const run = await world.preview("--refresh");
  expect(run.code, run.told).toBe(0);
  expect(run.steps).toContain("update a: value");
  expect(world.calls().filter((call) => call === "read a")).toStrictEqual(["read a"]);
  expect((await world.resource("a")).inputs?.value).toBe(1);
});

scenario("--target updates only what it names", async (world) => {
  const program = (value: number) =>
    `const a = new Thing("a", { value: ${value} }); new Thing("b", { value: a.made }); new Thing("c", { value: ${value} });`;
  world.program(program(1));
  await world.up();
  world.program(program(2));
  world.calls();
  const run = await world.up("--target", a);
  expect(run.code, run.told).toBe(0);
  expect(world.writes()).toStrictEqual(["update a"]);
  expect((await world.resource("c")).inputs?.value).toBe(1);
  expect((await world.up()).code).toBe(0);
  expect(world.writes().sort()).toStrictEqual(["update b", "update c"]);
});

scenario("--target takes patterns: * within a part of a URN, ** across parts", async (world) => {
  const program = (value: number) =>
    ["a", "a-1", "a:b", "b.1"].map((name) => `new Thing("${name}", { value: ${value} });`).join(" ");
  world.program(program(1));
  await world.up();
  world.program(program(2));
  world.calls();
  const run = await world.up(
    "--target",
    "**::a-*",
    "--target",
    "**::a**b",
    "--target",
    "**::b?1",
    "--target",
    "**::none",
  );
  expect(run.code, run.told).toBe(0);
  expect(world.writes().sort()).toStrictEqual(["update a-1", "update a:b"]);
});

scenario("--target leaves what is declared no longer, unless named", async (world) => {
  world.program(`new Thing("a"); new Thing("b");`);
  await world.up();
  world.calls();
  world.program("");
  const run = await world.up("--target", a);
  expect(run.code, run.told).toBe(0);
  expect(world.writes()).toStrictEqual(["delete a"]);
  expect(await world.names()).toStrictEqual(["b"]);
});

scenario("destroy --target refuses while others depend on it, and takes them along when told to", async (world) => {
  world.program(`const a = new Thing("a"); new Thing("b", { value: a.made }); new Thing("c");`);
  await world.up();
  world.calls();
  const refused = await world.destroy("--target", a);
  expect(refused.code, refused.told).not.toBe(0);
  expect(refused.text).toContain("--target-dependents");
  expect(world.writes()).toStrictEqual([]);
  const run = await world.destroy("--target", a, "--target-dependents");
  expect(run.code, run.told).toBe(0);
  expect(world.writes()).toStrictEqual(["delete b", "delete a"]);
  expect(await world.names()).toStrictEqual(["c"]);
});

scenario("--parallel 1 does one thing after the other", async (world) => {
  world.program(`for (const name of ["a", "b", "c", "d"]) new Thing(name);`);
  const run = await world.up("--parallel", "1");
  expect(run.code, run.told).toBe(0);
  const creates = world.stage.recorded().filter((line) => line.startsWith("create"));
  expect(creates.map((line) => line.endsWith("done"))).toStrictEqual([
    false,
    true,
    false,
    true,
    false,
    true,
    false,
    true,
  ]);
});

scenario("without --parallel what is independent is done at once", async (world) => {
  world.program(`for (const name of ["a", "b", "c"]) new Thing(name);`);
  world.faults({ a: { create: { hold: true } }, b: { create: { hold: true } }, c: { create: { hold: true } } });
  const { done } = world.start("up", "--yes", "--skip-preview");
  for (const name of ["a", "b", "c"]) await world.called(`create ${name}`);
  for (const name of ["a", "b", "c"]) world.stage.release(name);
  expect((await done).code).toBe(0);
});

scenario("an unknown option is refused", async (world) => {
  world.program(`new Thing("a");`);
  const run = await world.up("--no-such-option");
  expect(run.code, run.told).not.toBe(0);
  expect(run.text).toMatch(/unknown (flag|option).*--no-such-option/i);
  expect(world.calls()).toStrictEqual([]);
});

scenario("an update without --yes is refused where nobody can be asked", async (world) => {
  world.program(`new Thing("a");`);
  const run = await world.run("up");
  expect(run.code, run.told).not.toBe(0);
  expect(run.text).toContain(
    "--yes or --skip-preview or --preview-only must be passed in to proceed when running in non-interactive mode",
  );
  expect(world.writes()).toStrictEqual([]);
});

scenario("up previews before it updates, unless told to skip that", async (world) => {
  world.program(`new Thing("a");`);
  const run = await world.run("up", "--yes");
  expect(run.code, run.told).toBe(0);
  expect(world.calls()).toStrictEqual(["check a anew", "preview create a", "check a anew", "create a"]);
});

scenario("what a person reads names the steps, the changed keys, the outputs and the sums", async (world) => {
  world.program(`new Thing("a", { value: 1 }); exports.plain = 1; exports.hidden = pulumi.secret(2);`);
  await world.up();
  world.program(`new Thing("a", { value: 2 }); new Thing("b"); exports.plain = 2; exports.hidden = pulumi.secret(2);`);
  const preview = await world.run("preview", "--diff");
  expect(preview.code, preview.told).toBe(0);
  expect(preview.stdout).toContain("~ fixture:index:Thing: (update)");
  expect(preview.stdout).toMatch(/~ value: 1 => 2/);
  expect(preview.stdout).toContain("+ fixture:index:Thing: (create)");
  expect(preview.stdout).toMatch(/~ plain *: 1 => 2/);
  expect(preview.stdout).toMatch(/\+ 1 to create/);
  expect(preview.stdout).toMatch(/~ 1 to update/);
  const run = await world.run("up", "--yes", "--skip-preview");
  expect(run.stdout).toMatch(/\+ 1 created/);
  expect(run.stdout).toMatch(/~ 1 updated/);
  expect(run.stdout).toMatch(/1 unchanged/);
  expect(run.stdout).toMatch(/hidden: \[secret\]/);
  expect(run.stdout).toMatch(/~ plain *: 1 => 2/);
});

scenario("a stack that does not exist is an error that names it", async (world) => {
  world.program("");
  world.stack = "nowhere";
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(run.text).toContain("no stack named 'nowhere' found");
});

scenario("a wrong passphrase is an error that says so", async (world) => {
  world.program("");
  world.environment.PULUMI_CONFIG_PASSPHRASE = "another";
  const run = await world.up();
  expect(run.code, run.told).not.toBe(0);
  expect(run.text).toContain("incorrect passphrase");
});

scenario(
  "configuration that is too large for a program's environment is an error, and leaves no lock",
  async (world) => {
    world.program("");
    // Linux allows a variable 128 KiB.
    world.settings(`config: { proj:large: ${"x".repeat(131_072)} }\n`);
    const run = await world.up();
    expect(run.code, run.told).not.toBe(0);
    expect(run.text).toMatch(/argument list too long|E2BIG/);
    expect(await world.locked()).toBe(false);
  },
);
