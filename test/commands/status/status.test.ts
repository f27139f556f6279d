import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { said } from "../../../commands/deliver";
import { status } from "../../../commands/status";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "status-"));
  declare("prod", "inventory", '"2026-11-23"');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function declare(stack: string, name: string, startsOn: string): void {
  writeFileSync(
    join(folder, `Pulumi.${stack}.yaml`),
    `config:
  pat-rotation:fleet: ${stack}
  pat-rotation:accounts:
    - name: ${name}
      account: { group: security, username: gl-security-${name} }
      token: { name: ${name}, scopes: [api] }
      rotation: { startsOn: ${startsOn} }
`,
  );
}

/** What the command says where no engine is there to read a state. */
function run(...args: string[]) {
  return status(args, { folder, environment: { PATH: "" } });
}

test("the page tells each stack, one whose settings cannot be used as well, and ends as the screen does", async () => {
  declare("staging", "scanner", '"never"');
  const { code, stdout, stderr } = await run("--format", "html");
  expect([code, stderr]).toEqual([3, ""]);
  expect(stdout).toContain("<h1>Tokens of prod, staging</h1>");
  expect(stdout).toContain("<h3>inventory</h3>");
  expect(stdout).toContain("2 states were not read.");
  expect(stdout).toContain("Reading the settings of stack &quot;staging&quot;: they cannot be used");
  const [, ...rest] = (await run()).stdout.split('Reading the settings of stack "staging"');
  expect(rest).toHaveLength(1);
});

test("only the stacks that are named", async () => {
  declare("staging", "scanner", '"2026-11-23"');
  declare("trial", "mirror", '"2026-11-23"');
  const { stdout } = await run("--format", "html", "--stack", "staging", "--stack", "trial");
  expect(stdout).toContain("<h1>Tokens of staging, trial</h1>");
  expect(stdout).not.toContain("<h3>inventory</h3>");
});

test("the settings of the only stack that cannot be used are a fault of the command", async () => {
  declare("prod", "inventory", '"never"');
  expect(await run("--format", "html")).toMatchObject({ code: 3, stdout: "" });
});

test("the extension of the file tells the format", async () => {
  const at = { folder, environment: {}, today: "", width: 100, color: false, print: () => {}, warn: () => {} };
  expect(said(await run("--output", "public/fleet.html"), at)).toBe(3);
  expect(readFileSync(join(folder, "public/fleet.html"), "utf8")).toMatch(/^<!doctype html>/);
  expect((await run("--output", "fleet.json")).stdout).toMatch(/^\{\n {2}"format": "pat-rotation\/status"/);
  expect((await run("--output", "fleet.html", "--format", "json")).stdout).toMatch(/^\{/);
  expect((await run("--output", "fleet.txt")).stdout).toMatch(/^prod {2}/);
});
