import { afterEach, beforeEach, expect, test } from "vitest";
import type { Before, Resource } from "../../../providers/host/provider";
import type { ItemInputs, ItemOutputs } from "../../../providers/onepassword/item/inputs";
import { item as itemResource } from "../../../providers/onepassword/item/item";
import { ConnectServer, contextOf, idOf } from "../../clients/onepassword/connect";

let server: ConnectServer;
let resource: Resource<ItemInputs, ItemOutputs>;
beforeEach(async () => {
  server = await ConnectServer.start();
  resource = itemResource(server.connect);
});
afterEach(() => server.stop());

const security = idOf("security");
const marker = "pulumi/rotation/prod/inventory";
const declared: ItemInputs = {
  vault: "Security",
  title: "GitLab token",
  category: "api_credential",
  username: "gl-security-inventory",
  credential: "secret-value",
  expiresAt: "2027-11-23",
  tags: ["gitlab"],
};

async function created(inputs = declared): Promise<Before<ItemInputs, ItemOutputs>> {
  const { id, outputs } = await resource.create(inputs, contextOf().context);
  return { id, inputs, outputs };
}

test("a create makes an API credential with its fixed fields and our mark, with one write", async () => {
  const { id, outputs } = await created();
  expect(server.requests).toEqual([
    'GET /vaults?name eq "Security"',
    `GET /vaults/${security}/items?title eq "GitLab token"`,
    `POST /vaults/${security}/items`,
  ]);
  expect(server.bodies).toEqual([
    {
      title: "GitLab token",
      vault: { id: security },
      category: "API_CREDENTIAL",
      tags: ["gitlab", marker],
      fields: [
        { id: "username", label: "username", type: "STRING", value: "gl-security-inventory" },
        { id: "credential", label: "credential", type: "CONCEALED", value: "secret-value" },
        { id: "expires", label: "expires", type: "DATE", value: "1826971260" },
      ],
    },
  ]);
  const uuid = server.items[0]?.id;
  expect(id).toBe(`vaults/${security}/items/${uuid}`);
  expect(outputs).toEqual({ ...declared, uuid, vaultUuid: security });
});

test("without a title an item is called as its resource is", async () => {
  const { title: _, ...untitled } = declared;
  expect((await created(untitled)).outputs.title).toBe("inventory");
});

test("an item that an earlier run made is taken over, and only what differs is written", async () => {
  await created();
  server.requests.length = 0;
  server.bodies.length = 0;
  const { context, said } = contextOf();
  const { id } = await resource.create({ ...declared, credential: "newer-value" }, context);
  expect(id).toBe(`vaults/${security}/items/${server.items[0]?.id}`);
  expect(server.writes).toEqual([`PATCH /vaults/${security}/items/${server.items[0]?.id}`]);
  expect(server.bodies).toEqual([[{ op: "replace", path: "/fields/credential/value", value: "newer-value" }]]);
  expect(said[0]).toContain("was made by an earlier run and is taken over");
  expect(server.items).toHaveLength(1);
});

test.each([
  [["by hand"], "made by hand"],
  [["pulumi/rotation/dev/inventory"], "made by another stack or resource"],
])("an item tagged %j is left alone, with an error that tells how to take it over", async (tags, whose) => {
  const { id } = server.add({ title: "GitLab token", tags });
  await expect(created()).rejects.toThrow(
    `making the item "GitLab token" in the 1Password vault "Security": an item of that title and category is there (${id}), ${whose}. Choose another title, or set one field of that item with ItemField, or take it over: pulumi import --generate-code=false --protect=false onepassword:index/item:Item 'inventory' vaults/${security}/items/${id}`,
  );
  expect(server.writes).toEqual([]);
});

test("of an account's item that is there already is told what to declare, and no command that would show what it holds", async () => {
  const { id } = server.add({ title: "GitLab token", tags: ["by hand"] });
  const { context } = contextOf(
    "inventory/Security/GitLab token",
    "pat-rotation:index:Account$onepassword:index/item:Item",
  );
  const refused = await resource.create(declared, context).catch((error: Error) => error.message);
  expect(refused).toContain(
    `Choose another title, or have the token written to a field of that item: in "onePassword" of the account write "item: ${id}" and "field: <the field's name>" in place of "newItem".`,
  );
  expect(refused).not.toMatch(/pulumi|ItemField/);
});

test("the command that takes an item over is safe as it stands, whatever the resource is called", async () => {
  server.add({ title: "GitLab token" });
  const { context } = contextOf("it's $(mine)");
  await expect(resource.create(declared, context)).rejects.toThrow("item:Item 'it'\\''s $(mine)' vaults/security");
});

test("two items of the title and category are left alone, even when one is ours", async () => {
  server.add({ title: "GitLab token", tags: [marker] });
  server.add({ title: "GitLab token" });
  await expect(created()).rejects.toThrow("2 items of that title and category are there");
  expect(server.writes).toEqual([]);
});

test("an item of the title in another category is no hindrance and stays as it is", async () => {
  const login = structuredClone(server.add({ title: "GitLab token", category: "LOGIN" }));
  await created();
  expect(server.items[0]).toEqual(login);
  expect(server.items).toHaveLength(2);
});

test("an update is one read and one patch of what changed; tags put on by hand stay", async () => {
  const before = await created();
  server.items[0]?.tags?.push("by hand");
  server.requests.length = 0;
  server.bodies.length = 0;
  const inputs = { ...declared, title: "Renamed", credential: "newer-value", tags: ["rotated"] };
  expect(resource.diff?.(before, inputs)).toEqual({
    changes: { title: "update", credential: "update", tags: "update" },
  });
  const outputs = await resource.update?.(before, inputs, contextOf().context);
  const path = `/vaults/${security}/items/${before.outputs.uuid}`;
  expect(server.requests).toEqual([`GET ${path}`, `PATCH ${path}`]);
  expect(server.bodies).toEqual([
    [
      { op: "replace", path: "/title", value: "Renamed" },
      { op: "replace", path: "/tags", value: [marker, "by hand", "rotated"] },
      { op: "replace", path: "/fields/credential/value", value: "newer-value" },
    ],
  ]);
  expect(outputs).toEqual({ ...inputs, uuid: before.outputs.uuid, vaultUuid: security });
});

test("an update that finds all in place writes nothing", async () => {
  const before = await created();
  server.requests.length = 0;
  await resource.update?.(before, declared, contextOf().context);
  expect(server.writes).toEqual([]);
});

test("sections are made with their fields, filled later, and never emptied", async () => {
  const sections = [{ label: "GitLab", fields: [{ label: "token id", value: "42" }] }];
  const before = await created({ ...declared, sections });
  const section = server.items[0]?.sections?.[0];
  expect(section).toEqual({ id: expect.stringMatching(/^[a-z0-9]{26}$/), label: "GitLab" });
  expect(before.outputs.sections).toEqual([
    {
      id: section?.id,
      label: "GitLab",
      fields: [{ id: expect.any(String), label: "token id", type: "STRING", value: "42" }],
    },
  ]);

  server.bodies.length = 0;
  const more = [
    { label: "GitLab", fields: [{ label: "minted", type: "DATE", value: "2026-11-23" }] },
    { label: "Owner", fields: [{ label: "team", value: "architecture" }] },
  ];
  const after = await resource.update?.(before, { ...declared, sections: more }, contextOf().context);
  expect(server.bodies).toEqual([
    [
      { op: "add", path: "/sections", value: { id: expect.any(String), label: "Owner" } },
      {
        op: "add",
        path: "/fields",
        value: { label: "minted", type: "DATE", section: { id: section?.id }, value: "1795435260" },
      },
      { op: "add", path: "/fields", value: expect.objectContaining({ label: "team", value: "architecture" }) },
    ],
  ]);
  expect(server.items[0]?.fields.map(({ label }) => label)).toContain("token id");
  expect(after?.sections?.[0]?.fields?.[0]).toMatchObject({ label: "minted", value: "2026-11-23" });
});

test("an item without any section is given a list of them", async () => {
  const before = await created();
  server.bodies.length = 0;
  await resource.update?.(before, { ...declared, sections: [{ label: "A" }, { label: "B" }] }, contextOf().context);
  expect(server.bodies).toEqual([
    [
      {
        op: "add",
        path: "/sections",
        value: [expect.objectContaining({ label: "A" }), expect.objectContaining({ label: "B" })],
      },
    ],
  ]);
  expect(server.items[0]?.sections?.map(({ label }) => label)).toEqual(["A", "B"]);
});

test("1Password thinks of a login's password once", async () => {
  const inputs: ItemInputs = {
    vault: security,
    category: "login",
    title: "Site",
    username: "me",
    url: "https://example.com",
    passwordRecipe: { length: 40, symbols: false },
  };
  const before = await created(inputs);
  expect(server.bodies[0]).toMatchObject({
    category: "LOGIN",
    urls: [{ primary: true, href: "https://example.com" }],
    fields: [
      { id: "username", purpose: "USERNAME", value: "me" },
      {
        id: "password",
        type: "CONCEALED",
        purpose: "PASSWORD",
        generate: true,
        recipe: { length: 40, characterSets: ["LETTERS", "DIGITS"] },
      },
    ],
  });
  expect(before.outputs.password).toBe("thought-of-by-the-server");
  await resource.update?.(before, { ...inputs, passwordRecipe: { length: 20 } }, contextOf().context);
  expect(server.writes).toHaveLength(1);
});

test("another category or vault replaces; the vault's id and the title in effect are no change", async () => {
  const before = await created();
  expect(resource.diff?.(before, { ...declared, vault: security })).toEqual({ changes: {} });
  expect(resource.diff?.(before, { ...declared, category: "login", vault: "Platform" })).toEqual({
    changes: { category: "update-replace", vault: "update-replace" },
  });
  expect(resource.defaults?.({ vault: "Security" })).toEqual({ vault: "Security", category: "login" });
  expect(resource.defaults?.({ vault: "Security", category: "API_Credential" })).toEqual({
    vault: "Security",
    category: "api_credential",
  });
});

test("every fault of a declaration is told at once, before any request", async () => {
  const wrong = { ...declared, password: "x", port: "1", expiresAt: "soon" };
  await expect(created(wrong)).rejects.toThrow(
    'declaring the 1Password item "GitLab token": an item of category "api_credential" has no password: leave it out; an item of category "api_credential" has no port: leave it out; expiresAt is "soon": write a day that exists as YYYY-MM-DD.',
  );
  await expect(created({ ...declared, category: "document" })).rejects.toThrow(
    'category is "document": write one of login, password, database, secure_note, api_credential',
  );
  expect(server.requests).toEqual([]);
});

test("a refresh finds what was changed by hand among what is declared, and nothing else", async () => {
  const before = await created();
  expect(await resource.read?.(before, contextOf().context)).toEqual(before);
  const [item] = server.items;
  item?.tags?.push("by hand");
  item?.fields.push({ id: "hostname", type: "STRING", label: "hostname", value: "gitlab.com" });
  expect(await resource.read?.(before, contextOf().context)).toEqual(before);
  for (const field of item?.fields ?? []) if (field.id === "credential") field.value = "by hand";
  const after = await resource.read?.(before, contextOf().context);
  expect(after?.inputs).toEqual({ ...declared, credential: "by hand" });
});

test("an import takes all that the item holds", async () => {
  const sections = [{ label: "GitLab", fields: [{ label: "token id", value: "42" }] }];
  const { id, outputs } = await created({ ...declared, sections });
  const imported = await resource.read?.({ id, inputs: {}, outputs: {} }, contextOf().context);
  expect(imported?.inputs).toEqual({ ...declared, vault: security, sections: outputs.sections });
  expect(resource.diff?.(imported as Before<ItemInputs, ItemOutputs>, imported?.inputs as ItemInputs)).toEqual({
    changes: {},
  });
});

test("an item removed by hand is gone, one that may not be seen is kept", async () => {
  const before = await created();
  server.next("GET", { status: 403 });
  expect(await resource.read?.(before, contextOf().context)).toEqual(before);
  server.items.length = 0;
  expect(await resource.read?.(before, contextOf().context)).toBeUndefined();
});

test("an item removed by hand is made anew by an update, and known by its new id from then on", async () => {
  const before = await created();
  server.items.length = 0;
  const { context, said } = contextOf();
  const outputs = await resource.update?.(before, declared, context);
  if (outputs === undefined) throw new Error("there is no update");
  expect(said.join()).toContain(
    "it was deleted, or moved to another one, where it keeps an old value. It is made anew.",
  );
  expect(server.items.map(({ id }) => id)).toEqual([outputs.uuid]);
  const after = await resource.read?.({ ...before, outputs }, contextOf().context);
  expect(after?.id).toBe(`vaults/${outputs.vaultUuid}/items/${outputs.uuid}`);
});

test("an item that may not be seen any more is not made a second time, nor is one that is archived changed", async () => {
  const before = await created();
  const [item] = server.items;
  server.next("GET", { status: 404 });
  await expect(resource.update?.(before, { ...declared, credential: "new" }, contextOf().context)).rejects.toThrow(
    "it is not visible to our credential for 1Password",
  );
  if (item !== undefined) Object.assign(item, { state: "ARCHIVED" });
  await expect(resource.update?.(before, { ...declared, credential: "new" }, contextOf().context)).rejects.toThrow(
    "the item is archived. Restore it in 1Password",
  );
});

test("a delete sends nothing and says that the item is left in place", async () => {
  const before = await created();
  server.requests.length = 0;
  const { context, said } = contextOf();
  await resource.delete?.(before, context);
  expect(server.requests).toEqual([]);
  expect(said[0]).toMatch(/^Left in place: the item "GitLab token"/);
});
