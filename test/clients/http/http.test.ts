import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, test, vi } from "vitest";
import {
  Api,
  ApiError,
  Conflict,
  Forbidden,
  mayHaveHappened,
  NotFound,
  RateLimited,
  Refused,
  ServerFault,
  StrangeAnswer,
  Unauthorized,
  Unreachable,
} from "../../../clients/http";
import { askedDelay, delay } from "../../../clients/http/retry";

const secret = ["a", "secret", "of", "ours"].join("-");
let server: Server | undefined;

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

async function serve(handler: Handler): Promise<{ api: Api; requests: string[]; url: string }> {
  const requests: string[] = [];
  const started = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    handler(request, response, requests.length);
  });
  server = started;
  await new Promise<void>((done) => started.listen(0, "127.0.0.1", done));
  const { port } = started.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return { api: apiOf(url), requests, url };
}

function apiOf(baseUrl: string, timeoutMs = 2000): Api {
  return new Api({ service: "GitLab", baseUrl: `${baseUrl}/api/v4`, headers: { "PRIVATE-TOKEN": secret }, timeoutMs });
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

afterEach(async () => {
  vi.useRealTimers();
  server?.closeAllConnections();
  await new Promise((done) => (server === undefined ? done(undefined) : server.close(done)));
  server = undefined;
});

describe("a read", () => {
  it("is tried again after 5xx, and its answer parsed", async () => {
    const { api, requests } = await serve((_, response, count) =>
      count === 1 ? json(response, 502, {}, { "retry-after": "0" }) : json(response, 200, { id: 1 }),
    );
    expect((await api.request("GET", "/user", { query: { page: 2, left: undefined } })).body).toEqual({ id: 1 });
    expect(requests).toEqual(["GET /api/v4/user?page=2", "GET /api/v4/user?page=2"]);
  });

  it("waits as long as Retry-After says", async () => {
    const { api } = await serve((_, response, count) =>
      count === 1 ? response.writeHead(429, { "retry-after": "1" }).end("Retry later") : json(response, 200, []),
    );
    const start = performance.now();
    await api.request("GET", "/user");
    expect(performance.now() - start).toBeGreaterThanOrEqual(990);
  });

  it("is given up after five tries", async () => {
    const { api, requests } = await serve((_, response) => json(response, 503, {}, { "retry-after": "0" }));
    await expect(api.request("GET", "/user")).rejects.toBeInstanceOf(ServerFault);
    expect(requests).toHaveLength(5);
  });

  it("comes back as often as a server asks for it within two minutes", async () => {
    const { api, requests } = await serve((_, response, count) =>
      count <= 6 ? json(response, 429, {}, { "retry-after": "0" }) : json(response, 200, []),
    );
    const start = performance.now();
    await api.request("GET", "/user");
    expect(requests).toHaveLength(7);
    // What a server may ask for at first is too often in the long run.
    expect(performance.now() - start).toBeGreaterThanOrEqual(1_990);
  });

  it("is given up after five tries where the server does not say how long to wait", async () => {
    const { api, requests } = await serve((_, response, count) =>
      json(response, 429, {}, count < 5 ? { "retry-after": "0" } : {}),
    );
    await expect(api.request("GET", "/user")).rejects.toBeInstanceOf(RateLimited);
    expect(requests).toHaveLength(5);
  });

  it("is not tried again when the wait asked for is beyond two minutes, and neither is anything else", async () => {
    // Well within a minute: what is told is a time to the minute.
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-23T06:30:10Z") });
    const { api, requests } = await serve((_, response) => json(response, 429, {}, { "retry-after": "3000" }));
    const refused = await Promise.all(
      (["GET", "POST"] as const).map(async (method, at) => {
        await (at === 0 ? undefined : vi.waitFor(() => expect(requests).toHaveLength(1)));
        return api.request(method, "/user").catch((error: unknown) => error);
      }),
    );
    expect(refused[0]).toBeInstanceOf(RateLimited);
    const later = await Promise.all(
      [api.request("GET", "/a"), api.request("POST", "/b")].map((one) => one.catch(String)),
    );
    const until = "GitLab's limit of requests is used up until 2026-11-23 07:21 UTC";
    expect(later).toEqual([
      `RateLimited: GET /a: ${until}; the next run does what is left`,
      `RateLimited: POST /b: ${until}; the next run does what is left`,
    ]);
    expect(requests.length).toBeLessThanOrEqual(2);
  });

  it("is tried again when the answer is lost", async () => {
    const { api, requests } = await serve((request, response, count) =>
      count === 1 ? request.socket.destroy() : json(response, 200, "here"),
    );
    expect((await api.request("GET", "/user")).body).toBe("here");
    expect(requests).toHaveLength(2);
  });

  it("follows a project that moved on the same server", async () => {
    const { api, requests } = await serve((_, response, count) =>
      count === 1 ? response.writeHead(301, { location: "/api/v4/new" }).end("moved") : json(response, 200, 1),
    );
    expect((await api.request("GET", "/old")).body).toBe(1);
    expect(requests).toEqual(["GET /api/v4/old", "GET /api/v4/new"]);
  });

  it("carries the credential to no other server", async () => {
    const { api, requests } = await serve((_, response) =>
      response.writeHead(302, { location: "http://127.0.0.1:1/elsewhere" }).end(),
    );
    await expect(api.request("GET", "/old")).rejects.toMatchObject({ status: 302 });
    expect(requests).toHaveLength(1);
  });

  /** That nothing remains for a second. */
  function limit(): Record<string, string> {
    const now = Math.ceil(Date.now() / 1000) * 1000;
    return {
      date: new Date(now).toUTCString(),
      "ratelimit-remaining": "0",
      "ratelimit-reset": `${now / 1000 + 1}`,
    };
  }

  it("leaves the server alone once nothing remains of its limit", async () => {
    const { api } = await serve((_, response, count) => json(response, 200, count, count === 1 ? limit() : {}));
    const start = performance.now();
    await api.request("GET", "/user");
    await api.request("GET", "/user");
    expect(performance.now() - start).toBeGreaterThanOrEqual(990);
  });

  it("leaves the server alone also when an earlier answer, of when something remained, comes after that", async () => {
    const late: (() => void)[] = [];
    const { api } = await serve((request, response) => {
      if (request.url?.endsWith("/early") === true)
        late.push(() => json(response, 200, 1, { "ratelimit-remaining": "1" }));
      else json(response, 200, 2, limit());
    });
    const early = api.request("GET", "/early");
    await vi.waitFor(() => expect(late).toHaveLength(1));
    const start = performance.now();
    await api.request("GET", "/user");
    for (const answer of late) answer();
    await early;
    await api.request("GET", "/user");
    expect(performance.now() - start).toBeGreaterThanOrEqual(990);
  });
});

describe("a write", () => {
  it("is sent once when the server fails, and its outcome is unknown", async () => {
    const { api, requests } = await serve((_, response) =>
      json(response, 500, { message: "500 Internal Server Error" }),
    );
    const error = await api.request("POST", "/x", { body: {} }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ServerFault);
    expect(mayHaveHappened(error)).toBe(true);
    expect(requests).toHaveLength(1);
  });

  it("is sent once when its answer is lost, and its outcome is unknown", async () => {
    const { api, requests } = await serve((request) => request.socket.destroy());
    const error = await api.request("POST", "/x", { body: {} }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Unreachable);
    expect(mayHaveHappened(error)).toBe(true);
    expect(requests).toHaveLength(1);
  });

  it("is sent once when no answer comes in time, and its outcome is unknown", async () => {
    const { url, requests } = await serve(() => {});
    const error = await apiOf(url, 100)
      .request("PUT", "/x", { body: {} })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ name: "Unreachable", outcome: "unknown" });
    expect(requests).toHaveLength(1);
  });

  it("is sent again after 429 when Retry-After has passed", async () => {
    const { api, requests } = await serve((_, response, count) =>
      count === 1 ? response.writeHead(429, { "retry-after": "1" }).end("Retry later") : json(response, 201, { id: 7 }),
    );
    const start = performance.now();
    expect(await api.request("POST", "/x", { body: {} })).toMatchObject({ status: 201, body: { id: 7 } });
    expect(performance.now() - start).toBeGreaterThanOrEqual(990);
    expect(requests).toHaveLength(2);
  });

  it("that was never sent is certainly not carried out, and tried again until the run is cancelled", async () => {
    const { url } = await serve(() => {});
    await new Promise((done) => server?.close(done));
    server = undefined;
    const error = await apiOf(url)
      .request("POST", "/x", { signal: AbortSignal.timeout(700) })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ name: "Unreachable", outcome: "not sent" });
    expect(mayHaveHappened(error)).toBe(false);
  });

  it("under way is let come to its end when the run is cancelled", async () => {
    const abort = new AbortController();
    const { api } = await serve((_, response) => {
      abort.abort();
      setTimeout(() => json(response, 201, { id: 7 }), 50);
    });
    expect((await api.request("POST", "/x", { signal: abort.signal })).body).toEqual({ id: 7 });
    await expect(api.request("GET", "/x", { signal: abort.signal })).rejects.toMatchObject({ outcome: "not sent" });
  });

  it("is not sent when the run was cancelled", async () => {
    const { api, requests } = await serve((_, response) => json(response, 200, {}));
    await expect(api.request("POST", "/x", { signal: AbortSignal.abort() })).rejects.toMatchObject({
      outcome: "not sent",
    });
    expect(requests).toEqual([]);
  });
});

describe("an error", () => {
  it.each([
    [400, Refused],
    [401, Unauthorized],
    [403, Forbidden],
    [404, NotFound],
    [409, Conflict],
    [422, Refused],
    [405, ApiError],
  ])("of status %i has a class of its own", async (status, kind) => {
    const { api, requests } = await serve((_, response) => json(response, status, { message: "said" }));
    const error = await api.request("POST", "/x").catch((e: unknown) => e);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ service: "GitLab", method: "POST", path: "/x", status, serverMessage: "said" });
    expect(requests).toHaveLength(1);
  });

  it.each([401, 403, 404])(
    "of a web page with %i is somebody's in between, and says nothing of rights",
    async (status) => {
      const { api, requests } = await serve((_, response) => {
        response.writeHead(status, { "content-type": "text/html" }).end("<h1>Blocked by policy</h1>");
      });
      const error = await api.request("GET", "/groups/security").catch((e: unknown) => e);
      expect(error).toBeInstanceOf(StrangeAnswer);
      expect(String(error)).toContain(
        `GitLab answered ${status} with a web page: check that "GITLAB_BASE_URL" is its address, and that no proxy`,
      );
      expect(requests).toHaveLength(1);
    },
  );

  it("of a certificate that nobody here knows says what to set, at once", async () => {
    const folder = mkdtempSync(join(tmpdir(), "certificate-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const made = spawnSync("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"],
      ...["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert],
    ]);
    expect(made.status, String(made.stderr)).toBe(0);
    const server = createHttpsServer({ key: readFileSync(key), cert: readFileSync(cert) });
    rmSync(folder, { recursive: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    let connections = 0;
    server.on("connection", () => connections++);
    const api = new Api({ service: "GitLab", baseUrl: `https://localhost:${port}`, headers: {} });
    const error = await api.request("GET", "/user").catch((e: unknown) => e);
    expect(error).toMatchObject({ name: "Unreachable", outcome: "not sent" });
    expect(String(error)).toContain(
      `GitLab at "https://localhost:${port}" is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT): Node.js does not know the authority that signed its certificate`,
    );
    expect(connections).toBe(1);
    await new Promise((resolve) => server.close(resolve));
  });

  it("tells a dead credential from one that is not allowed", async () => {
    const { api } = await serve((_, response, count) =>
      json(
        response,
        401,
        count === 1
          ? { error: "invalid_token", error_description: "Token is expired." }
          : { message: "401 Unauthorized" },
      ),
    );
    await expect(api.request("GET", "/user")).rejects.toMatchObject({ credentialDied: true });
    await expect(api.request("GET", "/user")).rejects.toMatchObject({ credentialDied: false });
  });

  it("names the scope that is missing", async () => {
    const { api } = await serve((_, response) => json(response, 403, { error: "insufficient_scope", scope: "api" }));
    await expect(api.request("GET", "/user")).rejects.toMatchObject({ requiredScope: "api" });
  });

  it.each([
    [{ message: { value: ["is invalid"], base: ["Reference not found"] } }, "value is invalid; Reference not found"],
    [
      { message: { error: "This endpoint has been requested too many times." } },
      "This endpoint has been requested too many times.",
    ],
    [{ error: "name is missing" }, "name is missing"],
    ["a proxy's page", undefined],
  ])("says what the server said: %j", async (body, serverMessage) => {
    const { api } = await serve((_, response) => json(response, 400, body));
    await expect(api.request("PUT", "/x")).rejects.toMatchObject({ serverMessage });
  });

  it("holds neither the credential nor a value sent, even when the server echoes them", async () => {
    const value = ["value", "of", "a", "token"].join("-");
    const { api } = await serve((_, response) => json(response, 400, { message: `${secret} and ${value} are bad` }));
    const error = await api.request("PUT", "/x", { body: { value }, query: { q: value } }).catch((e: unknown) => e);
    const everything = `${error} ${(error as Error).stack} ${JSON.stringify(error)} ${JSON.stringify(Object.entries(error as Error))}`;
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(value);
    expect((error as ApiError).serverMessage).toBe("[secret] and [secret] are bad");
  });

  it("does not hold a credential that the server repeats without the word before it", async () => {
    const { url } = await serve((_, response) => json(response, 401, { message: `${secret} is no token` }));
    const headers = { authorization: `Bearer ${secret}` };
    const error = await new Api({ service: "1Password Connect", baseUrl: url, headers })
      .request("GET", "/vaults")
      .catch((e: unknown) => e);
    expect((error as ApiError).message).toBe("GET /vaults: 1Password Connect answered 401: [secret] is no token");
  });

  it("does not hold a credential that was pasted with a blank in it", async () => {
    const { url } = await serve((_, response) => json(response, 401, { message: "pass wor-d12 is no token" }));
    const error = await new Api({ service: "GitLab", baseUrl: url, headers: { "PRIVATE-TOKEN": "pass wor-d12" } })
      .request("GET", "/user")
      .catch((e: unknown) => e);
    expect((error as ApiError).message).toBe("GET /user: GitLab answered 401: [secret] is no token");
  });

  it("about a credential with a line break does not show it", () => {
    const make = () =>
      new Api({ service: "GitLab", baseUrl: "http://127.0.0.1", headers: { "PRIVATE-TOKEN": `${secret}\n` } });
    expect(make).toThrow(/header "PRIVATE-TOKEN"/);
    expect(make).not.toThrow(new RegExp(secret));
  });
});

describe("the wait before the next try", () => {
  it("grows from half a second, with jitter", () => {
    expect([1, 2, 3, 4].map((attempt) => delay(attempt, undefined, 0.5))).toEqual([500, 1000, 2000, 4000]);
    expect(delay(1, undefined, 0)).toBe(375);
  });

  it("is measured against the server's clock", () => {
    const date = "Mon, 23 Nov 2026 04:00:00 GMT";
    expect(askedDelay(new Headers({ date, "retry-after": "Mon, 23 Nov 2026 04:00:05 GMT" }))).toBe(5000);
    expect(askedDelay(new Headers({ date, "ratelimit-reset": `${Date.parse(date) / 1000 + 7}` }))).toBe(7000);
    expect(askedDelay(new Headers())).toBeUndefined();
  });
});

describe("an answer that no API gives", () => {
  it("is not read without end", async () => {
    const { api, requests } = await serve((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const chunk = Buffer.alloc(2 ** 20, "x");
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", more);
      more();
    });
    await expect(api.request("GET", "/user")).rejects.toThrow(
      'GET /user: GitLab answered more than 32 MiB: check that "GITLAB_BASE_URL" is its address',
    );
    expect(requests).toHaveLength(1);
  });

  it("that drips is given up like one that does not come", async () => {
    let dripping: NodeJS.Timeout | undefined;
    const { url } = await serve((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      dripping = setInterval(() => response.write(" "), 20);
    });
    const write = apiOf(url, 200).request("POST", "/token", { body: {} });
    await expect(write).rejects.toMatchObject({ outcome: "unknown", message: expect.stringContaining("timed out") });
    clearInterval(dripping);
  });

  it.each(["GET", "POST", "DELETE"] as const)("such as a sign-in page is no success of a %s", async (method) => {
    const { api, requests } = await serve((_, response) =>
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<html>Sign in</html>"),
    );
    await expect(api.request(method, "/user")).rejects.toThrow(
      /GitLab answered a web page: check .* no proxy or sign-in page answers in its place/,
    );
    expect(requests).toHaveLength(1);
  });

  it("such as a redirect to another server says where to, and what to check", async () => {
    const { api } = await serve((_, response) =>
      response.writeHead(301, { location: "https://user:word@gitlab.example.com/api/v4/user?x=y" }).end("moved"),
    );
    await expect(api.request("GET", "/user")).rejects.toThrow(
      'GitLab answered 301: a redirect to "https://gitlab.example.com", which is not followed, since our credential would go there. Check that "GITLAB_BASE_URL"',
    );
  });

  it("cannot write into a terminal", async () => {
    const { api } = await serve((_, response) => json(response, 400, { message: "no\u001b[2J\r\nError: all is well" }));
    await expect(api.request("GET", "/user")).rejects.toThrow("GitLab answered 400: no [2J Error: all is well");
  });
});

describe("a wait that no server means", () => {
  it.each(["-5", "-86400", "soon", "1e9"])("such as %j is passed over", (after) => {
    expect(askedDelay(new Headers({ "retry-after": after, date: new Date(0).toUTCString() }))).toBeUndefined();
  });

  it("such as a year ends the request at once", async () => {
    const { api, requests } = await serve((_, response) => json(response, 503, {}, { "retry-after": "31536000" }));
    await expect(api.request("GET", "/user")).rejects.toBeInstanceOf(ServerFault);
    expect(requests).toHaveLength(1);
  });
});

test.each(["localhost:8080", "connect.example.com", "ftp://example.com", `https://user:${secret}@example.com`])(
  "an address such as %s is refused before anything is sent, and not repeated",
  (baseUrl) => {
    for (const service of ["GitLab", "1Password Connect"] as const)
      expect(() => new Api({ service, baseUrl, headers: {} })).toThrow(
        /^cannot talk to [^@]*"(GITLAB_BASE_URL|OP_CONNECT_HOST)" holds no address such as "https:[^@]*$/,
      );
  },
);
