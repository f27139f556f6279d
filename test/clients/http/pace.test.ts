import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { allowance } from "../../../clients/gitlab/limits";
import { Api, type ApiOptions } from "../../../clients/http";
import { Pace } from "../../../clients/http/pace";

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => (server === undefined ? done(undefined) : server.close(done)));
  server = undefined;
});

/**
 * A server that takes so many requests in each span of time, and answers 429 beyond that; each answer takes 20 ms, and announces
 * what remains where it is asked to.
 */
async function strict(limit: number, seconds: number, announces: boolean) {
  const refused: number[] = [];
  const counts = new Map<number, number>();
  server = createServer((_, response) => {
    const now = Date.now();
    const span = Math.floor(now / (seconds * 1000));
    const count = (counts.get(span) ?? 0) + 1;
    counts.set(span, count);
    const headers = announces
      ? {
          date: new Date(now).toUTCString(),
          "ratelimit-limit": `${limit}`,
          "ratelimit-remaining": `${Math.max(0, limit - count)}`,
          "ratelimit-reset": `${(span + 1) * seconds}`,
        }
      : {};
    if (count > limit) refused.push(count);
    setTimeout(() => response.writeHead(count > limit ? 429 : 200, headers).end(), 20);
  });
  await new Promise<void>((done) => server?.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}`, refused };
}

const all = (api: Api, count: number, path = "/things") =>
  Promise.all(Array.from({ length: count }, () => api.request("GET", path)));

function apiOf(baseUrl: string, published?: ApiOptions["allowance"]): Api {
  return new Api({
    service: "GitLab",
    baseUrl,
    headers: {},
    ...(published === undefined ? {} : { allowance: published }),
  });
}

describe("a limit that the answers announce", () => {
  it("is never exceeded by requests side by side, once one was answered", async () => {
    const { baseUrl, refused } = await strict(20, 2, true);
    const api = apiOf(baseUrl);
    await api.request("GET", "/things");
    await all(api, 45);
    expect(refused).toEqual([]);
  });

  it("is not exceeded by two processes that know nothing of one another, within the part that is left to others", async () => {
    const { baseUrl, refused } = await strict(100, 2, true);
    const [one, other] = [apiOf(baseUrl), apiOf(baseUrl)];
    await Promise.all([one, other].map((api) => api.request("GET", "/things")));
    const inTurn = async (api: Api) => {
      for (let at = 0; at < 80; at++) await all(api, 2);
    };
    await Promise.all([inTurn(one), inTurn(other)]);
    expect(refused).toEqual([]);
  });
});

describe("a limit that is published, and that no answer announces", () => {
  it("is not exceeded in any span of that length, and other requests do not wait for it", async () => {
    const { baseUrl, refused } = await strict(10, 1, false);
    const api = apiOf(baseUrl, (_, path) =>
      path === "/things" ? { kind: "a thing", requests: 10, milliseconds: 1_000 } : undefined,
    );
    const began = performance.now();
    await all(api, 25);
    expect(refused).toEqual([]);
    expect(performance.now() - began).toBeGreaterThan(2_000);
    const pace = new Pace();
    const full = { kind: "a thing", requests: 1, milliseconds: 60_000 };
    pace.begin(full)();
    expect(pace.wait(full)).toBeGreaterThan(59_000);
    expect([pace.wait(), pace.wait({ ...full, kind: "another" })]).toEqual([0, 0]);
  });

  it.each([
    ["GET", "/users/201", 300, 600_000],
    ["GET", "/projects/security%2Frobot", 400, 60_000],
    ["GET", "/groups/security", 400, 60_000],
    ["POST", "/projects/security%2Ftracker/issues", 200, 60_000],
    ["POST", "/projects/security%2Ftracker/issues/1/notes", 60, 60_000],
  ])("is GitLab's own: %s %s", (method, path, requests, milliseconds) => {
    expect(allowance(method, path)).toMatchObject({ requests, milliseconds });
  });

  it.each([
    ["GET", "/users"],
    ["GET", "/projects/1/variables/KEY"],
    ["GET", "/projects/1/issues/1/notes"],
    ["PUT", "/projects/1"],
  ])("is none of %s %s", (method, path) => {
    expect(allowance(method, path)).toBeUndefined();
  });
});

it("of an hour's limit all is used: nobody waits for the next hour", () => {
  const pace = new Pace();
  const now = Date.parse("2026-11-23T07:00:00Z");
  const headers = { date: new Date(now).toUTCString(), "ratelimit-limit": "5000", "ratelimit-remaining": "3" };
  pace.note(new Headers({ ...headers, "ratelimit-reset": `${now / 1000 + 3_000}` }));
  expect(pace.wait()).toBe(0);
  pace.note(new Headers({ ...headers, "ratelimit-remaining": "0", "ratelimit-reset": `${now / 1000 + 3_000}` }));
  expect(pace.wait()).toBe(60_000);
});
