import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { Snapshot } from "../../../../workshop/engine/planning/snapshot";
import { Backend } from "../../../../workshop/engine/state/backend";
import { type ResourceState, secretSignature, signatureKey } from "../../../../workshop/engine/state/deployment";
import { Crypter } from "../../../../workshop/engine/state/secrets";

let crypter: Crypter;

beforeAll(async () => {
  crypter = new Crypter("x");
});

const stackOf = (name: string, folder: string) =>
  new Backend({ PULUMI_BACKEND_URL: pathToFileURL(folder).href }, "proj", name);

async function stackIn(folder = mkdtempSync(join(tmpdir(), "backend-"))) {
  const backend = stackOf("dev", folder);
  if (!backend.exists) await backend.create(crypter);
  return { backend, folder, file: join(folder, ".pulumi/stacks/proj/dev.json") };
}

const provider = "urn:pulumi:dev::proj::pulumi:providers:fixture::default";

function resource(name: string, more: Partial<ResourceState> = {}): ResourceState {
  return {
    urn: `urn:pulumi:dev::proj::fixture:index:Thing::${name}`,
    custom: true,
    id: name,
    type: "fixture:index:Thing",
    ...more,
  };
}

/** The stack, locked by a run. */
async function runOn(backend: Backend, clearPendingCreates = false) {
  const session = await backend.open(crypter, clearPendingCreates);
  return { session, state: new Snapshot(session.before.resources, session) };
}

/** What the state holds. */
async function loaded(backend: Backend) {
  const { resources, pending } = (await backend.read(crypter)).before;
  return { resources, pending };
}

const names = (resources: readonly ResourceState[]) => resources.map(({ urn }) => urn.split("::").at(-1));

test("a created resource is in the state as soon as its end is recorded, and pending until then", async () => {
  const { backend } = await stackIn();
  const { session, state } = await runOn(backend);
  const a = resource("a", { inputs: { size: 1 } });
  const operation = await state.begin("creating", a);
  expect(await loaded(backend)).toStrictEqual({
    resources: [],
    pending: [{ type: "creating", resource: a }],
  });
  await state.commit({ join: a }, operation);
  expect(await loaded(backend)).toStrictEqual({ resources: [a], pending: [] });
  await session.close();
});

test("secrets are ciphertext on disk, and keep it as long as they are not changed", async () => {
  const { backend, file } = await stackIn();
  const secret = { [signatureKey]: secretSignature, value: { deep: ["geheim"] } };
  const { session, state } = await runOn(backend);
  await state.commit({ join: resource("a", { outputs: { token: secret } }) });
  await session.close();
  const written = readFileSync(file, "utf8");
  expect(written).not.toContain("geheim");
  const again = await runOn(backend);
  const before = again.state.olds.get(resource("a").urn);
  if (!before) throw new Error("the resource is missing");
  expect(before.state.outputs).toStrictEqual({ token: secret });
  await again.state.commit({ put: [[before, { ...before.state, protect: true }]] });
  await again.session.close();
  const ciphertext = /"ciphertext":"[^"]+"/;
  expect(readFileSync(file, "utf8").match(ciphertext)?.[0]).toBe(written.match(ciphertext)?.[0] ?? "a ciphertext");
});

test("resources of this run come first, in their order; those it has not come to follow", async () => {
  const { backend } = await stackIn();
  const first = await runOn(backend);
  for (const name of ["a", "b", "c"]) await first.state.commit({ join: resource(name) });
  await first.session.close();
  const { session, state } = await runOn(backend);
  const [a, b, c] = state.left;
  if (!a || !b || !c) throw new Error("a resource is missing");
  await state.commit({ join: b.state, put: [[b, undefined]] });
  await state.commit({ join: resource("d", { dependencies: [b.state.urn] }) });
  await state.commit({ put: [[c, { ...c.state, delete: true }]] });
  await state.commit({ put: [[a, undefined]] });
  await session.close();
  const { resources } = await loaded(backend);
  expect(names(resources)).toStrictEqual(["b", "d", "c"]);
  expect(resources[2]?.delete).toBe(true);
});

test("a failed operation leaves nothing behind", async () => {
  const { backend } = await stackIn();
  const { session, state } = await runOn(backend);
  await state.commit({}, await state.begin("creating", resource("a")));
  await session.close();
  expect(await loaded(backend)).toStrictEqual({ resources: [], pending: [] });
});

test("of what an earlier run left pending only creates stay, until they are cleared", async () => {
  const { backend } = await stackIn();
  const killed = await runOn(backend);
  await killed.state.begin("creating", resource("a"));
  await killed.state.begin("updating", resource("b"));
  await backend.cancel();

  const next = await runOn(backend);
  expect(next.session.before.pending.map(({ type }) => type)).toStrictEqual(["creating", "updating"]);
  await next.state.commit({ join: resource("c") });
  expect((await loaded(backend)).pending).toStrictEqual([{ type: "creating", resource: resource("a") }]);
  await next.session.close();
  const { session } = await runOn(backend, true);
  await session.close();
  expect((await loaded(backend)).pending).toStrictEqual([]);
});

test("a locked stack is refused with who holds it and what to do, and freed by cancel", async () => {
  const { backend } = await stackIn();
  const session = await backend.open(crypter);
  const refusal = await backend.open(crypter).catch((error: unknown) => error);
  expect(String(refusal)).toMatch(
    /the stack is currently locked by 1 lock\(s\)\. Either wait for the other process\(es\) to end or delete the lock file with `pulumi cancel`\.\n {2}file:\/\/\S+\.json: created by \S+@\S+ \(pid \d+\) at /,
  );
  await backend.cancel();
  expect(await backend.locks()).toStrictEqual([]);
  const next = await backend.open(crypter);
  await next.close();
  await session.close();
});

test("a stack that is not there, or is there already", async () => {
  const { backend, folder } = await stackIn();
  const none = stackOf("nix", folder);
  await expect(none.read(crypter)).rejects.toThrow("no stack named 'nix' found");
  await expect(backend.create(crypter)).rejects.toThrow("stack 'dev' already exists");
  expect([backend.exists, none.exists]).toStrictEqual([true, false]);
});

test("a state in which a dependency comes later is refused", async () => {
  const { backend, file } = await stackIn();
  const { session, state } = await runOn(backend);
  const refused = /written: resource \S+::a refers to \S+::b, which does not come before it/;
  await expect(state.commit({ join: resource("a", { dependencies: [resource("b").urn] }) })).rejects.toThrow(refused);
  await expect(state.commit({ join: resource("b") })).rejects.toThrow(refused);
  await expect(session.close()).rejects.toThrow("snapshot integrity failure; it was already written, but is invalid");
  await expect(backend.read(crypter)).rejects.toThrow(
    /refusing to use it: resource \S+::a refers to \S+::b, which does not come before it/,
  );
  expect(readFileSync(`${file}.bak`, "utf8")).toContain('"version":3');
});

test("features of the state that are not known are refused", async () => {
  const { backend, file } = await stackIn();
  const written = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...written, version: 4, features: ["time-travel"] }));
  await expect(backend.read(crypter)).rejects.toThrow(
    "uses features that the embedded engine does not know: time-travel",
  );
});

test("a state that is not whole is told with its file and with the copy of an earlier one", async () => {
  const { backend, file } = await stackIn();
  writeFileSync(file, readFileSync(file, "utf8").slice(0, -1));
  await expect(backend.read(crypter)).rejects.toThrow(
    /dev\.json cannot be read as a state: .+\. A copy from before the last run is beside it \(\.bak\)$/,
  );
});

test("an exported stack can be imported again", async () => {
  const { backend } = await stackIn();
  const { session, state } = await runOn(backend);
  await state.commit({ join: resource("a") });
  await session.close();
  const document = (await backend.read()).export();
  const { backend: other } = await stackIn();
  await other.import(document);
  expect((await loaded(other)).resources).toStrictEqual([resource("a")]);
});

test("a document with secrets in plain text is not imported", async () => {
  const { backend, file } = await stackIn();
  const secret = { [signatureKey]: secretSignature, plaintext: '"geheim"' };
  const deployment = { resources: [resource("a", { outputs: { secret } })] };
  const before = readFileSync(file, "utf8");
  await expect(backend.import({ version: 3, deployment })).rejects.toThrow(
    "a secret in plain text is never stored: export the stack without --show-secrets",
  );
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(await backend.locks()).toStrictEqual([]);
});

test("a provider reference must be to a provider in the state", async () => {
  const { backend } = await stackIn();
  const { session, state } = await runOn(backend);
  const refused = `refers to unknown provider ${provider}::1`;
  await expect(state.commit({ join: resource("a", { provider: `${provider}::1` }) })).rejects.toThrow(refused);
  await expect(session.close()).rejects.toThrow(refused);
});
