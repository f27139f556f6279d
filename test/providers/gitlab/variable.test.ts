import { join } from "node:path";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Sandbox } from "../../../workshop/sandbox/controls";
import type { Variable } from "../../../workshop/sandbox/gitlab/records";
import { startSandbox } from "../../../workshop/sandbox/sandbox";
import { call, failure, type Plugin, secret, startPlugin, struct, type Wire } from "../host/plugin";

const executable = join(__dirname, "..", "..", "..", "providers", "gitlab", "pulumi-resource-gitlab");
const project = "security/inventory-builder";
const declared = { project, key: "GITLAB_API_TOKEN", value: secret("the-new-value") };
const types = {
  project: "gitlab:index/projectVariable:ProjectVariable",
  group: "gitlab:index/groupVariable:GroupVariable",
};
const urn = (type: string) => `urn:pulumi:dev::trial::${type}::token`;

let sandbox: Sandbox;
let plugin: Plugin;
let exchanges: { method: string; requestBody: unknown }[] = [];
let variables: Map<string, readonly Variable[]>;
beforeAll(async () => {
  sandbox = await startSandbox();
  plugin = await startPlugin(executable, sandbox.environment);
  variables = new Map(owners().map((owner) => [owner.path, structuredClone(owner.variables)]));
  sandbox.traffic.watch({
    handled: (exchange) => {
      exchanges.push(exchange);
    },
  });
});
afterAll(async () => {
  await plugin.stop();
  await sandbox.stop();
});

let requestsBefore = 0;
beforeEach(() => {
  exchanges = [];
  requestsBefore = sandbox.gitlab.requests.length;
  for (const owner of owners()) {
    owner.variables.splice(0, Infinity, ...structuredClone(variables.get(owner.path) ?? []));
  }
});

function owners() {
  const { projects, groups } = sandbox.gitlab.state;
  return [projects.get(project), groups.get("security")].filter((owner) => owner !== undefined);
}

/** The requests of this test so far, as `PUT 200`. */
const requests = () => sandbox.gitlab.requests.slice(requestsBefore).map(({ method, status }) => `${method} ${status}`);

/** What the server was told by its last write of a kind. */
function told(method: string): unknown {
  return exchanges.filter((exchange) => exchange.method === method).at(-1)?.requestBody;
}

/** The variable as the server has it. */
const stored = (key: string, scope = "*", path = project) =>
  owners()
    .find((owner) => owner.path === path)
    ?.variables.find((one) => one.key === key && one.environmentScope === scope);

async function create(inputs: Wire, type = types.project) {
  const request = new protocol.CreateRequest();
  request.setUrn(urn(type));
  request.setProperties(struct(inputs));
  const response = await call(plugin, plugin.client.create, request);
  return { id: response.getId(), outputs: response.getProperties()?.toJavaScript() ?? {} };
}

async function update(before: { id: string; outputs: Wire }, oldInputs: Wire, inputs: Wire) {
  const request = new protocol.UpdateRequest();
  request.setUrn(urn(types.project));
  request.setId(before.id);
  request.setOldInputs(struct(oldInputs));
  request.setOlds(struct(before.outputs));
  request.setNews(struct(inputs));
  return (await call(plugin, plugin.client.update, request)).getProperties()?.toJavaScript();
}

async function read(id: string, inputs: Wire = {}, outputs: Wire = {}) {
  const request = new protocol.ReadRequest();
  request.setUrn(urn(types.project));
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

async function remove(id: string) {
  const request = new protocol.DeleteRequest();
  request.setUrn(urn(types.project));
  request.setId(id);
  request.setProperties(struct({ key: "GITLAB_API_TOKEN" }));
  await call(plugin, plugin.client.delete, request);
}

async function diff(oldInputs: Wire, inputs: Wire, outputs: Wire = { hidden: false }) {
  const request = new protocol.DiffRequest();
  request.setUrn(urn(types.project));
  request.setId(`${project}:A:*`);
  request.setOldInputs(struct(oldInputs));
  request.setOlds(struct({ ...oldInputs, ...outputs }));
  request.setNews(struct(inputs));
  const response = await call(plugin, plugin.client.diff, request);
  return {
    changed: response.getDiffsList(),
    replaces: response.getReplacesList(),
    deleteFirst: response.getDeletebeforereplace(),
  };
}

describe("create", () => {
  test("takes over a variable that exists: one look, one write of what differs", async () => {
    const before = stored("GITLAB_API_TOKEN");
    const { id, outputs } = await create(declared);
    expect(requests()).toEqual(["GET 200", "PUT 200"]);
    expect(told("PUT")).toEqual({ value: "the-new-value" });
    expect(id).toBe("security/inventory-builder:GITLAB_API_TOKEN:*");
    expect(outputs).toMatchObject({ ...declared, environmentScope: "*", masked: before?.masked, hidden: false });
    expect(stored("GITLAB_API_TOKEN")).toMatchObject({ value: "the-new-value", protected: before?.protected });
  });

  test("writes nothing when all that is declared is there already", async () => {
    await create(declared);
    await create({ ...declared, raw: false });
    expect(requests()).toEqual(["GET 200", "PUT 200", "GET 200"]);
  });

  test("makes one that is not there, with what is declared and no more", async () => {
    const { outputs } = await create({ ...declared, key: "FRESH", protected: true, description: "of the inventory" });
    expect(requests()).toEqual(["GET 404", "POST 201"]);
    expect(told("POST")).toEqual({
      key: "FRESH",
      value: "the-new-value",
      protected: true,
      description: "of the inventory",
    });
    expect(outputs).toMatchObject({ protected: true, masked: false, raw: false, variableType: "env_var" });
  });

  test("keeps apart what has the same key in another scope", async () => {
    const { id } = await create({ ...declared, environmentScope: "review/*" });
    expect(id).toBe("security/inventory-builder:GITLAB_API_TOKEN:review/*");
    await create({ ...declared, value: secret("another-value") });
    expect(stored("GITLAB_API_TOKEN", "review/*")?.value).toBe("the-new-value");
    expect(stored("GITLAB_API_TOKEN")?.value).toBe("another-value");
  });

  test("makes a group's variable", async () => {
    const { id, outputs } = await create(
      { group: "security", key: "SHARED", value: secret("the-new-value") },
      types.group,
    );
    expect(id).toBe("security:SHARED:*");
    expect(outputs).toMatchObject({ group: "security", value: secret("the-new-value") });
    expect(stored("SHARED", "*", "security")?.value).toBe("the-new-value");
  });

  test("remembers the value of a hidden variable, which GitLab never shows", async () => {
    const { id, outputs } = await create({ ...declared, key: "HIDDEN", hidden: true });
    expect(told("POST")).toEqual({ key: "HIDDEN", value: "the-new-value", masked_and_hidden: true });
    expect(outputs).toMatchObject({ value: secret("the-new-value"), hidden: true, masked: true });
    expect((await read(id, declared, outputs)).outputs).toMatchObject({ value: secret("the-new-value") });
  });

  test("refuses to hide one that exists unhidden, and says what to do", async () => {
    const error = await failure(create({ ...declared, hidden: true }));
    expect(error.details).toContain(
      'CI/CD variable "GITLAB_API_TOKEN" of project "security/inventory-builder": it is not hidden',
    );
    expect(requests()).toEqual(["GET 200"]);
  });

  test.each([
    ["a variable that exists", "GITLAB_API_TOKEN", "PUT", ["GET 200", "PUT 200", "GET 200"]],
    ["a new variable", "FRESH", "POST", ["GET 404", "POST 201", "GET 200"]],
  ] as const)(
    "looks again when the answer about %s was lost, and does not write twice",
    async (_, key, method, seen) => {
      sandbox.gitlab.inject({ method, fault: { kind: "lost-answer" } });
      await create({ ...declared, key });
      expect(requests()).toEqual(seen);
      expect(stored(key)?.value).toBe("the-new-value");
    },
  );

  test("names the variable, its owner and the cause when it may not write, and not the value", async () => {
    const error = await failure(create({ ...declared, project: "security/nowhere" }));
    expect(error.details).toContain('Setting CI/CD variable "GITLAB_API_TOKEN" of project "security/nowhere"');
    expect(error.details).toContain("404");
    expect(error.details).not.toContain("the-new-value");
  });

  test("without a credential names the variable to set", async () => {
    const own = await startPlugin(executable, { GITLAB_BASE_URL: sandbox.gitlab.url });
    try {
      const request = new protocol.CreateRequest();
      request.setUrn(urn(types.project));
      request.setProperties(struct(declared));
      expect((await failure(call(own, own.client.create, request))).details).toContain("GITLAB_TOKEN");
    } finally {
      await own.stop();
    }
  });
});

describe("check", () => {
  test.each([
    ["key", { key: "NOT-A-KEY" }],
    ["masked", { hidden: true, masked: false }],
    ["variableType", { variableType: "dotenv" }],
  ])("finds a %s that GitLab would refuse", async (property, wrong) => {
    const request = new protocol.CheckRequest();
    request.setUrn(urn(types.project));
    request.setNews(struct({ ...declared, ...wrong }));
    const response = await call(plugin, plugin.client.check, request);
    expect(response.getFailuresList().map((fault) => fault.getReason().split(": ")[0])).toEqual([property]);
    expect(requests()).toEqual([]);
  });
});

describe("diff", () => {
  const inputs = { project, key: "A", value: "the-old-value" };

  test("sees a new value", async () => {
    expect(await diff(inputs, { ...inputs, value: "the-new-value" })).toMatchObject({
      changed: ["value"],
      replaces: [],
    });
  });

  test("sees nothing in an attribute that is no longer declared", async () => {
    expect(await diff({ ...inputs, masked: true }, inputs)).toMatchObject({ changed: [], replaces: [] });
  });

  test("sees nothing in a scope that is written out", async () => {
    expect(await diff(inputs, { ...inputs, environmentScope: "*" })).toMatchObject({ changed: [] });
  });

  test.each([
    ["project", { project: "security/other" }, true],
    ["key", { key: "B" }, false],
    ["environmentScope", { environmentScope: "production" }, false],
    ["hidden", { hidden: true }, true],
  ])("replaces for another %s", async (property, other, deleteFirst) => {
    expect(await diff(inputs, { ...inputs, ...other })).toEqual({
      changed: [property],
      replaces: [property],
      deleteFirst,
    });
  });
});

describe("update", () => {
  test("writes the new value and no more, in one request", async () => {
    const before = await create(declared);
    const after = await update(before, declared, { ...declared, value: secret("the-next-value") });
    expect(requests()).toEqual(["GET 200", "PUT 200", "PUT 200"]);
    expect(told("PUT")).toEqual({ value: "the-next-value" });
    expect(after).toMatchObject({ value: secret("the-next-value") });
  });

  test("writes a changed attribute without the value", async () => {
    const before = await create({ ...declared, raw: false });
    await update(before, { ...declared, raw: false }, { ...declared, raw: true });
    expect(told("PUT")).toEqual({ raw: true });
  });

  test("makes the variable again when somebody deleted it", async () => {
    const before = await create({ ...declared, key: "FRESH" });
    await remove(before.id);
    const start = requests().length;
    await update(before, { ...declared, key: "FRESH" }, { ...declared, key: "FRESH", value: secret("the-next-value") });
    expect(requests().slice(start)).toEqual(["PUT 404", "GET 404", "POST 201"]);
    expect(stored("FRESH")?.value).toBe("the-next-value");
  });
});

describe("read", () => {
  test("sees what was changed by hand, in what is declared", async () => {
    const { id, outputs } = await create({ ...declared, raw: false });
    Object.assign(stored("GITLAB_API_TOKEN") ?? {}, { value: "by-hand", raw: true, description: "by hand" });
    const found = await read(id, { ...declared, raw: false }, outputs);
    expect(found.inputs).toEqual({ ...declared, value: secret("by-hand"), raw: true });
    expect(found.outputs).toMatchObject({ value: secret("by-hand"), raw: true, description: "by hand" });
  });

  test("of an id alone, as an import does, gives all that a program needs", async () => {
    const found = await read("security/inventory-builder:GITLAB_API_TOKEN:*");
    expect(requests()).toEqual(["GET 200"]);
    expect(found.inputs).toEqual({
      project,
      key: "GITLAB_API_TOKEN",
      value: secret(stored("GITLAB_API_TOKEN")?.value ?? ""),
      environmentScope: "*",
      masked: true,
      protected: stored("GITLAB_API_TOKEN")?.protected,
      raw: false,
      variableType: "env_var",
    });
  });

  test("calls a variable gone when its project can be listed", async () => {
    const { id, outputs } = await create({ ...declared, key: "FRESH" });
    await remove(id);
    const start = requests().length;
    expect((await read(id, { ...declared, key: "FRESH" }, outputs)).id).toBe("");
    expect(requests().slice(start)).toEqual(["GET 404", "GET 200"]);
  });

  test("keeps what is remembered of a project that cannot be seen, and warns", async () => {
    const outputs = { ...declared, project: "security/nowhere", hidden: false };
    const id = "security/nowhere:GITLAB_API_TOKEN:*";
    expect(await read(id, outputs, outputs)).toMatchObject({ id, outputs });
    expect(plugin.messages.slice(-1).map(({ text, severity }) => [severity, text])).toEqual([
      [
        2,
        'The variable "GITLAB_API_TOKEN" cannot be read, because the variables of project "security/nowhere" may not be seen with GITLAB_TOKEN. What is remembered of it is kept.',
      ],
    ]);
  });

  test("keeps what is remembered when the credential is refused, and warns", async () => {
    const own = await startPlugin(executable, { ...sandbox.environment, GITLAB_TOKEN: "no-token-of-anybody" });
    try {
      const request = new protocol.ReadRequest();
      request.setUrn(urn(types.project));
      request.setId("security/inventory-builder:GITLAB_API_TOKEN:*");
      request.setInputs(struct(declared));
      request.setProperties(struct(declared));
      const response = await call(own, own.client.read, request);
      expect(response.getProperties()?.toJavaScript()).toEqual({ ...declared, id: request.getId() });
      expect(own.messages).toHaveLength(1);
    } finally {
      await own.stop();
    }
  });

  test("refuses what is no id", async () => {
    expect((await failure(read("GITLAB_API_TOKEN"))).details).toContain("project:key:environmentScope");
  });
});

describe("delete", () => {
  test("really deletes", async () => {
    await remove("security/inventory-builder:GITLAB_API_TOKEN:*");
    expect(requests()).toEqual(["DELETE 204"]);
    expect(stored("GITLAB_API_TOKEN")).toBeUndefined();
  });

  test("of what is gone already is done", async () => {
    await remove("security/inventory-builder:GONE:*");
    expect(requests()).toEqual(["DELETE 404", "GET 200"]);
  });

  test("of what cannot be seen is an error", async () => {
    const error = await failure(remove("security/nowhere:GONE:*"));
    expect(error.details).toContain('Deleting CI/CD variable "GONE" of project "security/nowhere"');
  });
});
