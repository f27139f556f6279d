import { describe, expect, test, vi } from "vitest";
import { startSandbox } from "../../../workshop/sandbox/sandbox";
import { type Exchange, isWrite } from "../../../workshop/sandbox/traffic";
import { fleet, lookAlikes } from "../../../workshop/sandbox/worlds/fleet";
import { workSince } from "../../work";
import { call, connectOf, gitlabOf, useSandbox } from "./harness";

describe("what passes through", () => {
  const sandbox = useSandbox();

  test("the log holds both servers' requests in order, and no credential", async () => {
    await gitlabOf(sandbox())("GET", "/groups/security/service_accounts?per_page=1");
    await connectOf(sandbox())("GET", "/v1/vaults");
    expect(sandbox().traffic.requests).toEqual([
      {
        number: 1,
        at: expect.any(String),
        service: "gitlab",
        method: "GET",
        path: "/api/v4/groups/security/service_accounts",
        query: "per_page=1",
        status: 200,
      },
      {
        number: 2,
        at: expect.any(String),
        service: "onepassword",
        method: "GET",
        path: "/v1/vaults",
        query: "",
        status: 200,
      },
    ]);
    expect(sandbox().gitlab.requests).toHaveLength(1);
    expect(sandbox().onepassword.requests).toHaveLength(1);
  });

  test("watchers are told before, when it is done, and when the answer has left", async () => {
    const seen: [string, Exchange][] = [];
    const note = (phase: string) => (exchange: Exchange) => void seen.push([phase, exchange]);
    const end = sandbox().traffic.watch({
      before: (request) => void seen.push(["before", { ...request, requestBody: 0, responseBody: 0 }]),
      handled: note("handled"),
      answered: note("answered"),
    });
    const variables = "/groups/security/variables";
    await gitlabOf(sandbox())("POST", variables, { key: "A", value: "b" });
    await vi.waitFor(() => expect(seen).toHaveLength(3));
    end();
    await gitlabOf(sandbox())("GET", variables);
    expect(seen.map(([phase, { status }]) => [phase, status])).toEqual([
      ["before", 0],
      ["handled", 201],
      ["answered", 201],
    ]);
    expect(seen[1]?.[1].requestBody).toEqual({ key: "A", value: "b" });
  });

  test("every value ever issued is known, those of before the start included", async () => {
    const before = sandbox().gitlab.issuedTokens();
    expect(before).toContain(sandbox().gitlab.tokenValue("inventory-hand-made"));
    const { body } = await gitlabOf(sandbox())("POST", "/groups/security/service_accounts/201/personal_access_tokens", {
      name: "n",
      scopes: ["api"],
    });
    expect(sandbox().gitlab.issuedTokens()).toEqual([...before, body.token]);
    expect(
      sandbox()
        .gitlab.liveTokens("gl-security-inventory")
        .map((token) => token.id),
    ).toEqual([body.id]);
  });
});

describe("faults", () => {
  const sandbox = useSandbox();
  const variables = "/groups/security/variables";

  test("a reset connection does nothing", async () => {
    sandbox().gitlab.inject({ fault: { kind: "reset" }, method: "POST" });
    const api = gitlabOf(sandbox());
    await expect(api("POST", variables, { key: "A", value: "b" })).rejects.toThrow();
    expect((await api("GET", variables)).body).toEqual([]);
    expect(sandbox().traffic.requests[0]).toMatchObject({ status: 0, fault: "reset" });
  });

  test("a lost answer did it all the same", async () => {
    sandbox().gitlab.inject({ fault: { kind: "lost-answer" }, method: "POST" });
    const api = gitlabOf(sandbox());
    await expect(api("POST", variables, { key: "A", value: "b" })).rejects.toThrow();
    expect((await api("GET", variables)).body).toHaveLength(1);
    expect(sandbox().traffic.requests[0]).toMatchObject({ status: 201, fault: "lost-answer" });
  });

  test("a lie is 200 with an empty document, and nothing was done", async () => {
    sandbox().gitlab.inject({ fault: { kind: "lie" }, method: "POST" });
    const api = gitlabOf(sandbox());
    const { status, body } = await api("POST", variables, { key: "LIE", value: "b" });
    expect([status, body]).toEqual([200, {}]);
    expect((await api("GET", `${variables}/LIE`)).status).toBe(404);
  });

  test("a truncated answer ends before its last byte, and all was done", async () => {
    sandbox().gitlab.inject({ fault: { kind: "truncated" }, method: "POST" });
    const api = gitlabOf(sandbox());
    await expect(api("POST", variables, { key: "CUT", value: "b" })).rejects.toThrow();
    expect((await api("GET", `${variables}/CUT`)).status).toBe(200);
  });

  test("without a connection the same is answered, and what breaks is an error as fetch throws it", async () => {
    const { GITLAB_BASE_URL: url, GITLAB_TOKEN: token = "" } = sandbox().environment;
    const ask = () => sandbox().send(new Request(`${url}/api/v4/user`, { headers: { "private-token": token } }));
    expect(await (await ask()).json()).toMatchObject({ username: "security-rotation" });
    for (const kind of ["reset", "lost-answer"] as const) {
      sandbox().gitlab.inject({ fault: { kind } });
      await expect(ask()).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
    }
    sandbox().gitlab.inject({ fault: { kind: "truncated" } });
    await expect(ask().then((answer) => answer.text())).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
  });

  test("429 is plain text with Retry-After, 5xx is JSON; the n-th request is hit, as often as asked", async () => {
    sandbox().traffic.inject({ fault: { kind: "rate-limited", retryAfter: 7 }, path: "/variables", nth: 2, times: 2 });
    const api = gitlabOf(sandbox());
    const statuses = [];
    for (let time = 0; time < 4; time += 1) statuses.push((await api("GET", variables)).status);
    expect(statuses).toEqual([200, 429, 429, 200]);
    sandbox().gitlab.inject({ fault: { kind: "rate-limited", retryAfter: 7 } });
    const limited = await api("GET", variables);
    expect([limited.body, limited.headers.get("retry-after")]).toEqual(["Retry later\n", "7"]);
    const disarm = sandbox().onepassword.inject({ fault: { kind: "server-error", status: 503 }, times: 99 });
    const broken = await connectOf(sandbox())("GET", "/v1/vaults");
    expect([broken.status, broken.body]).toEqual([503, { status: 503, message: "Service Unavailable" }]);
    disarm();
    expect((await connectOf(sandbox())("GET", "/v1/vaults")).status).toBe(200);
  });
});

describe("a limit of requests", () => {
  const sandbox = useSandbox({ limits: { requestsPerMinute: 2 } });

  test("is announced in every answer, and over it comes a 429 until the minute is over", async () => {
    sandbox().clock.freeze();
    sandbox().clock.set("2026-11-23T07:10:20Z");
    const api = gitlabOf(sandbox());
    const first = await api("GET", "/user");
    expect([first.headers.get("ratelimit-limit"), first.headers.get("ratelimit-remaining")]).toEqual(["2", "1"]);
    expect((await api("GET", "/user")).status).toBe(200);
    const over = await api("GET", "/user");
    expect([over.status, over.body, over.headers.get("retry-after")]).toEqual([429, "Retry later\n", "40"]);
    expect(over.headers.get("ratelimit-reset")).toBe(String(Date.parse("2026-11-23T07:11:00Z") / 1000));
    expect((await gitlabOf(sandbox(), "admin")("GET", "/user")).status).toBe(200);
    sandbox().clock.set("2026-11-23T07:11:00Z");
    expect((await api("GET", "/user")).status).toBe(200);
  });
});

describe("limits of single endpoints", () => {
  const sandbox = useSandbox({ limits: { endpoints: true } });

  test("are announced by no answer; over one comes a 429 that does not say for how long, for that endpoint and user alone", async () => {
    sandbox().clock.freeze();
    sandbox().clock.set("2026-11-23T07:10:20Z");
    const api = gitlabOf(sandbox());
    for (let asked = 0; asked < 300; asked++)
      if ((await api("GET", "/users/201")).status !== 200) throw new Error(`refused at ${asked}`);
    const over = await api("GET", "/users/201");
    const error = "This endpoint has been requested too many times. Try again later.";
    expect([over.status, over.body]).toEqual([429, { message: { error } }]);
    expect([over.headers.get("retry-after"), over.headers.get("ratelimit-limit")]).toEqual([null, null]);
    expect((await api("GET", "/user")).status).toBe(200);
    expect((await gitlabOf(sandbox(), "admin")("GET", "/users/201")).status).toBe(200);
    sandbox().clock.set("2026-11-23T07:20:00Z");
    expect((await api("GET", "/users/201")).status).toBe(200);
  });
});

describe("accounts in subgroups", () => {
  const account = {
    name: "Deep",
    username: "gl-deep",
    group: "security/platform",
    project: "security/platform/deep",
    schedule: { description: "Daily", cron: "0 3 * * *" },
    job: "work",
    scope: "api",
    token: { handle: "deep", createdAt: "2026-01-01T00:00:00Z", expiresAt: "2026-12-31" },
    lastRun: { at: "2026-11-23T03:00:00Z", failed: false },
  };
  const sandbox = useSandbox({ world: fleet({ startsAt: "2026-11-23T07:10:00Z", accounts: [account] }) });

  test("an owner of the parent manages them through the subgroup, not through the parent", async () => {
    const api = gitlabOf(sandbox());
    const path = "service_accounts/201/personal_access_tokens";
    expect((await api("GET", `/groups/security%2Fplatform/${path}`)).body).toHaveLength(1);
    const parent = await api("GET", `/groups/security/${path}`);
    expect([parent.status, parent.body]).toEqual([404, { message: "404 User Not Found" }]);
    expect((await api("GET", "/projects/security%2Fplatform%2Fdeep/variables")).body).toHaveLength(1);
  });
});

describe("paging", () => {
  const sandbox = useSandbox({ world: lookAlikes(45) });

  test("twenty rows a page, a hundred at most; Link leads on until the last", async () => {
    const api = gitlabOf(sandbox());
    const accounts = "/groups/security/service_accounts";
    const first = await api("GET", accounts);
    expect(first.body).toHaveLength(20);
    const headers = ["x-page", "x-per-page", "x-next-page", "x-prev-page", "x-total", "x-total-pages"];
    expect(headers.map((name) => first.headers.get(name))).toEqual(["1", "20", "2", "", "45", "3"]);
    const last = await api("GET", `${accounts}?page=3`);
    expect(last.body).toHaveLength(5);
    expect(headers.map((name) => last.headers.get(name))).toEqual(["3", "20", "", "2", "45", "3"]);
    expect(last.headers.get("link")).not.toContain('rel="next"');
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
    const followed = await call(next, "GET", undefined, { "private-token": sandbox().gitlab.tokenValue("owner") });
    expect(followed.headers.get("x-page")).toBe("2");
    expect((await api("GET", `${accounts}?per_page=500`)).headers.get("x-per-page")).toBe("100");
    expect((await api("GET", `${accounts}?page=4`)).body).toEqual([]);
  });
});

describe("steering from another process", () => {
  const sandbox = useSandbox();
  const control = (method: string, path: string, body?: unknown) =>
    call(`${sandbox().gitlab.url}/-/sandbox${path}`, method, body);

  test("the clock is read, set and moved, unlogged", async () => {
    expect((await control("PUT", "/clock", { now: "2026-12-01" })).body.now).toMatch(/^2026-12-01T00:00:0/);
    expect((await control("POST", "/clock/advance", { days: 30 })).body.now).toMatch(/^2026-12-31T00:00:0/);
    expect((await control("GET", "/clock")).body.now).toMatch(/^2026-12-31T00:00:0/);
    expect(sandbox().environment.PAT_ROTATION_AS_OF).toMatch(/^2026-12-31T00:00:0/);
    expect(sandbox().traffic.requests).toEqual([]);
  });

  test("jobs, faults, schedules and the log", async () => {
    expect((await control("PUT", "/jobs", { project: "security/scanner", job: "scan", does: "fail" })).status).toBe(
      204,
    );
    expect((await control("POST", "/faults", { fault: { kind: "reset" }, service: "onepassword" })).status).toBe(204);
    await expect(connectOf(sandbox())("GET", "/v1/vaults")).rejects.toThrow();
    expect((await control("GET", "/requests")).body).toHaveLength(1);
    expect((await control("DELETE", "/requests")).status).toBe(204);
    expect((await control("GET", "/requests")).body).toEqual([]);
    expect((await control("GET", "/issued-tokens")).body).toEqual(sandbox().gitlab.issuedTokens());
    const unknown = await control("PUT", "/jobs", { project: "security/nowhere", job: "scan", does: "fail" });
    expect([unknown.status, unknown.body.error]).toEqual([
      400,
      `The sandbox's GitLab has no project or group "security/nowhere"`,
    ]);
  });
});

test("a sandbox starts within 300 ms of work, two run side by side, and a stopped one answers no more", async () => {
  const work = workSince();
  const one = await startSandbox();
  expect(work()).toBeLessThan(300);
  const two = await startSandbox();
  expect(one.gitlab.url).not.toBe(two.gitlab.url);
  await one.stop();
  await two.stop();
  await expect(fetch(`${one.gitlab.url}/api/v4/version`)).rejects.toThrow();
});

test("a patch without an operation, as a preview sends one to learn of a right, is no write to anybody", async () => {
  expect(isWrite({ method: "PATCH" })).toBe(true);
  expect(isWrite({ method: "GET" })).toBe(false);
  const one = await startSandbox();
  const seen: boolean[] = [];
  const note = (exchange: Exchange) => void seen.push(isWrite(exchange));
  one.traffic.watch({ handled: note, answered: note });
  for (const body of [[], [{ op: "remove", path: "/tags" }]])
    await connectOf(one)("PATCH", "/v1/vaults/none/items/none", body);
  await vi.waitFor(() => expect(seen).toHaveLength(4));
  await one.stop();
  expect(seen).toEqual([false, false, true, true]);
  expect(one.traffic.requests.map(isWrite)).toEqual([false, true]);
});
