import { describe, expect, test } from "vitest";
import { call, connectOf, useSandbox } from "./harness";

const sandbox = useSandbox();
const title = "GitLab Security Service - Architecture - Inventory";

async function vaultId(name = "Security"): Promise<string> {
  return sandbox().onepassword.state.vaultNamed(name).id;
}

async function item(): Promise<{ path: string; vault: string; id: string }> {
  const vault = await vaultId();
  const id = sandbox().onepassword.items("Security", title)[0]?.id ?? "";
  return { vault, id, path: `/v1/vaults/${vault}/items/${id}` };
}

describe("1Password Connect", () => {
  test("heartbeat and health need no token; health waits for the first request that has one", async () => {
    const root = sandbox().onepassword.url;
    const beat = await call(`${root}/heartbeat`, "GET");
    expect([beat.status, beat.body]).toEqual([200, "."]);
    const sync = async () => (await call(`${root}/health`, "GET")).body.dependencies[0];
    expect(await sync()).toEqual({ service: "sync", status: "TOKEN_NEEDED" });
    await connectOf(sandbox())("GET", "/v1/vaults");
    expect(await sync()).toEqual({ service: "sync", status: "ACTIVE" });
  });

  test("without a good token: 401; every answer names the server's version", async () => {
    for (const headers of [{}, { authorization: "Bearer nonsense" }]) {
      const answer = await call(`${sandbox().onepassword.url}/v1/vaults`, "GET", undefined, headers);
      expect([answer.status, answer.body]).toEqual([401, { status: 401, message: "Invalid token signature" }]);
      expect(answer.headers.get("1Password-Connect-Version")).toBe("1.8.0");
    }
    expect((await connectOf(sandbox())("GET", "/v1/vaults")).headers.get("1Password-Connect-Version")).toBe("1.8.0");
  });

  test("only vaults in scope are listed; one out of scope is a 403, an unknown one a 404", async () => {
    const api = connectOf(sandbox());
    expect((await api("GET", "/v1/vaults")).body.map((vault: { name: string }) => vault.name)).toEqual(["Security"]);
    const other = await vaultId("Private");
    const foreign = await api("GET", `/v1/vaults/${other}`);
    expect([foreign.status, foreign.body]).toEqual([403, { status: 403, message: `vault ${other} is not in scope` }]);
    const none = "a".repeat(26);
    const unknown = await api("GET", `/v1/vaults/${none}`);
    expect([unknown.status, unknown.body]).toEqual([404, { status: 404, message: `vault ${none} not found` }]);
    expect((await api("GET", `/v1/vaults/${other}/items`)).status).toBe(404);
  });

  test("lists of items show no fields; a single item shows all of them", async () => {
    const { path, vault } = await item();
    const api = connectOf(sandbox());
    const [overview] = (await api("GET", `/v1/vaults/${vault}/items`)).body;
    expect(overview).not.toHaveProperty("fields");
    expect(overview).not.toHaveProperty("sections");
    const { body } = await api("GET", path);
    expect(body.fields.map((field: { label: string; type: string }) => [field.label, field.type])).toEqual([
      ["username", "STRING"],
      ["password", "CONCEALED"],
      ["notesPlain", "STRING"],
      ["one-time password", "TOTP"],
      ["credential", "CONCEALED"],
      ["expires", "DATE"],
    ]);
    expect(body.id).toMatch(/^[\da-z]{26}$/);
  });

  test.each([
    ['title eq "Nothing of that name"', 0],
    [`title eq "${title}"`, 1],
    ['title co "Architecture"', 2],
    ['tag eq "gitlab"', 2],
  ])("filter %s", async (filter, rows) => {
    const { vault } = await item();
    const answer = await connectOf(sandbox())("GET", `/v1/vaults/${vault}/items?filter=${encodeURIComponent(filter)}`);
    expect(answer.body).toHaveLength(rows);
  });

  test.each([
    '"',
    "title",
    'title eq "open',
    "title eq bare",
    'nonsense eq "x"',
    'title gt "x"',
    'title eq "a" and title eq "b"',
  ])("a malformed filter is a 400: %s", async (filter) => {
    const { vault } = await item();
    const answer = await connectOf(sandbox())("GET", `/v1/vaults/${vault}/items?filter=${encodeURIComponent(filter)}`);
    expect([answer.status, answer.body.status]).toEqual([400, 400]);
  });

  test("a quote in a title is found when it is escaped in the filter", async () => {
    const { vault } = await item();
    const api = connectOf(sandbox());
    const odd = 'A "quoted" \\ title & more #1+2%';
    await api("POST", `/v1/vaults/${vault}/items`, { title: odd, category: "SECURE_NOTE", vault: { id: vault } });
    const filter = encodeURIComponent(`title eq ${JSON.stringify(odd)}`);
    expect((await api("GET", `/v1/vaults/${vault}/items?filter=${filter}`)).body).toHaveLength(1);
  });

  test("vaults are found by name or title", async () => {
    for (const filter of ['name eq "Security"', 'title eq "Security"']) {
      const answer = await connectOf(sandbox())("GET", `/v1/vaults?filter=${encodeURIComponent(filter)}`);
      expect(answer.body).toHaveLength(1);
    }
  });
});

describe("writing items", () => {
  test("a new one is answered with 200; an API credential has its fields under fixed ids", async () => {
    const { vault } = await item();
    const api = connectOf(sandbox());
    const made = await api("POST", `/v1/vaults/${vault}/items`, {
      title: "New",
      category: "API_CREDENTIAL",
      vault: { id: vault },
      fields: [
        { id: "credential", type: "CONCEALED", value: "the-value" },
        { id: "expires", type: "DATE", value: "2027-11-23" },
        { type: "STRING", label: "more", value: "x" },
      ],
    });
    expect([made.status, made.body.version]).toEqual([200, 1]);
    const fields = made.body.fields as { id: string; label: string; value?: string }[];
    expect(fields.slice(0, 8).map((field) => field.id)).toEqual([
      "notesPlain",
      "username",
      "credential",
      "type",
      "filename",
      "validFrom",
      "expires",
      "hostname",
    ]);
    expect(fields[2]).toEqual({ id: "credential", type: "CONCEALED", label: "credential", value: "the-value" });
    expect(fields[6]?.value).toBe(String(Date.parse("2027-11-23T12:01:00Z") / 1000));
    expect(fields[8]?.id).toMatch(/^[a-z2-7]{26}$/);
  });

  test.each([
    [{ category: "CUSTOM" }, "Invalid item category"],
    [{ category: "DOCUMENT" }, "Invalid item category"],
    [{ category: "NONSENSE" }, "Invalid item category"],
    [{ category: "LOGIN", fields: [{ type: "DATE", value: "soon" }] }, "Invalid date"],
    [
      {
        category: "LOGIN",
        fields: [
          { type: "CONCEALED", purpose: "PASSWORD" },
          { type: "CONCEALED", purpose: "PASSWORD" },
        ],
      },
      "Duplicate field purpose",
    ],
  ])("refused: %j", async (body, message) => {
    const { vault } = await item();
    const answer = await connectOf(sandbox())("POST", `/v1/vaults/${vault}/items`, { vault: { id: vault }, ...body });
    expect([answer.status, answer.body]).toEqual([400, { status: 400, message }]);
  });

  test("PATCH by field id changes that value and leaves all else as it was", async () => {
    const { path } = await item();
    const api = connectOf(sandbox());
    const before = (await api("GET", path)).body;
    const field = before.fields.find((one: { label: string }) => one.label === "credential");
    sandbox().clock.advance({ minutes: 1 });
    const answer = await api("PATCH", path, [{ op: "replace", path: `/fields/${field.id}/value`, value: "the-value" }]);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      ...before,
      version: before.version + 1,
      updatedAt: expect.any(String),
      lastEditedBy: expect.any(String),
      fields: before.fields.map((one: { id: string }) => (one.id === field.id ? { ...one, value: "the-value" } : one)),
    });
    expect(Date.parse(answer.body.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
    expect((await api("GET", path)).body).toEqual(answer.body);
    expect(sandbox().onepassword.field("Security", title, "credential")).toBe("the-value");
  });

  test("built-in fields go by their fixed ids; attributes and list places work; add appends a field", async () => {
    const { path } = await item();
    const answer = await connectOf(sandbox())("PATCH", path, [
      { op: "replace", path: "/fields/password/value", value: "another" },
      { op: "replace", path: "/title", value: "Renamed" },
      { op: "remove", path: "/tags/1" },
      { op: "add", path: "/fields", value: { label: "new", type: "STRING", value: "x" } },
      { op: "replace", path: "/favorite", value: true },
    ]);
    expect(answer.status).toBe(200);
    expect([answer.body.title, answer.body.tags, answer.body.favorite]).toEqual(["Renamed", ["gitlab"], true]);
    expect(answer.body.fields[1].value).toBe("another");
    expect(answer.body.fields.at(-1).label).toBe("new");
  });

  test("an empty patch changes nothing, not even the version", async () => {
    const { path } = await item();
    const api = connectOf(sandbox());
    const before = (await api("GET", path)).body;
    expect((await api("PATCH", path, [])).body).toEqual(before);
  });

  test.each([
    ["no array", { op: "replace", path: "/title", value: "x" }],
    ["an unknown field", [{ op: "replace", path: "/fields/nothing/value", value: "x" }]],
    ["an unknown operation", [{ op: "move", path: "/title", value: "x" }]],
    ["another category", [{ op: "replace", path: "/category", value: "PASSWORD" }]],
  ])("a patch with %s is a 400 and changes nothing", async (_name, body) => {
    const { path } = await item();
    const api = connectOf(sandbox());
    const before = (await api("GET", path)).body;
    const title = { op: "replace", path: "/title", value: "Half done" };
    const answer = await api("PATCH", path, Array.isArray(body) ? [title, ...body] : body);
    expect([answer.status, answer.body.status]).toEqual([400, 400]);
    expect((await api("GET", path)).body).toEqual(before);
  });

  test("an unknown field is named in the refusal", async () => {
    const { path } = await item();
    const patch = [{ op: "replace", path: "/fields/nothing/value", value: "x" }];
    expect((await connectOf(sandbox())("PATCH", path, patch)).body).toEqual({
      status: 400,
      message: "The item doesn't have a nothing field.",
    });
  });

  test("PUT keeps what it is sent and forgets the rest", async () => {
    const { path, vault } = await item();
    const api = connectOf(sandbox());
    const answer = await api("PUT", path, { title, category: "LOGIN", vault: { id: vault } });
    expect(answer.status).toBe(200);
    expect(answer.body.fields.map((field: { id: string; value?: string }) => [field.id, field.value])).toEqual([
      ["username", undefined],
      ["password", undefined],
      ["notesPlain", undefined],
    ]);
    expect(answer.body).not.toHaveProperty("tags");
  });

  test("deleting is final", async () => {
    const { path, id } = await item();
    const api = connectOf(sandbox());
    const gone = await api("DELETE", path);
    expect([gone.status, gone.body]).toEqual([204, undefined]);
    const answer = await api("GET", path);
    expect([answer.status, answer.body]).toEqual([404, { status: 404, message: `item ${id} not found` }]);
  });

  test("a token that may only read writes nothing, one that may only write reads nothing, through PATCH either", async () => {
    const { path, vault } = await item();
    const reader = connectOf(sandbox(), "connect-read-only");
    expect((await reader("GET", path)).status).toBe(200);
    expect((await reader("PATCH", path, [])).status).toBe(403);
    expect((await reader("DELETE", path)).status).toBe(403);
    const writer = connectOf(sandbox(), "connect-write-only");
    expect((await writer("GET", path)).status).toBe(403);
    expect((await writer("PATCH", path, [])).status).toBe(403);
    const made = await writer("POST", `/v1/vaults/${vault}/items`, { category: "LOGIN", vault: { id: vault } });
    expect(made.status).toBe(200);
  });
});
