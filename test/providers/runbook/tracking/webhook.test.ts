import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { notify } from "../../../../providers/runbook/tracking/webhook";

let server: Server;
let answers: number[];
let bodies: unknown[];
let said: string[];
const say = (message: string) => said.push(message);
const context = {
  urn: "urn",
  name: "inventory",
  signal: new AbortController().signal,
  log: { info: say, warn: say, status: say },
};
const event = {
  event: "rotated",
  id: "rotated",
  text: "The token is rotated.",
  issue: "https://gitlab.example.com/security/tracker/-/issues/1",
  fleet: "platform",
  account: "inventory",
  generation: "2026-11-23",
} as const;

beforeEach(async () => {
  answers = [];
  bodies = [];
  said = [];
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      bodies.push(JSON.parse(text));
      response.writeHead(answers.shift() ?? 200, { location: "/elsewhere" }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const env = (path = "/hooks/secret-part") => ({
  PAT_ROTATION_WEBHOOK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
  PAT_ROTATION_AS_OF: "2026-11-23T07:10:00.000Z",
  GITLAB_BASE_URL: "http://127.0.0.1:1",
  // Only with a sandbox's token the day is taken from the environment.
  GITLAB_TOKEN: ["glpat", "SANDBOX-ONLY", "any"].join("-"),
});

test("the webhook is told facts as JSON", async () => {
  await notify(event, context, env());
  expect(bodies).toEqual([
    {
      version: 1,
      id: "platform/inventory/2026-11-23/rotated",
      event: "rotated",
      fleet: "platform",
      account: "inventory",
      generation: "2026-11-23",
      at: "2026-11-23T07:10:00.000Z",
      text: "The token is rotated.",
      issue: "https://gitlab.example.com/security/tracker/-/issues/1",
    },
  ]);
  expect(said).toEqual([]);
});

test("nothing is sent when none is configured", async () => {
  await notify(event, context, {});
  expect(bodies).toEqual([]);
});

test("it is tried once more, and then it is a warning that does not show the address", async () => {
  answers = [500];
  await notify(event, context, env());
  expect(bodies).toHaveLength(2);
  expect(said).toEqual([]);
  answers = [500, 302];
  await notify(event, context, env());
  expect(bodies).toHaveLength(4);
  expect(said.join()).toContain("it answered 302");
  expect(said.join()).not.toContain("secret-part");
});

test("an address without encryption is refused, as is one that nobody listens at", async () => {
  await notify(event, context, { ...env(), PAT_ROTATION_WEBHOOK_URL: "http://hooks.example.com/secret-part" });
  expect(said.join()).toContain("no https:// address");
  await notify(event, context, { ...env(), PAT_ROTATION_WEBHOOK_URL: "http://127.0.0.1:1/secret-part" });
  expect(said.join()).toContain("could not be reached");
  expect(said.join()).not.toContain("secret-part");
});
