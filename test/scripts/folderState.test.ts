import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { removeEmptyAttributes } from "../../scripts/folderState";

const backend = mkdtempSync(join(tmpdir(), "folder-state-"));
afterAll(() => rmSync(backend, { recursive: true }));

test("of a state in a folder an empty file of attributes goes, and nothing else", () => {
  const stacks = join(backend, ".pulumi/stacks/pat-rotation");
  mkdirSync(stacks, { recursive: true });
  const files = { "prod.json": "{}", "prod.json.attrs": "", "eu.json": "", "eu.json.attrs": "{}", "eu.json.bak": "" };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(stacks, name), text);
  const there = () => Object.keys(files).filter((name) => existsSync(join(stacks, name)));
  for (const other of [undefined, "s3://bucket", "https://api.pulumi.com", `file://${backend}/none`]) {
    removeEmptyAttributes({ PULUMI_BACKEND_URL: other });
    expect(there()).toHaveLength(5);
  }
  removeEmptyAttributes({ PULUMI_BACKEND_URL: `file://${backend}?no_tmp_dir=true` });
  expect(there()).toEqual(["prod.json", "eu.json", "eu.json.attrs", "eu.json.bak"]);
});
