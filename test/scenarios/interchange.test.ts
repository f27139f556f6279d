import { describe, expect, test } from "vitest";
import { engines } from "./engines";
import { World } from "./world";

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
      const secret = await world.run("stack", "output", "token", "--show-secrets");
      expect(secret.stdout.trim()).toMatch(/^token of b-/);
      const exported = await world.run("stack", "export", "--file", "exported.json");
      expect(exported.code, exported.told).toBe(0);

      world.engine = first;
      const imported = await world.run("stack", "import", "--file", "exported.json");
      expect(imported.code, imported.told).toBe(0);
      const again = await world.up("--expect-no-changes");
      expect(again.code, again.told).toBe(0);
      expect(world.writes()).toStrictEqual([]);
      const essence = ({ resources }: typeof before) =>
        resources.map(({ urn, id, inputs, outputs, dependencies }) => ({ urn, id, inputs, outputs, dependencies }));
      expect(essence(await world.state())).toStrictEqual(essence(before));
      const gone = await world.destroy();
      expect(gone.code, gone.told).toBe(0);
    } finally {
      await world.end();
    }
  });
});
