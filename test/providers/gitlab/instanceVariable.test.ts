import { afterAll, beforeAll, expect, test } from "vitest";
import { instanceVariable } from "../../../providers/gitlab/instanceVariable";
import type { Context } from "../../../providers/host/provider";
import type { Sandbox } from "../../../workshop/sandbox/controls";
import { startSandbox } from "../../../workshop/sandbox/sandbox";
import { incident } from "../../../workshop/sandbox/worlds/incident";

const declared = { key: "INSTANCE_TOKEN", value: "the-new-value" };
const names = ["GITLAB_BASE_URL", "GITLAB_TOKEN", "OP_CONNECT_HOST", "OP_CONNECT_TOKEN", "PAT_ROTATION_AS_OF"];
const kept = Object.fromEntries(names.map((name) => [name, process.env[name]]));
const said: string[] = [];
const say = (message: string) => {
  said.push(message);
};
const context: Context = {
  urn: "urn",
  name: "token",
  signal: new AbortController().signal,
  log: { info: say, warn: say, status: say },
};

let sandbox: Sandbox;
beforeAll(async () => {
  const world = incident();
  sandbox = await startSandbox({
    world: {
      ...world,
      instanceVariables: [{ key: "INSTANCE_TOKEN", value: "the-old-value", masked: true, protected: true }],
      credentials: { ...world.credentials, gitlab: "admin" },
    },
  });
  Object.assign(process.env, sandbox.environment);
});
afterAll(async () => {
  for (const name of names) {
    if (kept[name] === undefined) delete process.env[name];
    else process.env[name] = kept[name];
  }
  await sandbox.stop();
});

const stored = (key: string) => sandbox.gitlab.state.instanceVariables.find((one) => one.key === key);

test("a variable of the instance that exists is taken over, and keeps what is not declared", async () => {
  const { id, outputs } = await instanceVariable.create(declared, context);
  expect(id).toBe("INSTANCE_TOKEN");
  expect(outputs).toEqual({
    ...declared,
    description: "",
    masked: true,
    protected: true,
    raw: false,
    variableType: "env_var",
  });
  expect(stored("INSTANCE_TOKEN")).toMatchObject({ value: "the-new-value", masked: true, protected: true });
});

test("one that is not there is made, read back and deleted", async () => {
  const fresh = { key: "FRESH", value: "a-fresh-value", masked: true };
  const { id, outputs } = await instanceVariable.create(fresh, context);
  expect(stored("FRESH")).toMatchObject({ value: "a-fresh-value", masked: true });
  const read = await instanceVariable.read({ id, inputs: fresh, outputs }, context);
  expect(read).toEqual({ id, inputs: fresh, outputs });
  await instanceVariable.delete({ id, inputs: fresh, outputs }, context);
  expect(stored("FRESH")).toBeUndefined();
  expect(await instanceVariable.read({ id, inputs: fresh, outputs }, context)).toBeUndefined();
});

test("another key is another variable; a scope it has none", () => {
  const { id, inputs } = { id: "INSTANCE_TOKEN", inputs: declared };
  const outputs = { ...declared, description: "", masked: true, protected: true, raw: false, variableType: "env_var" };
  const changes = (now: typeof declared) => instanceVariable.diff({ id, inputs, outputs }, now).changes;
  expect(changes(declared)).toEqual({});
  expect(changes({ ...declared, value: "another-value" })).toEqual({ value: "update" });
  expect(changes({ ...declared, key: "OTHER" })).toEqual({ key: "update-replace" });
});
