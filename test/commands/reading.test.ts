import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { stackSettings } from "../../commands/command";
import { plan } from "../../commands/plan";
import { propose } from "../../commands/propose";
import { soundYaml } from "../settings/trees";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function project(files: Readonly<Record<string, string>> | string): string {
  const root = mkdtempSync(join(tmpdir(), "reading-"));
  folders.push(root);
  for (const [path, text] of Object.entries(typeof files === "string" ? { "Pulumi.prod.yaml": files } : files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const planned = (folder: string, ...args: readonly string[]) =>
  plan(args, { folder, environment: {}, today: "2026-12-01" });

/** The faults that a plan tells, without the lines in which a terminal has broken them. */
function faults(files: Parameters<typeof project>[0]): readonly string[] {
  const { stdout, code } = planned(project(files), "--format", "json");
  const [stack] = JSON.parse(stdout).stacks;
  const told = stack.faults.map(
    ({ file, line, path, found, expected }: Record<string, string>) =>
      `${file}:${line ?? ""} ${path}: found ${found}. Write ${expected}.`,
  );
  expect(code).toBe(told.length > 0 ? 3 : 0);
  return told;
}

describe("a number or a day without quotes that arrives as something else", () => {
  test.each([
    ["overlapDays: 010", "found 010 without quotes, which Pulumi reads as 8. Write 8,"],
    ["lifetimeDays: 3_65", "found 3_65 without quotes, which Pulumi reads as 365. Write 365,"],
  ])("is a fault of the plan: %s", (setting, told) => {
    const [first, ...others] = faults(soundYaml.replace('"2026-11-23" }', `"2026-11-23", ${setting} }`));
    expect(first).toContain(told);
    expect(others.filter((one) => one.includes(setting.split(":")[0] ?? ""))).toEqual([]);
  });

  test("is one at the top, too, where all arrives as text", () => {
    expect(faults(soundYaml.replace("fleet: platform", "fleet: 010"))[0]).toBe(
      'Pulumi.prod.yaml:2 pat-rotation:fleet: found 010 without quotes, which Pulumi reads as 8. Write 8, or "010" in quotes if a text is meant.',
    );
    expect(faults(soundYaml.replace("fleet: platform", "fleet: 2026"))).toEqual([]);
    expect(faults(`${soundYaml}  maxRotationsPerRun: 010\n`)[0]).toContain("found 010 without quotes");
  });

  test.each([
    ["schedule: Weekly", "schedule: 2026-11-23", "proof[0].schedule"],
    ["item: Inventory", "item: 2026-11-23", "onePassword[0].item"],
    ["name: inventory, scopes", "name: 2026-11-23, scopes", "token.name"],
  ])("names the day that a text would be: %s", (was, is, path) => {
    expect(faults(soundYaml.replace(was, is))).toEqual([
      expect.stringContaining(
        `pat-rotation:accounts[0].${path}: found 2026-11-23 without quotes, which Pulumi hands on as "2026-11-23 00:00:00 +0000 UTC". Write "2026-11-23", in quotes.`,
      ),
    ]);
  });

  test("is none where a day is wanted", () => {
    expect(faults(soundYaml.replace('"2026-11-23"', "2026-11-23"))).toEqual([]);
    const leak = "      compromised: [{ generation: 2026-11-23, on: 2026-12-14, reason: leaked }]\n";
    expect(faults(soundYaml.replace("      onePassword", `${leak}      onePassword`))).toEqual([]);
  });

  test("leaves health and doctor what a run goes by", () => {
    const root = project(soundYaml.replace("schedule: Weekly", "schedule: 2026-11-23"));
    const [stack] = stackSettings(root, undefined);
    expect(stack?.leftOut).toBeUndefined();
    expect(stack?.settings.accounts[0]?.proof[0]?.schedule).toBe("2026-11-23 00:00:00 +0000 UTC");
  });
});

describe("what a run takes, a plan and health take", () => {
  const frozen = "freezes: [{ from: 2026-12-07, to: 2026-12-20 }]";
  test.each([
    ["keys without a namespace", soundYaml.replaceAll("pat-rotation:", "")],
    ["keys in the older form", soundYaml.replaceAll("pat-rotation:", "pat-rotation:config:")],
    ["a key whose list was commented out", `${soundYaml}  pat-rotation:freezes:\n`],
    ["many uses of one anchor", `${soundYaml}x: &x { a: 1 }\ny: [${"*x, ".repeat(150)}]\n`],
  ])("%s", (_, text) => {
    const root = project(text);
    expect(planned(root).code).toBe(0);
    expect(stackSettings(root, undefined)[0]?.settings.accounts).toHaveLength(1);
  });

  test("a folder of stacks, an organization and defaults in Pulumi.yaml", () => {
    const root = project({
      "Pulumi.yaml": `name: pat-rotation\nruntime: nodejs\nstackConfigDir: stacks\nconfig:\n  ${frozen}\n`,
      "stacks/Pulumi.prod.yaml": soundYaml.replace('"2026-11-23"', '"2026-12-14"'),
    });
    expect(planned(root).stdout).toMatch(/inventory +revoke old +2026-11-30/);
    expect(planned(root, "--stack", "acme/pat-rotation/prod").code).toBe(planned(root).code);
    expect(stackSettings(root, ["acme/pat-rotation/prod"])[0]?.settings.freezes).toEqual([
      { from: "2026-12-07", to: "2026-12-20" },
    ]);
    expect(planned(root, "--stack", "staging").stderr).toContain("has no stacks/Pulumi.staging.yaml; there is prod.");
  });

  test("a project of another name, whose keys are its own", () => {
    const files = { "Pulumi.yaml": "name: acme\nruntime: nodejs\n", "Pulumi.prod.yaml": soundYaml };
    expect(faults(files)).toContain(
      'Pulumi.prod.yaml: config: found keys of "pat-rotation", where the project\'s name is "acme". Write a block with keys such as acme:accounts.',
    );
    expect(faults({ ...files, "Pulumi.prod.yaml": soundYaml.replaceAll("pat-rotation:", "acme:") })).toEqual([]);
  });

  test("but not a second document, which nobody reads, nor an environment, which no file shows", () => {
    const second = `${soundYaml}---\nconfig: {}\n`;
    expect(faults(second)).toEqual([expect.stringContaining("found a second document in the file")]);
    expect(stackSettings(project(second), undefined)[0]?.settings.accounts).toHaveLength(1);
    expect(faults(`environment: [x]\n${soundYaml}`)).toEqual([expect.stringContaining("an environment of Pulumi ESC")]);
  });
});

test("propose edits accounts wherever a run reads them", async () => {
  const root = project({
    "Pulumi.yaml": "name: pat-rotation\nruntime: nodejs\nstackConfigDir: stacks\n",
    "stacks/Pulumi.prod.yaml": soundYaml.replaceAll("pat-rotation:", ""),
  });
  const args = ["extra-date", "inventory", "--date", "2026-12-14", "--reason", "left", "--local"];
  const { code, stderr } = await propose(args, { folder: root, environment: {}, today: "2026-12-01" });
  expect([code, stderr]).toEqual([0, ""]);
  expect(readFileSync(join(root, "stacks/Pulumi.prod.yaml"), "utf8")).toContain(
    '"2026-11-23", extraDates: [{ date: "2026-12-14", reason: "left" }]',
  );
});
