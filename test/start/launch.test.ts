import { execFile } from "node:child_process";
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";

const run = promisify(execFile);
const ROOT = path.resolve(__dirname, "../..");

let project: string;

beforeEach(async () => {
  project = await mkdtemp(path.join(tmpdir(), "launch-"));
  await mkdir(path.join(project, "start"));
  await mkdir(path.join(project, "providers/some"), { recursive: true });
  await mkdir(path.join(project, "node_modules"));
  for (const name of ["bundle.cjs", "cache.cjs", "launch.cjs", "loopback.cjs", "main.cjs", "typescript.cjs"])
    await cp(path.join(ROOT, "start", name), path.join(project, "start", name));
  await mkdir(path.join(project, "node_modules/@pulumi"));
  for (const name of ["@pulumi/pulumi", "esbuild", "tsx"]) {
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

test("who asks for source maps is told the line of the source", async () => {
  await writeFile(
    path.join(project, "providers/some/main.ts"),
    `interface Unseen {\n  a: 1;\n}\nthrow new Error("here");\n`,
  );
  const env = { ...process.env, NODE_OPTIONS: "--enable-source-maps" };
  await expect(launched(env)).rejects.toThrow(`${path.basename(project)}/providers/some/main.ts:4`);
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

test("a bundle that others could have written is not run, nor what a link leads to", async () => {
  expect(await launched()).toBe("one");
  await poison();
  expect(await launched()).toBe("poisoned");
  const cache = path.join(project, "node_modules/.cache/pat-rotation");
  expect((await stat(cache)).mode & 0o777).toBe(0o700);
  await chmod(cache, 0o775);
  expect(await launched()).toBe("one");
  expect((await stat(cache)).mode & 0o777).toBe(0o700);

  await poison();
  await rename(cache, path.join(project, "elsewhere"));
  await symlink(path.join(project, "elsewhere"), cache);
  expect(await launched()).toBe("one");
  expect(await bundles()).toHaveLength(1);
});

test.runIf(process.getuid?.() === 0)("a folder that another user made is not used", async () => {
  expect(await launched()).toBe("one");
  await poison();
  await chown(path.join(project, "node_modules/.cache/pat-rotation"), 12_345, 12_345);
  expect(await launched()).toBe("one");
});

test("TypeScript is not taken from the system's temporary folder, where anybody could have put it, and leaves nothing there", async () => {
  const shared = path.join(project, "shared");
  await mkdir(shared);
  const typed = async (preload: string) => {
    const main = path.join(project, "providers/some/main.ts");
    const { stdout } = await run(process.execPath, ["--require", preload, main], {
      env: { ...process.env, TMPDIR: shared },
    });
    return stdout;
  };
  const tsx = require.resolve("tsx/cjs");
  const ours = path.join(project, "start/typescript.cjs");
  expect(await typed(ours)).toBe("one");
  expect(await readdir(shared)).toEqual([]);
  // What another user would put there for the next run.
  await typed(tsx);
  const [folder = ""] = await readdir(shared);
  for (const name of await readdir(path.join(shared, folder))) await replace(path.join(shared, folder, name));
  expect(await typed(tsx)).toBe("poisoned");
  expect(await typed(ours)).toBe("one");
});

test("the program is index.ts with all that it imports, bundled, but for the SDK, which the starter has loaded", async () => {
  await writeFile(path.join(project, "package.json"), `{ "main": "start/main.cjs" }`);
  const program = async (word: string) => {
    await writeFile(
      path.join(project, "index.ts"),
      `import * as pulumi from "@pulumi/pulumi";\nexport const told: string[] = [${word}, String("mark" in pulumi.log)];\n`,
    );
    const starter = `require("@pulumi/pulumi/log").mark = true; require(${JSON.stringify(project)}).told.join()`;
    const { stdout } = await run(process.execPath, ["--print", starter]);
    return stdout.trim();
  };
  expect(await program(`"one"`)).toBe("one,true");
  expect(await bundles()).toEqual([expect.stringMatching(/^program-/)]);
  expect(await program(`"two"`)).toBe("two,true");
});

/** Has all that lies in the cache say another word. */
async function poison(): Promise<void> {
  for (const name of await bundles()) await replace(path.join(project, "node_modules/.cache/pat-rotation", name));
}

async function replace(file: string): Promise<void> {
  await writeFile(file, (await readFile(file, "utf8")).replaceAll("one", "poisoned"));
}

async function says(word: string): Promise<void> {
  await writeFile(
    path.join(project, "providers/some/main.ts"),
    `const word: string = ${JSON.stringify(word)};\nprocess.stdout.write(word);\n`,
  );
}

async function launched(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const launch = path.join(project, "start/launch.cjs");
  const { stdout } = await run(
    process.execPath,
    ["-e", `require(${JSON.stringify(launch)}).launch(${JSON.stringify(path.join(project, "providers/some"))})`],
    { env },
  );
  return stdout;
}

async function bundles(): Promise<string[]> {
  const names = await readdir(path.join(project, "node_modules/.cache/pat-rotation"));
  return names.filter((name) => name.endsWith(".cjs"));
}
