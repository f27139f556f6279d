import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OpenBao } from "../../clients/openbao/client";
import { putSecret, readSecret } from "../../clients/openbao/secrets";
import { type Servers, servers } from "../../clients/servers";
import type { Consumer } from "../../contract/types/places";
import { placesOf } from "../../places/declared";
import { servedSecret } from "../../places/openbao/served";
import { writeSecret } from "../../places/openbao/write";
import { openBaoSecret } from "../../providers/runbook/openBaoSecret";
import { placeNames } from "../../rotation/checks/names";
import { parseSettings, SettingsError } from "../../rotation/declaration/settings";
import type { Sandbox } from "../../workshop/sandbox/controls";
import type { BaoWorld } from "../../workshop/sandbox/openbao/state";
import { startSandbox } from "../../workshop/sandbox/sandbox";
import { account } from "../rotation/declarations";

const signal = new AbortController().signal;
const where = { mount: "secret", path: "ci/inventory" } as const;
const place: Consumer = { kind: "secret", ...where, field: "token" };

let sandbox: Sandbox;
let at: Servers;

async function start(openBao: BaoWorld = {}): Promise<void> {
  sandbox = await startSandbox({ openBao });
  at = servers({ signal }, sandbox.environment);
}

const held = () => sandbox.openbao?.state.held("secret/ci/inventory");
const asked = () => (sandbox.openbao?.requests ?? []).map(({ method, path, status }) => `${method} ${path} ${status}`);

describe("as it is declared", () => {
  const settings = (openBao: unknown, more: object = {}) => ({
    fleet: "f",
    accounts: [
      {
        name: "inventory",
        account: { group: "security", username: "bot" },
        token: { name: "Inventory", scopes: ["api"] },
        rotation: { startsOn: "2026-11-23" },
        openBao,
        ...more,
      },
    ],
  });
  const faultsOf = (openBao: unknown) => {
    try {
      parseSettings(settings(openBao));
      return [];
    } catch (error) {
      return error instanceof SettingsError ? error.faults.map(({ path, found }) => `${path}: ${found}`) : [error];
    }
  };

  test("the mount and the key have the names that most have", () => {
    const [one] = parseSettings(settings([{ path: "ci/inventory" }])).accounts;
    expect(one?.openBao).toEqual([{ mount: "secret", path: "ci/inventory", field: "token" }]);
    expect(placesOf(one ?? account()).map(({ title }) => title)).toEqual([
      'key "token" of OpenBao secret "secret/ci/inventory"',
    ]);
    expect(placeNames(one ?? account()).map(({ type, name }) => [type, name])).toEqual([
      ["runbook:index:OpenBaoSecret", "inventory/secret/ci/inventory/token"],
    ]);
  });

  test.each([["/ci/inventory"], ["ci/inventory/"], ["ci//inventory"], ["ci inventory"], ["ci?list"]])(
    "%s is no path of a secret",
    (path) => {
      expect(faultsOf([{ path }])).toEqual([`accounts[0].openBao[0].path: "${path}"`]);
    },
  );

  test("one key twice is a fault, whatever is left out of it", () => {
    expect(faultsOf([{ path: "a/b" }, { mount: "secret", path: "a/b", field: "token" }])).toEqual([
      'accounts[0].openBao[1]: "secret, a/b, token", which accounts[0].openBao[0] has as well',
    ]);
    expect(faultsOf([{ path: "a/b" }, { path: "a/b", field: "other" }])).toEqual([]);
  });
});

describe("over a server", () => {
  afterEach(() => sandbox.stop());

  test("a value gets into its key by one write; every other key stays, and what is there already is written by none", async () => {
    await start({ secrets: { "secret/ci/inventory": { token: "old", owner: "ops", big: 1, deep: { a: [1] } } } });
    await servedSecret.write(place, { token: "new" }, at);
    expect(held()).toEqual({ token: "new", owner: "ops", big: 1, deep: { a: [1] } });
    await servedSecret.write(place, { token: "new" }, at);
    expect(asked()).toEqual([
      "GET /v1/secret/data/ci/inventory 200",
      "PATCH /v1/secret/data/ci/inventory 200",
      "GET /v1/secret/data/ci/inventory 200",
    ]);
    expect(await servedSecret.look(place, at)).toEqual({ value: "new" });
  });

  test("one that is not there is made; one whose newest version was deleted gets the next", async () => {
    await start();
    expect(await servedSecret.look(place, at)).toEqual({ value: "" });
    await servedSecret.write(place, { token: "first" }, at);
    expect(held()).toEqual({ token: "first" });
    const bao = at.openBao();
    await bao.data("DELETE", "secret/data/ci/inventory");
    expect(await servedSecret.look(place, at)).toEqual({ value: "" });
    expect(await writeSecret(bao, where, "token", "second")).toBe(2);
    expect(held()).toEqual({ token: "second" });
  });

  test("what somebody writes between the look and the write is not lost", async () => {
    await start({ secrets: { "secret/ci/inventory": { token: "old" } } });
    let isFirst = true;
    const unwatch = sandbox.traffic.watch({
      before: ({ method }) => {
        if (method !== "PATCH" || !isFirst) return;
        isFirst = false;
        const secret = sandbox.openbao?.state.made(JSON.stringify(["", "secret", "ci/inventory"]));
        if (secret !== undefined) sandbox.openbao?.state.put(secret, { token: "old", quick: "hand" });
      },
    });
    expect(await writeSecret(at.openBao(), where, "token", "new")).toBe(3);
    unwatch();
    expect(held()).toEqual({ token: "new", quick: "hand" });
    expect(asked().filter((one) => one.startsWith("PATCH"))).toEqual([
      "PATCH /v1/secret/data/ci/inventory 400",
      "PATCH /v1/secret/data/ci/inventory 200",
    ]);
  });

  test("where the answer to a write was lost, it is looked at, and written no second time", async () => {
    await start({ secrets: { "secret/ci/inventory": { token: "old", owner: "ops" } } });
    sandbox.openbao?.inject({ fault: { kind: "lost-answer" }, method: "PATCH", times: 1 });
    expect(await writeSecret(at.openBao(), where, "token", "new")).toBe(2);
    expect(held()).toEqual({ token: "new", owner: "ops" });
    expect(asked().filter((one) => one.startsWith("PATCH"))).toHaveLength(1);
  });

  test('without "patch" the whole is written as it was read; a number that would change is not', async () => {
    const rules = { "secret/data/ci/*": ["read", "update"] };
    await start({ rules, secrets: { "secret/ci/inventory": { token: "old", owner: "ops" } } });
    await servedSecret.write(place, { token: "new" }, at);
    expect(held()).toEqual({ token: "new", owner: "ops" });
    const secret = sandbox.openbao?.state.made(JSON.stringify(["", "secret", "ci/inventory"]));
    if (secret !== undefined) sandbox.openbao?.state.put(secret, { token: "old", id: 2 ** 60 });
    await expect(servedSecret.write(place, { token: "newer" }, at)).rejects.toThrow('Allow "patch" on the path');
    expect(held()).toEqual({ token: "old", id: 2 ** 60 });
  });

  test.each([
    ["nothing", {}, 'may not "read" there'],
    ["to read", { "secret/data/ci/*": ["read"] }, 'may not "update" there'],
    ["to read and update", { "secret/data/ci/*": ["read", "update"] }, undefined],
    ["to read and patch", { "secret/data/ci/*": ["read", "patch"] }, undefined],
  ] as const)("a token that may %s is told before anything is minted, without a write", async (_, rules, fault) => {
    await start({ rules, secrets: { "secret/ci/inventory": { token: "old" } } });
    const found = await servedSecret.faults([where], { account: "inventory", accounts: [] }, at);
    if (fault === undefined) expect(found).toEqual([]);
    else expect(found).toEqual([expect.stringContaining(fault)]);
    expect(held()).toEqual({ token: "old" });
    expect(sandbox.traffic.requests.some(({ method, changesNothing }) => method !== "GET" && !changesNothing)).toBe(
      false,
    );
  });

  test("a mount that is not there, a key that holds no text, and no credential are told with what to do", async () => {
    await start({ secrets: { "secret/ci/inventory": { token: { of: "ours" } } } });
    const faults = (targets: readonly object[], by = at) =>
      servedSecret.faults(targets as [typeof where], { account: "inventory", accounts: [] }, by);
    expect(await faults([where])).toEqual([expect.stringContaining("it holds no text")]);
    expect(await faults([{ ...where, mount: "nowhere" }])).toEqual([
      expect.stringContaining('no engine KV answers at the mount "nowhere"'),
    ]);
    const none = servers({ signal }, { ...sandbox.environment, BAO_ADDR: "", VAULT_ADDR: "" });
    expect(await faults([where], none)).toEqual([
      expect.stringMatching(/^OpenBao cannot be reached: .*"BAO_ADDR" or "VAULT_ADDR".*"secret\/data\/ci\/inventory"$/),
    ]);
  });

  test("the names of the CLIs are read, a namespace is sent, and what is refused holds no value", async () => {
    await start({ mounts: { "": ["secret"], "team/a": ["kv"] } });
    const { BAO_ADDR = "", BAO_TOKEN = "" } = sandbox.environment;
    const env = { VAULT_ADDR: BAO_ADDR, VAULT_TOKEN: BAO_TOKEN, VAULT_NAMESPACE: "team/a" };
    const bao = OpenBao.fromEnvironment(env);
    expect(await writeSecret(bao, { mount: "kv", path: "one" }, "token", "in the namespace")).toBe(1);
    expect((await readSecret(bao, { mount: "kv", path: "one" })).data).toEqual({ token: "in the namespace" });
    const value = randomUUID();
    const refused = await putSecret(bao, { mount: "kv", path: "one" }, { token: value }, 7).catch(String);
    expect(refused).toContain("check-and-set");
    expect(refused).not.toContain(value);
  });
});

describe("the resource", () => {
  const inputs = { ...where, field: "token", value: "one" };
  const said: string[] = [];
  const log = (message: string) => {
    said.push(message);
  };
  const context = { urn: "urn", name: "inventory", signal, log: { info: log, warn: log, status: log } };
  const kept = { ...process.env };

  beforeEach(async () => {
    said.length = 0;
    await start({ secrets: { "secret/ci/inventory": { owner: "ops" } } });
    Object.assign(process.env, sandbox.environment);
  });
  afterEach(async () => {
    for (const name of Object.keys(sandbox.environment))
      if (kept[name] === undefined) delete process.env[name];
      else process.env[name] = kept[name];
    await sandbox.stop();
  });

  test("is made, read as it is, imported by its id, and left in place when it goes", async () => {
    const made = await openBaoSecret.create(inputs, context);
    expect(made).toEqual({ id: "secret:ci/inventory:token", outputs: { ...inputs, version: 2 } });
    const before = { id: made.id, inputs, outputs: made.outputs };
    expect(openBaoSecret.diff?.(before, { ...inputs, value: "two" })).toEqual({ changes: { value: "update" } });
    expect(openBaoSecret.diff?.(before, { ...inputs, path: "b" })).toEqual({ changes: { path: "update-replace" } });
    await writeSecret(at.openBao(), where, "token", "by hand");
    expect((await openBaoSecret.read?.(before, context))?.inputs.value).toBe("by hand");
    expect((await openBaoSecret.read?.({ id: made.id, inputs: {}, outputs: {} }, context))?.outputs).toEqual({
      ...inputs,
      value: "by hand",
      version: 3,
    });
    await openBaoSecret.delete?.(before, context);
    expect(held()).toEqual({ owner: "ops", token: "by hand" });
    expect(said).toEqual([
      'Left in place: key "token" of OpenBao secret "secret/ci/inventory" keeps its value. Take it out in OpenBao if it is no longer needed.',
    ]);
  });

  test("is gone when the key is; what may not be read is kept as it is remembered", async () => {
    const made = await openBaoSecret.create(inputs, context);
    const before = { id: made.id, inputs, outputs: made.outputs };
    const disarm = sandbox.openbao?.inject({ fault: { kind: "server-error", status: 403 } });
    expect(await openBaoSecret.read?.(before, context)).toBe(before);
    expect(said).toEqual([expect.stringContaining("what is remembered of it is kept")]);
    disarm?.();
    await putSecret(at.openBao(), where, { owner: "ops" }, 2);
    expect(await openBaoSecret.read?.(before, context)).toBeUndefined();
  });
});
