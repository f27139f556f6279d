import { credentials } from "@grpc/grpc-js";
import { ResourceMonitorClient, ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import {
  ReadResourceRequest,
  RegisterResourceHookRequest,
  RegisterResourceRequest,
  ResourceCallRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Monitor } from "../../../workshop/engine/monitor";
import type { Run } from "../../../workshop/engine/run";
import { ask, message } from "../../../workshop/engine/wire";

let monitor: Monitor;
let client: ResourceMonitorClient;

beforeEach(async () => {
  const config = { values: {}, secretKeys: [] };
  const run = { project: { name: "trial", directory: "/" }, stack: "dev", preview: false, parallel: 1, config };
  monitor = new Monitor(run as unknown as Run);
  client = new ResourceMonitorClient(await monitor.listen(), credentials.createInsecure());
});

afterEach(() => {
  client.close();
  monitor.close();
});

const thing = { type: "fixture:index:Thing", name: "a", custom: true, acceptsecrets: true };

test.each([
  ["a remote component", { remote: true }, '"remote" of a resource ("a")'],
  ["a provider of its own", { provider: "urn::id" }, '"provider" of a resource ("a")'],
  ["a provider", { type: "pulumi:providers:x" }, 'providers that a program makes itself ("a")'],
  ["replaceWith", { replaceWithList: ["urn"] }, '"replaceWith" of a resource ("a")'],
  ["deletedWith", { deletedwith: "urn" }, '"deletedwith" of a resource ("a")'],
  ["hideDiffs", { hidediffsList: ["x"] }, '"hidediffs" of a resource ("a")'],
  [
    "a timeout",
    { customtimeouts: message(new RegisterResourceRequest.CustomTimeouts(), { create: "5m" }) },
    '"customtimeouts" of a resource ("a")',
  ],
  ["ignoreChanges within a property", { ignorechangesList: ["a", "a.b"] }, 'the property path "a.b" ("a")'],
  ["replaceOnChanges of a list's items", { replaceonchangesList: ["a[0]"] }, 'the property path "a[0]" ("a")'],
  ["a parameterized package", { packageref: "x" }, '"packageref" of a resource ("a")'],
])("%s is refused", async (_what, fields, text) => {
  const request = message(new RegisterResourceRequest(), { ...thing, ...fields });
  await expect(ask(client, ResourceMonitorService.registerResource, request)).rejects.toMatchObject({
    details: `the embedded engine does not support ${text}; use the Pulumi CLI`,
  });
});

test.each([
  ["call", (client) => ask(client, ResourceMonitorService.call, new ResourceCallRequest())],
  ["readResource", (client) => ask(client, ResourceMonitorService.readResource, new ReadResourceRequest())],
  [
    "registerResourceHook",
    (client) => ask(client, ResourceMonitorService.registerResourceHook, new RegisterResourceHookRequest()),
  ],
] satisfies [string, (client: ResourceMonitorClient) => Promise<unknown>][])(
  "%s is refused",
  async (method, asking) => {
    await expect(asking(client)).rejects.toMatchObject({
      details: `the embedded engine does not support ${method} of a program; use the Pulumi CLI`,
    });
  },
);
