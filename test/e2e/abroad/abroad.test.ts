import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { pack } from "../../../workshop/pack/pack";
import { inventory } from "../situation";
import { canRun, type Language, Program, prepare } from "./program";

let program: Program | undefined;

afterEach(async () => {
  expect(program?.leaks() ?? []).toEqual([]);
  await program?.stop();
  program = undefined;
}, 300_000);

const steps = [
  "gitlab:index/projectVariable:ProjectVariable inventory/security/inventory-builder/GITLAB_API_TOKEN",
  "onepassword:index/itemField:ItemField inventory/Security/credential",
  ...["Account inventory", "PersonalAccessToken inventory-2026-11-23", "PersonalAccessToken inventory-adopted"],
  ...["PipelineProof inventory", "Placement inventory", "TokenProof inventory"],
].map((one) => (/^(gitlab|onepassword)/.test(one) ? one : `runbook:index:${one}`));

const languages: readonly Language[] = ["yaml", "python", "go", "nodejs"];

// Each takes the Pulumi CLI and the language's own host on the PATH; it is skipped where one is missing.
describe.each(languages.filter(canRun))("a program in %s on the Pulumi CLI", (language) => {
  test("rotates the runbook's account to the last step, with the resources of a stack of ours", {
    timeout: 600_000,
  }, async () => {
    program = await Program.start(language);
    await prepare(program, language);
    const first = await program.up();
    expect(first.code, first.output).toBe(0);
    const { gitlab, onepassword } = program.sandbox;
    const live = gitlab.liveTokens(inventory.username);
    expect(live).toMatchObject([{ expiresAt: "2027-11-23" }]);
    expect(gitlab.variable(inventory.project, "GITLAB_API_TOKEN")).toBe(live[0]?.value);
    expect(onepassword.field("Security", inventory.item, "credential")).toBe(live[0]?.value);
    const outputs = JSON.parse(await program.must("pulumi", ["stack", "output", "--json", "--stack", "dev"]));
    expect(outputs).toMatchObject({ generation: "2026-11-23" });
    const below = "pat-rotation:index:Account$";
    const resources = await program.resources();
    expect(resources.filter((one) => one.startsWith(below))).toEqual(steps.map((one) => `${below}${one}`).sort());

    const rest = await program.up();
    expect(rest.code, rest.output).toBe(0);
    expect(rest.output).toContain("10 unchanged");
    expect(rest.output).not.toMatch(/[+~-]\d* (created|updated|deleted)/);
  });
});

describe.skipIf(!canRun("yaml"))("in a program in yaml on the Pulumi CLI", () => {
  const second = (properties: string) => (text: string) =>
    text.replace(
      "\noutputs:",
      `\n  scanner:\n    type: pat-rotation:Account\n    properties:\n${properties}\noutputs:`,
    );
  const scanner = `      fleet: sandbox
      account: { group: security, username: gl-security-scanner }
      rotation: { startsOn: "2027-11-29" }
      variables: [{ project: security/scanner, key: GITLAB_API_TOKEN }]`;

  test("needs nothing but the archives of npm run pack", { timeout: 240_000 }, async () => {
    program = await Program.start("yaml", (text) => text.replace(/\nplugins:[\s\S]*(?=\nresources:)/, ""));
    const files = await pack(join(program.folder, "dist"));
    for (const archive of files.filter((file) => file.endsWith(".tar.gz"))) {
      const [, name = "", version = ""] = /^pulumi-resource-(.+)-v([\d.]+)\.tar\.gz$/.exec(archive) ?? [];
      const from = join(program.folder, "dist", archive);
      await program.must("pulumi", ["plugin", "install", "resource", name, version, "--file", from]);
    }
    const first = await program.up();
    expect(first.code, first.output).toBe(0);
    expect(program.sandbox.gitlab.liveTokens(inventory.username)).toMatchObject([{ expiresAt: "2027-11-23" }]);
    const served = JSON.parse(await program.must("pulumi", ["package", "get-schema", "gitlab"]));
    expect(served).toMatchObject({ version: "10.4.0", publisher: "pat-rotation" });
  });

  test("an account that fails is told last, and alone", { timeout: 240_000 }, async () => {
    const token = `{ name: { "fn::secret": hidden-name }, scopes: [read_api], description: "\${inventory.fault}" }`;
    program = await Program.start("yaml", second(`${scanner}\n      token: ${token}`));
    const run = await program.up();
    expect(run.code).not.toBe(0);
    expect(run.output).toContain('Account "scanner" failed: ');
    expect(run.output).toContain("token.name: found a secret. Write a plain value");
    expect(run.output).toContain("token.description: found an output of another resource. Write a plain value");
    expect(run.output).not.toContain("hidden-name");
    expect(program.sandbox.gitlab.liveTokens(inventory.username)).toMatchObject([{ expiresAt: "2027-11-23" }]);
    expect(await program.resources()).toContain("pat-rotation:index:Account$runbook:index:PipelineProof inventory");
  });
});
