import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Metadata, status } from "@grpc/grpc-js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  asset,
  call,
  failure,
  output,
  type Plugin,
  reference,
  secret,
  startPlugin,
  struct,
  unknownText,
  type Wire,
} from "./plugin";

const executable = join(__dirname, "sample", "pulumi-resource-sample");
const credential = "the-operators-own-credential";
const urnOf = (type: string, name = "front") => `urn:pulumi:dev::project::${type}::${name}`;
const safe = urnOf("sample:index:Safe");

let plugin: Plugin;
beforeAll(async () => {
  plugin = await startPlugin(executable, { GITLAB_TOKEN: credential });
});
afterAll(() => plugin.stop());

/** A property would have the engine print its value. */
function reasonsOf(response: protocol.CheckResponse): string[] {
  const faults = response.getFailuresList();
  expect(faults.map((fault) => fault.getProperty())).toEqual(faults.map(() => ""));
  return faults.map((fault) => fault.getReason());
}

async function check(news: Wire, urn = safe, olds: Wire = {}) {
  const request = new protocol.CheckRequest();
  request.setUrn(urn);
  request.setOlds(struct(olds));
  request.setNews(struct(news));
  const response = await call(plugin, plugin.client.check, request);
  return {
    inputs: response.getInputs()?.toJavaScript(),
    failures: reasonsOf(response),
  };
}

async function create(properties: Wire, { preview = false, urn = safe } = {}) {
  const request = new protocol.CreateRequest();
  request.setUrn(urn);
  request.setProperties(struct(properties));
  request.setPreview(preview);
  const response = await call(plugin, plugin.client.create, request);
  return { id: response.getId(), outputs: response.getProperties()?.toJavaScript() };
}

async function diff(oldInputs: Wire, news: Wire, ignored: string[] = []) {
  const request = new protocol.DiffRequest();
  request.setUrn(safe);
  request.setId("safe/front");
  request.setOldInputs(struct(oldInputs));
  request.setOlds(struct({ ...oldInputs, serial: 7 }));
  request.setNews(struct(news));
  request.setIgnorechangesList(ignored);
  return call(plugin, plugin.client.diff, request);
}

function details(response: protocol.DiffResponse) {
  const { UPDATE, UPDATE_REPLACE, ADD, ADD_REPLACE, DELETE, DELETE_REPLACE } = protocol.PropertyDiff.Kind;
  const names = new Map([
    [UPDATE, "update"],
    [UPDATE_REPLACE, "update-replace"],
    [ADD, "add"],
    [ADD_REPLACE, "add-replace"],
    [DELETE, "delete"],
    [DELETE_REPLACE, "delete-replace"],
  ]);
  return Object.fromEntries(
    response
      .getDetaileddiffMap()
      .toArray()
      .map(([path, change]) => [path, names.get((change as unknown as [protocol.PropertyDiff.Kind])[0] ?? ADD)]),
  );
}

describe("what a provider says of itself", () => {
  test("it handles secrets, references and outputs", async () => {
    const answer = await call(plugin, plugin.client.handshake, new protocol.ProviderHandshakeRequest());
    expect(answer.toObject()).toMatchObject({ acceptSecrets: true, acceptResources: true, acceptOutputs: true });
    const configured = await call(plugin, plugin.client.configure, new protocol.ConfigureRequest());
    expect(configured.toObject()).toMatchObject({ acceptsecrets: true, supportspreview: true, acceptoutputs: true });
  });

  test("its version is its schema's", async () => {
    const info = await call(plugin, plugin.client.getPluginInfo, new Empty());
    expect(info.getVersion()).toBe("1.2.3");
    const schema = await call(plugin, plugin.client.getSchema, new protocol.GetSchemaRequest());
    expect(JSON.parse(schema.getSchema())).toMatchObject({ name: "sample", version: "1.2.3" });
  });

  test("it can be attached to an engine afterwards", async () => {
    const request = new PluginAttach();
    request.setAddress("");
    await expect(call(plugin, plugin.client.attach, request)).resolves.toBeInstanceOf(Empty);
  });

  test.each([
    ["Parameterize", () => call(plugin, plugin.client.parameterize, new protocol.ParameterizeRequest())],
    ["Call", () => call(plugin, plugin.client.call, new protocol.CallRequest())],
    ["Construct", () => call(plugin, plugin.client.construct, new protocol.ConstructRequest())],
    ["GetMapping", () => call(plugin, plugin.client.getMapping, new protocol.GetMappingRequest())],
  ])("%s is not served", async (_, attempt) => {
    expect((await failure(attempt())).code).toBe(status.UNIMPLEMENTED);
  });
});

describe("configuration", () => {
  test("is refused, because it would be stored in state, and its value is not repeated", async () => {
    const request = new protocol.CheckRequest();
    request.setNews(
      struct({ version: "1.2.3", pluginDownloadURL: "https://example.com", token: secret("hidden-value") }),
    );
    const response = await call(plugin, plugin.client.checkConfig, request);
    const failures = reasonsOf(response);
    expect(failures).toEqual([expect.stringMatching(/^token: "sample:token" is set, .* environment variables\.$/)]);
    expect(JSON.stringify(failures)).not.toContain("hidden-value");
  });

  test("of Pulumi's own is accepted, and never differs", async () => {
    const request = new protocol.CheckRequest();
    request.setNews(struct({ version: "1.2.3" }));
    const response = await call(plugin, plugin.client.checkConfig, request);
    expect(response.getFailuresList()).toEqual([]);
    expect(response.getInputs()?.toJavaScript()).toEqual({ version: "1.2.3" });
    const answer = await call(plugin, plugin.client.diffConfig, new protocol.DiffRequest());
    expect(answer.getChanges()).toBe(protocol.DiffResponse.DiffChanges.DIFF_NONE);
  });
});

describe("check", () => {
  test("completes inputs with the schema's defaults, then the handler's", async () => {
    expect(await check({ label: "a" })).toEqual({ inputs: { label: "a", owner: "nobody", size: 3 }, failures: [] });
  });

  test("gives the same answer for its own answer", async () => {
    const first = await check({ label: "a", code: secret("opens-it") });
    expect(await check(first.inputs ?? {})).toEqual(first);
  });

  test("keeps secrets secret and unknowns unknown, wherever they are", async () => {
    const { inputs } = await check({
      label: unknownText,
      code: secret("opens-it"),
      shelves: [{ name: secret("top"), pin: "4711-4711" }],
      tags: secret({ colour: "red" }),
    });
    expect(inputs).toMatchObject({
      label: unknownText,
      code: secret("opens-it"),
      shelves: [{ name: secret("top"), pin: secret("4711-4711") }],
      tags: secret({ colour: "red" }),
    });
  });

  test("reads output values, unknown and secret ones, and references as ids", async () => {
    const { inputs, failures } = await check({
      label: output({}),
      code: output({ value: "opens-it", secret: true }),
      owner: reference(urnOf("other:index:Person"), "person-1"),
    });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ label: unknownText, code: secret("opens-it"), owner: "person-1" });
  });

  test("reports every fault at once, with its path", async () => {
    const { failures } = await check({
      size: 1.5,
      shelves: [{ name: "top" }, { pin: 3 }],
      tags: { a: true },
      Owner: "x",
    });
    expect(failures.map((reason) => reason.split(": ")[0])).toEqual([
      "label",
      "Owner",
      "shelves[1].name",
      "shelves[1].pin",
      "size",
      "tags.a",
    ]);
    expect(failures[1]).toBe('Owner: There is no "Owner" here; did you mean "owner"?');
  });

  test("tells no value of what it objects to: it may be a secret that nobody declared as one", async () => {
    const token = ["glpat", "x".repeat(20)].join("-");
    const { failures } = await check({ label: "a", kode: token, size: token, [token]: 1, shelves: [{ pim: token }] });
    expect(failures.map((reason) => reason.split(":")[0])).toEqual([
      '["[secret]"]',
      "kode",
      "shelves[0].name",
      "shelves[0].pim",
      "size",
    ]);
    expect(failures.join()).not.toContain(token);
  });

  test("takes a sentinel of any kind for unknown", async () => {
    const { failures } = await check({ label: "a", size: "3eeb2bf0-c639-47a8-9e75-3b44932eb421" });
    expect(failures).toEqual([]);
  });

  test("asks the handler when the schema is content", async () => {
    expect((await check({ label: "forbidden" })).failures).toEqual(["label: is forbidden"]);
  });

  test("refuses files", async () => {
    const error = await failure(check({ label: asset("content") }));
    expect(error.details).toBe('Reading property "label": it holds a file or an archive; write its content as text.');
  });

  test("of an unknown type names it", async () => {
    const error = await failure(check({}, urnOf("sample:index:Door")));
    expect(error.details).toContain('"sample:index:Door"');
  });
});

describe("diff", () => {
  test("of equal inputs finds nothing, whatever is secret", async () => {
    const response = await diff({ label: "a", code: secret("opens-it") }, { label: "a", code: "opens-it" });
    expect(response.getChanges()).toBe(protocol.DiffResponse.DiffChanges.DIFF_NONE);
    expect(details(response)).toEqual({});
  });

  test("names the member that differs", async () => {
    const response = await diff(
      { label: "a", size: 1, shelves: [{ name: "top" }] },
      { label: "b", shelves: [{ name: "top" }, { name: "low" }], tags: { a: "b" } },
    );
    expect(response.getChanges()).toBe(protocol.DiffResponse.DiffChanges.DIFF_SOME);
    expect(response.getHasdetaileddiff()).toBe(true);
    expect(details(response)).toEqual({ label: "update", size: "delete", "shelves[1]": "add", tags: "add" });
    expect(response.getDiffsList()).toEqual(["label", "shelves", "size", "tags"]);
    expect(response.getReplacesList()).toEqual([]);
    expect(response.getDetaileddiffMap().get("label")?.getInputdiff()).toBe(true);
  });

  test("replaces where the schema says so, and calls such properties stable", async () => {
    const response = await diff({ label: "a", owner: "x" }, { label: "a", owner: "y" });
    expect(details(response)).toEqual({ owner: "update-replace" });
    expect(response.getReplacesList()).toEqual(["owner"]);
    expect(response.getStablesList()).toEqual(["owner"]);
  });

  test("takes an unknown for a change", async () => {
    expect(details(await diff({ label: "a" }, { label: unknownText }))).toEqual({ label: "update" });
  });

  test("passes over what the program ignores", async () => {
    const response = await diff({ label: "a", tags: { a: "1" } }, { label: "a", tags: { a: "2" } }, ["tags.a"]);
    expect(response.getChanges()).toBe(protocol.DiffResponse.DiffChanges.DIFF_NONE);
  });
});

describe("create", () => {
  test("marks as secret what the schema calls so, what came in secret, and any text that holds either", async () => {
    const { id, outputs } = await create({
      label: "opens-it twice",
      code: secret("opens-it"),
      shelves: [{ name: secret("top") }],
    });
    expect(id).toBe("safe/front");
    expect(outputs).toEqual({
      label: secret("opens-it twice"),
      code: secret("opens-it"),
      shelves: [{ name: secret("top") }],
      key: secret("minted-value"),
      note: secret("key minted-value"),
      serial: 7,
    });
  });

  test("in a preview answers unknowns, secret where they will be", async () => {
    const { id, outputs } = await create({ label: "a", code: secret(unknownText) }, { preview: true });
    expect(id).toBe("");
    expect(outputs).toEqual({ label: "a", code: secret(unknownText), key: secret(unknownText), serial: unknownText });
  });

  test("in a preview without a handler answers the inputs, all else unknown", async () => {
    const { outputs } = await create({ label: "a" }, { preview: true, urn: urnOf("sample:index:Plain") });
    expect(outputs).toEqual({ label: "a", made: unknownText });
  });

  test("delivers messages to the resource before it answers, without the secrets", async () => {
    const before = plugin.messages.length;
    await create({ label: "a", code: secret("opens-it") });
    expect(plugin.messages.slice(before)).toEqual([
      { urn: safe, severity: 1, text: "closing front", ephemeral: true },
      { urn: safe, severity: 2, text: "front holds [secret]", ephemeral: false },
    ]);
  });

  test("fails with the handler's message, without the secrets", async () => {
    const error = await failure(create({ label: "fails", code: secret(credential) }));
    expect(error.details).toBe('Opening "fails": [secret] was refused.');
  });

  test.each([
    [6_000, true],
    [250_000, false],
  ])("that half worked with %d words answers, and carries them when they fit: %s", async (words, fits) => {
    const note = "word ".repeat(words);
    const error = await failure(create({ label: "half", tags: { note } }));
    expect(error.metadata.get("grpc-status-details-bin")).toHaveLength(fits ? 1 : 0);
    expect(error.details.includes("too large to be remembered")).toBe(!fits);
  });

  test("that half worked carries what to remember, without the secrets in its words", async () => {
    const error = await failure(create({ label: "half", code: secret("opens-it") }));
    const failed = initFailure(error.metadata);
    expect(failed.getId()).toBe("half-1");
    expect(failed.getReasonsList()).toEqual(["the lock jams", "it was set to [secret]"]);
    expect(failed.getProperties()?.toJavaScript()).toMatchObject({
      label: "half",
      code: secret("opens-it"),
      key: secret("made-in-create"),
      reasons: secret("made-in-create jams"),
    });
    expect(error.details).toBe("the lock jams\nit was set to [secret]");
  });
});

describe("a schema that refers to a type it does not have", () => {
  test("is an error, and not a property that nobody checks", async () => {
    const error = await failure(check({ label: "a" }, urnOf("sample:index:Broken")));
    expect(error.details).toContain('"#/types/sample:index:Missing"');
  });
});

describe("read", () => {
  async function read(id: string, inputs: Wire = {}, outputs: Wire = {}, urn = safe) {
    const request = new protocol.ReadRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setInputs(struct(inputs));
    request.setProperties(struct(outputs));
    const response = await call(plugin, plugin.client.read, request);
    return {
      id: response.getId(),
      inputs: response.getInputs()?.toJavaScript(),
      outputs: response.getProperties()?.toJavaScript(),
    };
  }

  test("of an import, where only the id is known, fills inputs and outputs", async () => {
    expect(await read("safe/7")).toEqual({
      id: "safe/7",
      inputs: { label: "read back", code: "remembered-code" },
      outputs: { label: "read back", code: "remembered-code", key: secret("read-value"), serial: 8 },
    });
  });

  test("keeps secret what was secret", async () => {
    const answer = await read(
      "safe/7",
      { label: "a", code: secret("opens-it") },
      { label: "a", code: secret("opens-it") },
    );
    expect(answer.inputs).toEqual({ label: "a", code: secret("opens-it") });
  });

  test("of what is gone answers an empty id", async () => {
    expect(await read("gone", { label: "a" }, { label: "a" })).toEqual({
      id: "",
      inputs: undefined,
      outputs: undefined,
    });
  });

  test("without a handler answers what is remembered, and refuses an import", async () => {
    const plain = urnOf("sample:index:Plain");
    expect(await read("plain", { label: "a" }, { label: "a" }, plain)).toEqual({
      id: "plain",
      inputs: { label: "a" },
      outputs: { label: "a" },
    });
    const error = await failure(read("plain", {}, {}, plain));
    expect(error.details).toContain("cannot be imported");
  });
});

describe("update, delete and functions", () => {
  async function update(urn: string, preview = false) {
    const request = new protocol.UpdateRequest();
    request.setUrn(urn);
    request.setId("1");
    request.setOldInputs(struct({ label: "a" }));
    request.setOlds(struct({ label: "a", serial: 7, key: secret("minted-value") }));
    request.setNews(struct({ label: preview ? unknownText : "b" }));
    request.setPreview(preview);
    return (await call(plugin, plugin.client.update, request)).getProperties()?.toJavaScript();
  }

  test("an update answers the new outputs", async () => {
    expect(await update(safe)).toEqual({ label: "b", serial: 7, key: secret("minted-value") });
  });

  test("a previewed one overlays the old outputs with the inputs", async () => {
    expect(await update(safe, true)).toEqual({ label: unknownText, serial: 7, key: secret("minted-value") });
  });

  test("an update of what cannot be updated says so", async () => {
    expect((await failure(update(urnOf("sample:index:Plain")))).details).toContain("cannot be changed in place");
  });

  test("a delete that fails tells no secret", async () => {
    const request = new protocol.DeleteRequest();
    request.setUrn(safe);
    request.setId("stuck");
    request.setProperties(struct({ key: "minted-value" }));
    const error = await failure(call(plugin, plugin.client.delete, request));
    expect(error.details).toBe('Deleting "stuck": it is stuck on [secret].');
  });

  test("a function answers, secret where the schema says so", async () => {
    const request = new protocol.InvokeRequest();
    request.setTok("sample:index:whisper");
    request.setArgs(struct({ word: "psst" }));
    const response = await call(plugin, plugin.client.invoke, request);
    expect(response.getReturn()?.toJavaScript()).toEqual({ heard: secret("psst"), length: 4 });
  });

  test("a function that is not there is named", async () => {
    const request = new protocol.InvokeRequest();
    request.setTok("sample:index:shout");
    expect((await failure(call(plugin, plugin.client.invoke, request))).details).toContain('"sample:index:shout"');
  });
});

describe("the end of a run", () => {
  test("cancel stops handlers that wait, and says so", async () => {
    const own = await startPlugin(executable);
    try {
      const request = new protocol.CreateRequest();
      request.setUrn(safe);
      request.setProperties(struct({ label: "waits" }));
      const waiting = failure(call(own, own.client.create, request));
      await call(own, own.client.getPluginInfo, new Empty());
      await call(own, own.client.cancel, new Empty());
      expect((await waiting).details).toBe("The run was cancelled.");
    } finally {
      await own.stop();
    }
  });

  test.each(["SIGTERM", "SIGINT"] as const)("%s lets handlers answer, then ends the process", async (signal) => {
    const own = await startPlugin(executable);
    try {
      const request = new protocol.CreateRequest();
      request.setUrn(safe);
      request.setProperties(struct({ label: "waits" }));
      const waiting = failure(call(own, own.client.create, request));
      await call(own, own.client.getPluginInfo, new Empty());
      const ended = once(own.process, "exit");
      own.process.kill(signal);
      expect((await waiting).details).toBe("The run was cancelled.");
      expect(await ended).toEqual([0, null]);
    } finally {
      await own.stop();
    }
  });

  test("a parent that is killed takes the provider with it", async () => {
    const script = `
      const child = require("node:child_process").spawn(${JSON.stringify(executable)}, { stdio: ["ignore", "pipe", "ignore"] });
      child.stdout.once("data", () => console.log(child.pid));
    `;
    const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const [pid] = await once(parent.stdout, "data");
    const child = Number(String(pid));
    expect(lives(child)).toBe(true);
    parent.kill("SIGKILL");
    await vi.waitUntil(() => !lives(child), { timeout: 10_000, interval: 100 });
  });

  test("nothing was printed beside the port", () => {
    expect(plugin.printed).toEqual([]);
  });
});

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function initFailure(metadata: Metadata): protocol.ErrorResourceInitFailed {
  const [bytes] = metadata.get("grpc-status-details-bin");
  const [detail] = Status.deserializeBinary(new Uint8Array(bytes as Buffer)).getDetailsList();
  expect(detail?.getTypeName()).toBe("pulumirpc.ErrorResourceInitFailed");
  return protocol.ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
}
