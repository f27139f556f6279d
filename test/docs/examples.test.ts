import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { parseSettings } from "../../rotation/declaration/settings";

const root = join(__dirname, "../..");

/** A stack's file. */
interface Stack {
  readonly config: Readonly<Record<string, unknown>>;
}

/** The blocks of YAML in a page. */
function blocks(path: string): unknown[] {
  const text = readFileSync(join(root, path), "utf8");
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, block = ""]) => parse(block));
}

const pages = readdirSync(join(root, "docs/accounts")).map((file) => `docs/accounts/${file}`);

test("there is a page for each kind of account, and one for those that the stack owns", () => {
  const names = ["access-tokens", "group", "instance", "owned", "project", "self-minting", "self", "subgroup"];
  expect(pages.sort()).toEqual(names.map((name) => `docs/accounts/${name}.md`));
});

test.each(pages)("the account of %s can be used as it stands", (page) => {
  const [accounts, ...others] = blocks(page);
  expect(others).toEqual([]);
  // Where the page leaves something to another page.
  const rest = { token: { name: "x", scopes: ["read_api"] }, rotation: { startsOn: "2026-11-23" } };
  const whole = (accounts as object[]).map((account) => ({ ...rest, ...account }));
  expect(parseSettings({ fleet: "docs", accounts: whole }).accounts).toHaveLength(1);
});

test.each([
  ["README.md", "inventory"],
  ["docs/Pulumi.credential.yaml", "rotation"],
])("the stack of %s can be used as it stands", (page, name) => {
  const [stack] = (page.endsWith(".md") ? blocks(page) : [parse(readFileSync(join(root, page), "utf8"))]) as Stack[];
  const keys = Object.entries(stack?.config ?? {}).map(([key, value]) => [key.replace("pat-rotation:", ""), value]);
  expect(parseSettings(Object.fromEntries(keys)).accounts.map((account) => account.name)).toEqual([name]);
});
