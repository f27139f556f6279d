import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { removeEmptyAttributes } from "../../engines/folderState";

let folder: string;
let backend: string;

const files = { "prod.json": "{}", "prod.json.attrs": "", "eu.json": "", "eu.json.attrs": "{}", "eu.json.bak": "" };
const there = () => Object.keys(files).filter((name) => existsSync(join(backend, ".pulumi/stacks/pat-rotation", name)));
const mended = ["prod.json", "eu.json", "eu.json.attrs", "eu.json.bak"];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "folder-state-"));
  backend = join(folder, "my state");
  const stacks = join(backend, ".pulumi/stacks/pat-rotation");
  mkdirSync(stacks, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(stacks, name), text);
  vi.stubEnv("HOME", folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** As `pulumi login` leaves it. */
function login(home: string, url: string): void {
  mkdirSync(join(folder, home), { recursive: true });
  writeFileSync(join(folder, home, "credentials.json"), JSON.stringify({ current: url, accounts: { [url]: {} } }));
}

test("a state elsewhere, or of nobody, is left alone", () => {
  for (const other of [undefined, "s3://bucket", "https://api.pulumi.com", `file://${folder}/none`, "file://%ff"]) {
    removeEmptyAttributes({ PULUMI_BACKEND_URL: other }, folder);
    expect(there()).toHaveLength(5);
  }
});

test.each([
  ["with a blank written out", () => `file://${folder}/my%20state`],
  ["with a blank as it is", () => `file://${folder}/my state`],
  ["with options", () => `file://${folder}/my%20state?no_tmp_dir=true`],
  ["from home", () => "file://~/my%20state"],
  ["relative to the project", () => "file://./my%20state"],
])("of a state in a folder that is named %s an empty file of attributes goes, and nothing else", (_, url) => {
  removeEmptyAttributes({ PULUMI_BACKEND_URL: url() }, folder);
  expect(there()).toEqual(mended);
});

test("the attributes of the backend itself go as well when they are empty, and only then", () => {
  const meta = join(backend, ".pulumi/meta.yaml.attrs");
  for (const [text, isKept] of [
    ["{}", true],
    ["", false],
  ] as const) {
    writeFileSync(meta, text);
    removeEmptyAttributes({ PULUMI_BACKEND_URL: `file://${folder}/my%20state` }, folder);
    expect(existsSync(meta)).toBe(isKept);
  }
});

test("a backend that the project names is found, and the environment's goes before it", () => {
  writeFileSync(join(folder, "Pulumi.yaml"), 'name: x\nbackend: { url: "file://~/my%20state" }\n');
  removeEmptyAttributes({ PULUMI_BACKEND_URL: "s3://bucket" }, folder);
  expect(there()).toHaveLength(5);
  removeEmptyAttributes({}, folder);
  expect(there()).toEqual(mended);
});

test("a backend that pulumi login chose is found, and the project's goes before it", () => {
  login("home", `file://${folder}/my%20state`);
  const project = join(folder, "Pulumi.yaml");
  writeFileSync(project, "name: x\nbackend: { url: s3://bucket }\n");
  removeEmptyAttributes({ PULUMI_HOME: join(folder, "home") }, folder);
  expect(there()).toHaveLength(5);
  rmSync(project);
  removeEmptyAttributes({ PULUMI_HOME: join(folder, "home") }, folder);
  expect(there()).toEqual(mended);
});

test.each(["PULUMI_CREDENTIALS_PATH", "none"])("the login is found where it is kept: %s", (name) => {
  login(name === "none" ? ".pulumi" : "login", `file://${folder}/my%20state`);
  removeEmptyAttributes({ [name]: join(folder, "login") }, folder);
  expect(there()).toEqual(mended);
});
