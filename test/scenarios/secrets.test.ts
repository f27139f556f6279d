import { expect } from "vitest";
import type { Run } from "./fixture/run";
import { scenario } from "./fixture/scenario";

const printed = ({ stdout, stderr }: Run) => `${stdout}${stderr}`;
const token = ["glpat", "never-to-be-shown-00"].join("-");

scenario("a check that fails names the place and shows no value, also with --show-secrets", async (world) => {
  world.program(`
    const token = ${JSON.stringify(token)};
    class Misspelt extends pulumi.CustomResource {
      constructor() { super("fixture:index:Thing", "misspelt", { valeu: token }); }
    }
    new Misspelt();
  `);
  for (const flags of world.engine.name === "Pulumi CLI" ? [[], ["--show-secrets"]] : [[]]) {
    const run = await world.run("up", "--yes", "--skip-preview", ...flags);
    expect(run.code).not.toBe(0);
    expect(printed(run)).toContain("fixture:index:Thing resource 'misspelt' has a problem: valeu: There is no");
    expect(printed(run)).not.toContain(token);
  }
});

scenario("a credential for a provider is refused, and not shown", async (world) => {
  world.program(`
    class Provider extends pulumi.ProviderResource {
      constructor(token) { super("fixture", "explicit", { token }); }
    }
    new Provider(${JSON.stringify(token)});
    `);
  const run = await world.run("up", "--yes", "--skip-preview");
  expect(run.code).not.toBe(0);
  // The embedded engine knows no providers but those that a run makes by itself.
  if (world.engine.name === "Pulumi CLI")
    expect(printed(run)).toContain(
      'has a problem: token: "fixture:token" is set, and the provider takes no configuration',
    );
  expect(printed(run)).not.toContain(token);
});
