import { copyFileSync, cpSync, mkdtempSync, readFileSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { Snapshot } from "../../../../workshop/engine/planning/snapshot";
import { Backend } from "../../../../workshop/engine/state/backend";
import type { ResourceState } from "../../../../workshop/engine/state/deployment";
import { Crypter } from "../../../../workshop/engine/state/secrets";

let crypter: Crypter;

beforeAll(async () => {
  crypter = new Crypter("x");
});

function backendIn(folder: string): Backend {
  return new Backend({ PULUMI_BACKEND_URL: pathToFileURL(folder).href }, "proj", "dev");
}

/** What the state in a folder holds. */
async function loaded(folder: string) {
  const { resources, pending } = (await backendIn(folder).read(crypter)).before;
  return { resources, pending };
}

const padding = "p".repeat(2000);

function resource(name: string, more: Partial<ResourceState> = {}): ResourceState {
  const urn = `urn:pulumi:dev::proj::fixture:index:Thing::${name}`;
  return { urn, custom: true, id: name, type: "fixture:index:Thing", inputs: { padding }, ...more };
}

/** A stack that is large enough to be journalled, its run not ended: as a kill leaves it. */
async function largeRun(folder: string, count: number) {
  const backend = backendIn(folder);
  await backend.create(crypter);
  const session = await backend.open(crypter);
  const state = new Snapshot(session.before.resources, session);
  const create = async (name: string) =>
    state.commit({ join: resource(name) }, await state.begin("creating", resource(name)));
  for (let index = 0; index < count; index++) await create(`r${index}`);
  return { backend, session, state, create };
}

test("after a kill nothing is lost for which a promise was kept, and what was in flight is pending", async () => {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  const { session, state } = await largeRun(folder, 300);
  const first = state.news.get(resource("r0").urn);
  if (!first) throw new Error("the resource is missing");
  await state.commit({ put: [[first, undefined]] });
  await state.begin("creating", resource("in flight"));

  const after = mkdtempSync(join(tmpdir(), "journal-"));
  cpSync(folder, after, { recursive: true });
  const found = await loaded(after);
  expect(found.resources).toStrictEqual(Array.from({ length: 299 }, (_, at) => resource(`r${at + 1}`)));
  expect(found.pending.map(({ resource: { id } }) => id)).toStrictEqual(["in flight"]);

  await backendIn(after).cancel();
  const journal = join(after, ".pulumi/stacks/proj/dev.journal");
  expect(statSync(journal, { throwIfNoEntry: false })).toBeUndefined();
  expect(await loaded(after)).toStrictEqual(found);
  await session.close();
});

test("cut at any byte, the journal gives a state that was", async () => {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  const { session, create } = await largeRun(folder, 270);
  const file = join(folder, ".pulumi/stacks/proj/dev.json");
  const kept = mkdtempSync(join(tmpdir(), "journal-"));
  copyFileSync(file, join(kept, "before.json"));
  const journal = join(folder, ".pulumi/stacks/proj/dev.journal");
  const from = statSync(journal).size;
  await create("last");
  const to = statSync(journal).size;
  const cut = mkdtempSync(join(tmpdir(), "journal-"));
  cpSync(folder, cut, { recursive: true });
  copyFileSync(join(kept, "before.json"), join(cut, ".pulumi/stacks/proj/dev.json"));
  const seen = new Set<string>();
  for (let size = to; size >= from; size -= 97) {
    truncateSync(join(cut, ".pulumi/stacks/proj/dev.journal"), size);
    const { resources, pending } = await loaded(cut);
    seen.add(`${resources.length} and ${pending.length} pending`);
  }
  expect([...seen]).toStrictEqual(["271 and 0 pending", "270 and 1 pending", "270 and 0 pending"]);
  await session.close();
}, 120_000);

test("a step of a large state costs what it adds, not what there is", async () => {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  const { session, create } = await largeRun(folder, 270);
  const [file, journal] = ["json", "journal"].map((name) => join(folder, `.pulumi/stacks/proj/dev.${name}`));
  const sizes = () => [statSync(file ?? "").ino, statSync(journal ?? "").size] as const;
  const before = sizes();
  await create("last");
  const after = sizes();
  // Replaced files have another inode. The resource is written twice, as pending and as done.
  expect(after[0]).toBe(before[0]);
  expect(after[1] - before[1]).toBeLessThan(3 * JSON.stringify(resource("last")).length);
  await session.close();
});

test("a run that ended leaves no journal, and a whole file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  const { backend, session } = await largeRun(folder, 300);
  await session.close();
  const journal = join(folder, ".pulumi/stacks/proj/dev.journal");
  expect(statSync(journal, { throwIfNoEntry: false })).toBeUndefined();
  expect((await backend.read(crypter)).before.resources).toHaveLength(300);
});

test("a journal that continues another state adds nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  const { backend, session } = await largeRun(folder, 300);
  const file = join(folder, ".pulumi/stacks/proj/dev.json");
  const journal = join(folder, ".pulumi/stacks/proj/dev.journal");
  copyFileSync(journal, `${journal}.kept`);
  await session.close();
  copyFileSync(`${journal}.kept`, journal);
  const before = readFileSync(file, "utf8");
  await backend.cancel();
  expect(readFileSync(file, "utf8")).toBe(before);
});

test("while there is a journal the state says so in words that the Pulumi CLI shows when it refuses it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  const { session } = await largeRun(folder, 300);
  const file = join(folder, ".pulumi/stacks/proj/dev.json");
  const head = () => {
    const { version, features } = JSON.parse(readFileSync(file, "utf8"));
    return { version, features };
  };
  expect(head()).toStrictEqual({
    version: 4,
    features: ["a journal beside it (`cancel` of the embedded engine makes one of both)"],
  });
  await session.close();
  expect(head()).toStrictEqual({ version: 3, features: undefined });
});
