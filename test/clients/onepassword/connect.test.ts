import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MissingCredential, StrangeAnswer, Unauthorized } from "../../../clients/http";
import { Connect } from "../../../clients/onepassword/connect";
import { findField, findItem } from "../../../clients/onepassword/lookup";
import { ManyFound, NoneFound } from "../../../clients/onepassword/vaults";
import { ConnectServer, idOf } from "./connect";

let server: ConnectServer;
beforeEach(async () => {
  server = await ConnectServer.start();
});
afterEach(() => server.stop());

const security = idOf("security");

test("a vault is found by its name with one request", async () => {
  expect(await server.connect.findVault("Security")).toMatchObject({ id: security, name: "Security" });
  expect(server.requests).toEqual(['GET /vaults?name eq "Security"']);
});

test("a vault is looked for once, and again only when it was not found", async () => {
  const { connect } = server;
  const { signal } = new AbortController();
  server.next("GET", { status: 404 });
  await expect(connect.findVault("Security")).rejects.toThrow("404");
  await Promise.all([connect.findVault("Security"), connect.within(signal).findVault("Security")]);
  expect(server.requests).toHaveLength(2);
});

test("a vault is found by its id with one request", async () => {
  expect(await server.connect.findVault(security)).toMatchObject({ name: "Security" });
  expect(server.requests).toEqual([`GET /vaults/${security}`]);
});

test.each([403, 404])("a vault whose name looks like an id is found although the id answers %i", async (status) => {
  const name = "abcdefghijklmnopqrstuvwxyz";
  server.vaults.push({ id: idOf("letters"), name });
  server.next(`GET /vaults/${name}`, { status });
  expect(await server.connect.findVault(name)).toMatchObject({ id: idOf("letters") });
});

test("a vault that is not visible is an error that says what is visible and whom to ask", async () => {
  const error = await server.connect.findVault("Finance").catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(NoneFound);
  expect((error as Error).message).toBe(
    'looking for the 1Password vault "Finance": the Connect token in OP_CONNECT_TOKEN sees only "Security", "Platform". Check the name. If it is right, ask the vault\'s owner to give the Connect server access to it (op connect vault grant), and create a token for that server with the rights read and write on this vault.',
  );
});

test("two vaults of one name are an error that lists their ids", async () => {
  server.vaults.push({ id: idOf("second"), name: "Security" });
  await expect(server.connect.findVault("Security")).rejects.toThrow(
    `2 vaults have that name (${security}, ${idOf("second")})`,
  );
});

test.each(['quoted "title"', "back\\slash", "a & b # c + d % e = f?", "Zoë’s token"])(
  "the title %j is found and does not break the filter",
  async (title) => {
    const { id } = server.add({ title });
    server.add({ title: "another" });
    expect(await server.connect.findItems(security, title)).toMatchObject([{ id, title }]);
    expect(server.requests).toEqual([`GET /vaults/${security}/items?title eq ${JSON.stringify(title)}`]);
  },
);

test("a title with quotes is found by listing all when the server cannot read the filter", async () => {
  const { id } = server.add({ title: 'a "b"' });
  server.next(`GET /vaults/${security}/items?`, { status: 400, message: "malformed filter" });
  expect(await server.connect.findItems(security, 'a "b"')).toMatchObject([{ id }]);
  expect(server.requests).toHaveLength(2);
});

test("archived items do not count", async () => {
  server.add({ title: "token", state: "ARCHIVED" });
  expect(await server.connect.findItems(security, "token")).toEqual([]);
});

test("an item is found by its id, and by a title that looks like one", async () => {
  const vault = await server.connect.findVault("Security");
  const title = "abcdefghijklmnopqrstuvwxyz";
  const { id } = server.add({ title });
  expect(await findItem(server.connect, vault, id)).toMatchObject({ title });
  expect(await findItem(server.connect, vault, title)).toMatchObject({ id });
});

test("no item and several items of a title are errors that say what to do", async () => {
  const vault = await server.connect.findVault("Security");
  await expect(findItem(server.connect, vault, "token")).rejects.toThrow(
    'looking for the item "token" in the 1Password vault "Security": the vault holds none of that title',
  );
  server.add({ title: "token" });
  server.add({ title: "token" });
  await expect(findItem(server.connect, vault, "token")).rejects.toThrow("Name the one you mean by its id");
});

test("a field is found by its id before any label, and by label within its section", async () => {
  const { id } = server.add({
    title: "token",
    sections: [{ id: "s1", label: "GitLab" }],
    fields: [
      { id: "f1", type: "CONCEALED", label: "credential", section: { id: "s1" } },
      { id: "credential", type: "CONCEALED", label: "credential" },
      { id: "f2", type: "STRING", label: "twice" },
      { id: "f3", type: "STRING", label: "twice", section: { id: "s1" } },
    ],
  });
  const item = await server.connect.getItem(security, id);
  expect(findField(item, "credential")?.id).toBe("credential");
  expect(findField(item, "credential", "GitLab")?.id).toBe("f1");
  expect(findField(item, "password")).toBeUndefined();
  expect(() => findField(item, "twice")).toThrow(ManyFound);
  expect(() => findField(item, "twice")).toThrow('(f2 outside of any section, f3 in section "GitLab")');
  expect(() => findField(item, "twice", "Jira")).toThrow('it has only "GitLab"');
});

test("what is missing in the environment fails the first request, not the start", async () => {
  const connect = Connect.fromEnvironment({ OP_CONNECT_HOST: "http://127.0.0.1:1" });
  const error = await connect.findVault("Security").catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(MissingCredential);
  expect((error as MissingCredential).variable).toBe("OP_CONNECT_TOKEN");
});

test("a token that is not accepted is an error that names the variable and not the token", async () => {
  const token = "token-of-another-server";
  const connect = Connect.fromEnvironment({ ...server.environment, OP_CONNECT_TOKEN: token });
  const error = await connect.findVault("Security").catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Unauthorized);
  expect((error as Error).message).toContain("the token in OP_CONNECT_TOKEN is not accepted");
  expect(JSON.stringify(error) + (error as Error).stack).not.toContain(token);
});

const secret = "the-secret-value";
const setCredential = [{ op: "replace", path: "/fields/credential/value", value: secret }] as const;
const withCredential = () =>
  server.add({ title: "token", fields: [{ id: "credential", type: "CONCEALED", value: "before" }] });

test.each(["lost", { status: 503 }, "reset"] as const)(
  "a value whose write ended with %j is there afterwards, and the write was sent twice only when it was not",
  async (mishap) => {
    const { id } = withCredential();
    server.next("PATCH", mishap);
    const item = await server.connect.patchItem(security, id, setCredential);
    expect(item.fields[0]?.value).toBe(secret);
    expect(server.writes).toHaveLength(mishap === "lost" ? 1 : 2);
  },
  20_000,
);

test.each([
  ["nothing", {}],
  [
    "another item",
    { id: idOf("other"), title: "token", fields: [{ id: "credential", type: "CONCEALED", value: secret }] },
  ],
  [
    "the item without the change",
    { id: idOf("item 0"), fields: [{ id: "credential", type: "CONCEALED", value: "before" }] },
  ],
  ["the item without the field", { id: idOf("item 0"), fields: [] }],
])("a value whose write is answered with %s is looked at, and written again", async (_, instead) => {
  const { id } = withCredential();
  server.next("PATCH", { instead });
  const item = await server.connect.patchItem(security, id, setCredential);
  expect(item).toMatchObject({ id, fields: [{ value: secret }] });
  expect(server.writes).toHaveLength(2);
});

test("a value that somebody else says was written, and that is not there, is an error", async () => {
  const { id } = withCredential();
  for (let times = 0; times < 2; times++) server.next("PATCH", { instead: { id, fields: [] } });
  const error = await server.connect.patchItem(security, id, setCredential).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(StrangeAnswer);
  expect((error as Error).message).toMatch(/the item as it was written\. .* whether it was carried out is not known/);
  expect((error as Error).message).not.toContain(secret);
}, 20_000);

test("an item whose making is answered with nothing is looked for, and not made twice", async () => {
  const item = { title: "token", vault: { id: security }, category: "API_CREDENTIAL", tags: ["a"], fields: [] };
  server.next("POST", { instead: {} });
  await expect(server.connect.createItem(item)).rejects.toThrow("whether it was carried out is not known");
  expect(server.writes).toHaveLength(1);
}, 20_000);

test("a field is never appended twice: after a lost answer the item is looked at, and the error holds no value", async () => {
  const { id } = server.add({ title: "token" });
  const append = [{ op: "add", path: "/fields", value: { label: "token", type: "CONCEALED", value: secret } }] as const;
  server.next("PATCH", "lost");
  await server.connect.patchItem(security, id, append);
  expect(server.writes).toHaveLength(1);

  const { id: other } = server.add({ title: "other" });
  server.next("PATCH", { status: 500 });
  const error = await server.connect.patchItem(security, other, append).catch((caught: unknown) => caught);
  expect((error as Error).message).toContain("whether it was carried out is not known");
  expect((error as Error).message).not.toContain(secret);
  expect(server.writes).toHaveLength(2);
}, 20_000);

test("an item is never made twice: a lost answer is found again by title, category and tags", async () => {
  const item = {
    title: "token",
    vault: { id: security },
    category: "API_CREDENTIAL",
    tags: ["pulumi/rotation/prod/inventory"],
    fields: [{ id: "credential", type: "CONCEALED", value: secret }],
  };
  server.add({ title: "token", category: "LOGIN" });
  server.next("POST", "lost");
  const made = await server.connect.createItem(item);
  expect(made.fields[0]?.value).toBe(secret);
  expect(server.writes).toHaveLength(1);
  expect(server.items).toHaveLength(2);
});

test("a write that meets another one waits and is sent again", async () => {
  const { id } = withCredential();
  server.next("PATCH", { status: 409, message: "Internal server conflict" });
  await server.connect.patchItem(security, id, setCredential);
  expect(server.writes).toHaveLength(2);
});

test("a vault that may only be read is an error that says which right is missing", async () => {
  const { id } = withCredential();
  server.next("PATCH", { status: 403, message: "not allowed" });
  await expect(server.connect.patchItem(security, id, setCredential)).rejects.toThrow(
    `may not write to the vault ${security}. Ask the vault's owner for a token with the right write on it`,
  );
  expect(server.writes).toHaveLength(1);
});

test("writes to one vault go one after the other, also after one that failed", async () => {
  const { id } = withCredential();
  server.next("PATCH", { status: 400, message: "no" });
  const values = ["a", "b", "c"];
  const results = await Promise.allSettled(
    values.map((value) => server.connect.patchItem(security, id, [{ ...setCredential[0], value }])),
  );
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  expect(server.items[0]?.fields[0]?.value).toBe("c");
  expect(server.mostWritesAtOnce).toBe(1);
});

test.each([
  ["null", null],
  ["a text", "welcome"],
  ["a list of nothing", [null]],
  ["a list of texts", ["Security"]],
  ["an item whose fields are none", { id: "x", fields: "none" }],
  ["an item with a field of nothing", [{ id: "x", name: "Security" }], { id: "x", fields: [null] }],
])("a server that answers %s is told from Connect, and by which setting it was found", async (_, ...answers) => {
  const proxy = createServer((_request, response) => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  const { port } = proxy.address() as AddressInfo;
  const connect = Connect.fromEnvironment({ OP_CONNECT_HOST: `http://127.0.0.1:${port}`, OP_CONNECT_TOKEN: "a-token" });
  const read = async () => connect.getItem((await connect.findVault("Security")).id, "x");
  await expect(read()).rejects.toThrow("Check that OP_CONNECT_HOST is the address of a 1Password Connect server");
  proxy.closeAllConnections();
  proxy.close();
});
