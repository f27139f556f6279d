import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Api, trace } from "../../../clients/http";

const token = ["glpat", "made-for-this-test-00"].join("-");
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trace-"));
  file = join(folder, "trace");
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const lines = () => readFileSync(file, "utf8").trimEnd().split("\n");

test("each request is a line: when, where to, what came of it, how long it took; each try has its own", async () => {
  const server = createServer((request, response) => {
    if (request.url?.includes("moved")) response.writeHead(301, { location: `/api/v4/there?key=${token}` }).end();
    else response.writeHead(request.method === "GET" ? 200 : 403, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("PAT_ROTATION_TRACE", file);
  const api = new Api({
    service: "GitLab",
    baseUrl: `http://127.0.0.1:${port}/api/v4`,
    headers: { "PRIVATE-TOKEN": token },
  });
  await api.request("GET", "/user", { query: { page: 2, filter: token } });
  await api.request("GET", "/moved");
  await api.request("POST", "/variables", { body: { value: token } }).catch(() => undefined);
  await api.request("GET", `/items/${token}`);
  await new Promise((done) => server.close(done));
  const told = lines().map((line) =>
    line.replace(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /, "").replace(/\d+ ms/, "n ms"),
  );
  expect(told).toEqual([
    "GitLab: GET /api/v4/user?page&filter 200 (n ms)",
    "GitLab: GET /api/v4/moved 301 (n ms)",
    "GitLab: GET /api/v4/there?key 200 (n ms)",
    "GitLab: POST /api/v4/variables 403 (n ms)",
    "GitLab: GET /api/v4/items/[what looks like a credential] 200 (n ms)",
  ]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("what came in place of an answer is told, and whose request it was", async () => {
  vi.stubEnv("PAT_ROTATION_TRACE", file);
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  const api = new Api({ service: "1Password Connect", baseUrl: `http://127.0.0.1:${port}`, headers: {} });
  await expect(api.request("GET", "/v1/vaults", { signal: AbortSignal.timeout(300) })).rejects.toThrow("ECONNREFUSED");
  expect(lines()[0]).toMatch(/Z 1Password Connect: GET \/v1\/vaults ECONNREFUSED \(\d+ ms\)$/);
});

test("a path that breaks a line stays on one, and a file that cannot be written changes nothing", () => {
  const one = { service: "GitLab", method: "GET", path: "/a\n2026 GitLab: DELETE /b", found: 200, milliseconds: 1 };
  trace(one, { PAT_ROTATION_TRACE: file });
  expect(lines()).toHaveLength(1);
  expect(() => {
    trace(one, { PAT_ROTATION_TRACE: folder });
    trace(one, {});
  }).not.toThrow();
});
