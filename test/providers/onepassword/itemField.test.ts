import { afterEach, beforeEach, expect, test } from "vitest";
import { type Before, type Resource, unknown } from "../../../providers/host/provider";
import { type ItemFieldInputs, type ItemFieldOutputs, itemField } from "../../../providers/onepassword/itemField";
import { ConnectServer, contextOf, idOf } from "../../clients/onepassword/connect";

let server: ConnectServer;
let resource: Resource<ItemFieldInputs, ItemFieldOutputs>;
beforeEach(async () => {
  server = await ConnectServer.start();
  resource = itemField(server.connect);
});
afterEach(() => server.stop());

const security = idOf("security");
const declared: ItemFieldInputs = { vault: "Security", item: "GitLab token", field: "credential", value: "new-value" };

const apiCredential = () =>
  server.add({
    title: "GitLab token",
    tags: ["by hand"],
    sections: [{ id: "s1", label: "Notes" }],
    fields: [
      { id: "username", type: "STRING", label: "username", value: "gl-security-inventory" },
      { id: "credential", type: "CONCEALED", label: "credential", value: "old-value" },
      { id: "expires", type: "DATE", label: "expires", value: "1796212860" },
      { id: "x1", type: "TOTP", label: "one-time password", value: "otpauth://totp/x", section: { id: "s1" } },
    ],
  });

async function created(inputs = declared): Promise<Before<ItemFieldInputs, ItemFieldOutputs>> {
  const { id, outputs } = await resource.create(inputs, contextOf().context);
  return { id, inputs, outputs };
}

test("a create sets the value and the expiry with one patch, and leaves all else as it was", async () => {
  const item = apiCredential();
  const before = structuredClone(item);
  const { id, outputs } = await created({ ...declared, expiresAt: "2027-11-23" });
  expect(id).toBe(`vaults/${security}/items/${item.id}/fields/credential`);
  expect(outputs).toEqual({
    ...declared,
    expiresAt: "2027-11-23",
    vaultUuid: security,
    itemUuid: item.id,
    fieldId: "credential",
  });
  expect(server.requests).toEqual([
    'GET /vaults?name eq "Security"',
    `GET /vaults/${security}/items?title eq "GitLab token"`,
    `GET /vaults/${security}/items/${item.id}`,
    `PATCH /vaults/${security}/items/${item.id}`,
  ]);
  expect(server.bodies).toEqual([
    [
      { op: "replace", path: "/fields/credential/value", value: "new-value" },
      { op: "replace", path: "/fields/expires/value", value: "1826971260" },
    ],
  ]);
  const [username, credential, expires, totp] = before.fields;
  expect(item).toEqual({
    ...before,
    version: 2,
    fields: [username, { ...credential, value: "new-value" }, { ...expires, value: "1826971260" }, totp],
  });
});

test("a create writes nothing when the item holds all of it", async () => {
  apiCredential();
  await created({ ...declared, value: "old-value", expiresAt: "2026-12-02" });
  expect(server.writes).toEqual([]);
});

test("a new value is refused by a field that shows it, unless that is declared", async () => {
  const item = apiCredential();
  await expect(created({ ...declared, field: "username" })).rejects.toThrow(
    `setting the field "username" of the item "GitLab token" (${item.id}) in 1Password: it has the type STRING, of which 1Password shows`,
  );
  expect(server.writes).toEqual([]);
  await created({ ...declared, field: "username", shown: true });
  expect(server.writes).toHaveLength(1);
});

test("an empty field is filled", async () => {
  const item = server.add({ title: "GitLab token", fields: [{ id: "credential", type: "CONCEALED" }] });
  await created();
  expect(server.bodies).toEqual([[{ op: "add", path: "/fields/credential/value", value: "new-value" }]]);
  expect(item.fields[0]?.value).toBe("new-value");
});

test("a field that the item lacks is appended, concealed, in its section, and the log says so", async () => {
  const item = apiCredential();
  const { context, said } = contextOf();
  const inputs = { ...declared, field: "deploy token", section: "Notes" };
  const { id, outputs } = await resource.create(inputs, context);
  expect(server.bodies).toEqual([
    [
      {
        op: "add",
        path: "/fields",
        value: { label: "deploy token", type: "CONCEALED", value: "new-value", section: { id: "s1" } },
      },
    ],
  ]);
  expect(outputs.fieldId).toBe(item.fields[4]?.id);
  expect(id).toBe(`vaults/${security}/items/${item.id}/fields/${item.fields[4]?.id}`);
  expect(said).toEqual([
    `The item "GitLab token" (${item.id}) in 1Password has no field "deploy token": it is added, concealed.`,
  ]);
});

test("an item without an expiry field keeps its category and gets none", async () => {
  const item = server.add({
    title: "GitLab token",
    category: "LOGIN",
    fields: [{ id: "password", type: "CONCEALED", label: "password", purpose: "PASSWORD", value: "old" }],
  });
  const { context, said } = contextOf();
  await resource.create({ ...declared, field: "password", expiresAt: "2027-11-23" }, context);
  expect(server.bodies).toEqual([[{ op: "replace", path: "/fields/password/value", value: "new-value" }]]);
  expect(item.category).toBe("LOGIN");
  expect(said).toEqual([
    `The item "GitLab token" (${item.id}) in 1Password has no date field "expires": 2027-11-23 is not written there.`,
  ]);
});

test("a date labelled expires beside the value is set, and another one is not", async () => {
  const item = server.add({
    title: "GitLab token",
    category: "LOGIN",
    sections: [{ id: "s1", label: "GitLab" }],
    fields: [
      { id: "a", type: "CONCEALED", label: "credential", value: "old", section: { id: "s1" } },
      { id: "b", type: "DATE", label: "expires", value: "1796212860" },
      { id: "c", type: "DATE", label: "expires", value: "1796212860", section: { id: "s1" } },
    ],
  });
  await created({ ...declared, expiresAt: "2027-11-23" });
  expect(item.fields.map(({ value }) => value)).toEqual(["new-value", "1796212860", "1826971260"]);
});

test.each([
  [{ field: "one-time password" }, "it has the type TOTP, which holds no such value"],
  [{ expiresAt: "2027-02-30" }, 'expiresAt is "2027-02-30". Write a day that exists'],
  [{ section: "Jira" }, 'it has only "Notes"'],
  [{ item: "Gitlab token" }, "the vault holds none of that title"],
])("%j is refused before anything is written", async (wrong, message) => {
  apiCredential();
  await expect(created({ ...declared, ...wrong })).rejects.toThrow(message);
  expect(server.writes).toEqual([]);
});

test("a new value is one read and one patch of that field alone", async () => {
  const item = apiCredential();
  const before = await created();
  server.requests.length = 0;
  server.bodies.length = 0;
  const inputs = { ...declared, value: "newer-value" };
  expect(resource.diff?.(before, inputs)).toEqual({ changes: { value: "update" } });
  const outputs = await resource.update?.(before, inputs, contextOf().context);
  expect(outputs).toEqual({ ...before.outputs, value: "newer-value" });
  const path = `/vaults/${security}/items/${item.id}`;
  expect(server.requests).toEqual([`GET ${path}`, `PATCH ${path}`]);
  expect(server.bodies).toEqual([[{ op: "replace", path: "/fields/credential/value", value: "newer-value" }]]);
});

test("an update of an item or a field that is gone says what to do", async () => {
  const item = apiCredential();
  const before = await created();
  item.fields = [];
  await expect(resource.update?.(before, declared, contextOf().context)).rejects.toThrow('run "pulumi refresh"');
  server.items.length = 0;
  await expect(resource.update?.(before, declared, contextOf().context)).rejects.toThrow("Restore it in 1Password");
});

test("another place replaces, the same place by its id does not", async () => {
  apiCredential();
  const before = await created();
  const { vaultUuid, itemUuid } = before.outputs;
  expect(resource.diff?.(before, declared)).toEqual({ changes: {} });
  expect(resource.diff?.(before, { ...declared, vault: vaultUuid, item: itemUuid })).toEqual({ changes: {} });
  expect(resource.diff?.(before, { ...declared, item: "other", field: "password" })).toEqual({
    changes: { item: "update-replace", field: "update-replace" },
  });
});

test("a refresh finds what was changed by hand, and nothing else", async () => {
  const item = apiCredential();
  const before = await created({ ...declared, expiresAt: "2027-11-23" });
  expect(await resource.read?.(before, contextOf().context)).toEqual(before);
  for (const field of item.fields)
    if (field.id !== "x1") field.value = field.type === "DATE" ? "1796212860" : "by hand";
  const after = await resource.read?.(before, contextOf().context);
  expect(after?.inputs).toEqual({ ...declared, value: "by hand", expiresAt: "2026-12-02" });
  expect(after?.outputs.value).toBe("by hand");
});

test("an expiry that the item cannot hold is no difference", async () => {
  server.add({ title: "GitLab token", fields: [{ id: "credential", type: "CONCEALED", value: "new-value" }] });
  const before = await created({ ...declared, expiresAt: "2027-11-23" });
  expect(await resource.read?.(before, contextOf().context)).toEqual(before);
});

test("an item is gone only when its vault's list was answered and lacks it", async () => {
  const item = apiCredential();
  const before = await created();
  const path = `/vaults/${security}/items/${item.id}`;

  server.next(`GET ${path}`, { status: 404, message: "not found" });
  const hidden = contextOf();
  expect(await resource.read?.(before, hidden.context)).toEqual(before);
  expect(hidden.said[0]).toContain("It is kept as it was remembered");

  server.items.length = 0;
  server.next(`GET /vaults/${security}/items`, { status: 404, message: "not found" });
  server.next(`GET /vaults/${security}/items`, { status: 403, message: "vault is not in scope" });
  expect(await resource.read?.(before, contextOf().context)).toEqual(before);

  expect(await resource.read?.(before, contextOf().context)).toBeUndefined();
});

test.each([401, 403])("an answer of %i warns and keeps what is remembered", async (status) => {
  apiCredential();
  const before = await created();
  server.next("GET", { status });
  const { context, said } = contextOf();
  expect(await resource.read?.(before, context)).toEqual(before);
  expect(said).toHaveLength(1);
});

test("a field removed by hand is gone", async () => {
  const item = apiCredential();
  const before = await created();
  item.fields = [];
  expect(await resource.read?.(before, contextOf().context)).toBeUndefined();
});

test("an import needs the id alone; one that cannot be read, or is no id, fails", async () => {
  const item = apiCredential();
  const id = `vaults/${security}/items/${item.id}/fields/credential`;
  const nothing = { inputs: {}, outputs: {} };
  const imported = await resource.read?.({ id, ...nothing }, contextOf().context);
  const inputs = { vault: security, item: item.id, field: "credential", value: "old-value", expiresAt: "2026-12-02" };
  expect(imported).toEqual({
    id,
    inputs,
    outputs: { ...inputs, vaultUuid: security, itemUuid: item.id, fieldId: "credential" },
  });
  server.next("GET", { status: 403 });
  await expect(resource.read?.({ id, ...nothing }, contextOf().context)).rejects.toThrow("could not be read");
  await expect(resource.read?.({ id: "Security/token", ...nothing }, contextOf().context)).rejects.toThrow(
    "Write vaults/<vault id>/items/<item id>/fields/<field id>",
  );
});

test("a delete sends nothing and says that all is left in place", async () => {
  apiCredential();
  const before = await created();
  server.requests.length = 0;
  const { context, said } = contextOf();
  await resource.delete?.(before, context);
  expect(server.requests).toEqual([]);
  expect(said[0]).toMatch(/^Left in place: the field "credential" of the item "GitLab token"/);
});

test("a preview tells ids that are known, warns of what is missing, and writes nothing", async () => {
  const item = apiCredential();
  const inputs = { ...declared, value: unknown } as unknown as ItemFieldInputs;
  expect(await resource.previewCreate?.(inputs, contextOf().context)).toEqual({
    ...inputs,
    vaultUuid: security,
    itemUuid: item.id,
    fieldId: "credential",
  });
  const { context, said } = contextOf();
  const missing = await resource.previewCreate?.({ ...inputs, item: "made in this run" }, context);
  expect(missing).toMatchObject({ vaultUuid: unknown, itemUuid: unknown, fieldId: unknown });
  expect(said[0]).toContain("the vault holds none of that title");
  const later = await resource.previewCreate?.({ ...inputs, vault: unknown } as unknown as ItemFieldInputs, context);
  expect(later).toMatchObject({ fieldId: unknown });
  expect(server.writes).toEqual([]);
});

test.each([401, 403, 503])(
  "a preview in which Connect answers %i warns, and goes on for the other accounts",
  async (status) => {
    apiCredential();
    const tries = status === 503 ? 5 : 1;
    for (let attempt = 0; attempt < tries; attempt++) server.next("GET", { status });
    const { context, said } = contextOf();
    const shown = await resource.previewCreate?.(declared, context);
    expect(shown).toMatchObject({ itemUuid: unknown });
    expect(said.join("\n")).toContain(`1Password Connect answered ${status}`);
  },
);
