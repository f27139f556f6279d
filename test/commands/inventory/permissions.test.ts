import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { inventory } from "../../../commands/inventory";
import { parseSettings } from "../../../rotation/declaration/settings";
import type { World } from "../../../workshop/sandbox/world";
import { incident } from "../../../workshop/sandbox/worlds/incident";
import { benches } from "../../providers/runbook/bench";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "inventory-"));
  writeFileSync(
    join(folder, "Pulumi.prod.yaml"),
    "config:\n  pat-rotation:fleet: f\n  pat-rotation:accountFiles: [a/*.yaml]\n",
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The incident, whose scanner has a fine-grained token in use, which may not say who it is. */
function world(): World {
  const whole = incident();
  return {
    ...whole,
    tokens: whole.tokens.map((token) =>
      token.handle === "scanner-hand-made"
        ? {
            ...token,
            scopes: ["granular"],
            permissions: [
              { project: "security/scanner", allow: ["read_job", "read_rainbow"] },
              { access: "user" as const, allow: ["read_user"] },
            ],
          }
        : token,
    ),
  };
}

async function scannerOf(): Promise<{ text: string; account: Record<string, unknown> }> {
  const { code, stdout, stderr } = await inventory(["--group", "security"], { folder, environment: process.env });
  expect(code, stderr).toBe(0);
  const accounts = parse(stdout) as Record<string, unknown>[];
  expect(parseSettings({ fleet: "f", accounts }).accounts).toHaveLength(2);
  const account = accounts.find(({ name }) => name === "gl-security-scanner") ?? {};
  return { text: stdout, account };
}

describe("where GitLab tells what a fine-grained token may do", () => {
  benches({ world: world(), limits: { version: "19.6" } });

  test("that is declared, with the paths of its places, and with what a run asks a token", async () => {
    const { account, text } = await scannerOf();
    expect(account.token).toMatchObject({
      permissions: [
        { user: true, allow: ["read_user", "read_personal_access_token"] },
        { project: "security/scanner", allow: ["read_job"], unlisted: ["read_rainbow"] },
      ],
    });
    expect(text).toContain("read_personal_access_token is new: without it no run can ask a token who it is.");
    expect(text).not.toContain("scopes: [granular]");
  });
});

describe("where GitLab does not tell", () => {
  benches({ world: world(), limits: { version: "19.2" } });

  test("a person is asked to, and the declaration can be used as it stands", async () => {
    const { account, text } = await scannerOf();
    expect(account.token).toMatchObject({ permissions: [{ user: true, allow: ["read_personal_access_token"] }] });
    expect(text).toContain("TODO The token is fine-grained, and GitLab tells from 19.6 on");
  });
});
