import { describe, expect, test } from "vitest";
import { unfinished } from "../../engines/unfinished";
import { engines } from "./fixture/engines";
import { World } from "./fixture/world";

const program = `
  const g = new Group("g");
  const a = new Thing("a", { value: { list: [1, null, "x"] }, secret: "hush" }, { parent: g, protect: false });
  const b = new Thing("b", { value: a.token, key: "1" }, { dependsOn: a, retainOnDelete: true, ignoreChanges: ["value"] });
  new Thing("c", { value: config.requireSecret("token") }, { additionalSecretOutputs: ["value"], aliases: [{ name: "old" }] });
  exports.token = b.token;
  exports.plain = { made: a.made };
`;

if (engines.length < 2) console.warn("Only one engine here: what one leaves to the other is passed over.");

describe.skipIf(engines.length < 2)("a stack goes from one engine to the other and back", { timeout: 240_000 }, () => {
  test.each([
    ["embedded engine", "Pulumi CLI"],
    ["Pulumi CLI", "embedded engine"],
  ])("made by the %s, used by the %s", async (maker, user) => {
    const [first, second] = [maker, user].map((name) => engines.find((engine) => engine.name === name));
    if (!first || !second) throw new Error("an engine is missing");
    const world = await World.on(first);
    try {
      world.program(program);
      expect((await world.run("config", "set", "--secret", "token", "geheim")).code).toBe(0);
      const made = await world.up();
      expect(made.code, made.told).toBe(0);
      const before = await world.state();
      world.calls();

      world.engine = second;
      const preview = await world.preview("--expect-no-changes");
      expect(preview.code, preview.told).toBe(0);
      const up = await world.up("--expect-no-changes");
      expect(up.code, up.told).toBe(0);
      expect(world.writes()).toStrictEqual([]);
      const outputs = await world.run("stack", "output", "--json", "--show-secrets");
      expect(JSON.parse(outputs.stdout).token).toMatch(/^token of b-/);
      const exported = await world.run("stack", "export");
      expect(exported.code, exported.told).toBe(0);
      world.write("exported.json", exported.stdout);

      world.engine = first;
      const imported = await world.run("stack", "import", "--file", "exported.json");
      expect(imported.code, imported.told).toBe(0);
      const again = await world.up("--expect-no-changes");
      expect(again.code, again.told).toBe(0);
      expect(world.writes()).toStrictEqual([]);
      // In which order the CLI stores what is independent differs from run to run.
      const essence = ({ resources }: typeof before) =>
        resources
          .map(({ urn, id, inputs, outputs, dependencies }) => ({ urn, id, inputs, outputs, dependencies }))
          .sort((one, other) => (one.urn < other.urn ? -1 : 1));
      expect(essence(await world.state())).toStrictEqual(essence(before));
      const gone = await world.destroy();
      expect(gone.code, gone.told).toBe(0);
    } finally {
      await world.end();
    }
  });

  test("a run on the embedded engine, killed with a journal beside its state, is refused by the CLI until that is whole", async () => {
    const [embedded, cli] = ["embedded engine", "Pulumi CLI"].map((name) => engines.find((one) => one.name === name));
    if (!embedded || !cli) throw new Error("an engine is missing");
    const world = await World.on(embedded);
    try {
      world.program(`
        const made = Array.from({ length: 40 }, (_, at) => new Thing("large" + at, { value: "x".repeat(16_384), secret: "s" }));
        new Thing("b", { value: pulumi.all(made.map((one) => one.made)) });
      `);
      world.faults({ b: { create: { hold: true } } });
      const { child, done } = world.start("up", "--yes", "--skip-preview");
      await world.called("create b");
      child.kill("SIGKILL");
      await done;
      expect(await world.names()).toHaveLength(40);
      expect(await world.pending()).toStrictEqual(["creating b"]);
      world.faults({});
      world.calls();

      world.engine = cli;
      expect((await world.up()).text).toContain("the stack is currently locked by 1 lock(s)");
      expect((await world.run("cancel", "--yes")).code).toBe(0);
      for (const command of ["preview", "up", "refresh", "destroy"] as const) {
        const refused = await world[command]();
        expect(refused.code, command).not.toBe(0);
        expect(refused.text, command).toContain(unfinished);
      }
      expect(world.calls()).toStrictEqual([]);

      world.engine = embedded;
      expect((await world.run("cancel", "--yes")).code).toBe(0);
      world.engine = cli;
      const next = await world.up();
      expect(next.code, next.told).toBe(0);
      expect(world.writes()).toStrictEqual(["create b"]);
      expect(await world.names()).toHaveLength(41);
      expect((await world.destroy()).code).toBe(0);
    } finally {
      await world.end();
    }
  });
});
