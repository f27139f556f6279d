import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";

const run = promisify(execFile);
const ROOT = path.resolve(__dirname, "../../..");

let project: string;

beforeEach(async () => {
  project = await mkdtemp(path.join(tmpdir(), "launch-"));
  await mkdir(path.join(project, "providers/host"), { recursive: true });
  await mkdir(path.join(project, "providers/some"));
  await mkdir(path.join(project, "node_modules"));
  await cp(path.join(ROOT, "providers/host/launch.cjs"), path.join(project, "providers/host/launch.cjs"));
  for (const name of ["esbuild", "tsx"]) {
    await symlink(path.join(ROOT, "node_modules", name), path.join(project, "node_modules", name));
  }
  await says("one");
});

afterEach(() => rm(project, { recursive: true }));

test("a provider runs as its sources say, at its first start and at later ones", async () => {
  expect(await launched()).toBe("one");
  expect(await launched()).toBe("one");
  expect(await bundles()).toHaveLength(1);
});

test("an edited source is run by the next start", async () => {
  expect(await launched()).toBe("one");
  await says("two");
  expect(await launched()).toBe("two");
});

test("a bundle that is newer than its sources is run as it is, and one older than the installed packages is not", async () => {
  expect(await launched()).toBe("one");
  const [bundle = ""] = await bundles();
  const file = path.join(project, "node_modules/.cache/pat-rotation", bundle);
  await writeFile(file, (await readFile(file, "utf8")).replaceAll("one", "bundled"));
  expect(await launched()).toBe("bundled");
  const installed = path.join(project, "node_modules/.package-lock.json");
  await writeFile(installed, "{}");
  const later = new Date(Date.now() + 1_000);
  await utimes(installed, later, later);
  expect(await launched()).toBe("one");
});

test("a source that came later is run, however old it says it is, as one out of an archive does", async () => {
  expect(await launched()).toBe("one");
  await says("two");
  const before = new Date(Date.now() - 3_600_000);
  for (const name of ["main.ts", "."]) await utimes(path.join(project, "providers/some", name), before, before);
  expect(await launched()).toBe("two");
});

test("ten at once run it, and leave one whole bundle", async () => {
  const all = await Promise.all(Array.from({ length: 10 }, () => launched()));
  expect(all).toEqual(Array(10).fill("one"));
  expect(await bundles()).toHaveLength(1);
});

test("where no bundle can be written, the sources run", async () => {
  await writeFile(path.join(project, "node_modules/.cache"), "");
  expect(await launched()).toBe("one");
});

async function says(word: string): Promise<void> {
  await writeFile(
    path.join(project, "providers/some/main.ts"),
    `const word: string = ${JSON.stringify(word)};\nprocess.stdout.write(word);\n`,
  );
}

async function launched(): Promise<string> {
  const launch = path.join(project, "providers/host/launch.cjs");
  const { stdout } = await run(process.execPath, [
    "-e",
    `require(${JSON.stringify(launch)}).launch(${JSON.stringify(path.join(project, "providers/some"))})`,
  ]);
  return stdout;
}

function bundles(): Promise<string[]> {
  return readdir(path.join(project, "node_modules/.cache/pat-rotation"));
}
