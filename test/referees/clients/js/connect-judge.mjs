// 1Password's Connect SDK for JavaScript against a Connect server: what a rotation asks for, as this client asks for it.
import { failure, installed, introduce, same, step } from "./steps.mjs";

const { default: sdk } = await installed("@1password/connect", "dist/index.js");
const { OP_CONNECT_HOST: serverURL, OP_CONNECT_TOKEN: token } = process.env;
const client = sdk.OnePasswordConnect({ serverURL, token });
const value = (item, label) => item.fields.find((field) => field.label === label)?.value;
let vault;
const credential = (title) => ({
  title,
  category: "API_CREDENTIAL",
  vault: { id: vault.id },
  fields: [
    { id: "credential", type: "CONCEALED", label: "credential", value: "one" },
    { label: "of ours", type: "STRING", value: "two" },
  ],
});

await introduce("@1password/connect");

await step("vaults: listed, by id, by title, and one that is not there", async () => {
  vault = await client.getVault("Security");
  same((await client.getVaultById(vault.id)).name, "Security");
  same(
    (await client.listVaultsByTitle("Security")).map(({ id }) => id),
    [vault.id],
  );
  same(
    (await client.listVaults()).some(({ id }) => id === vault.id),
    true,
  );
  same((await failure(() => client.getVault("Nowhere"))).status, 404);
});

await step("items: made, listed, read by id and by title, written back whole, deleted", async () => {
  const made = await client.createItem(vault.id, credential("By the JavaScript client"));
  same([made.version, value(made, "of ours")], [1, "two"]);
  same(
    (await client.listItems(vault.id)).some(({ id }) => id === made.id),
    true,
  );
  same((await client.getItem(vault.id, "By the JavaScript client")).id, made.id);
  same(
    (await client.listItemsByTitleContains(vault.id, "JavaScript")).map(({ id }) => id),
    [made.id],
  );
  made.title = "Renamed by the JavaScript client";
  made.vault = { id: vault.id };
  same((await client.updateItem(vault.id, made)).version, 2);
  await client.deleteItemByTitle(vault.id, "Renamed by the JavaScript client");
  same((await failure(() => client.getItemById(vault.id, made.id))).status, 404);
});

await step("items by the SDK's own builder, with values that are made by a recipe", async () => {
  const recipe = { length: 20, characterSets: ["DIGITS"] };
  const builder = new sdk.ItemBuilder().setCategory("LOGIN").setTitle("Built").setVault(vault.id);
  const item = builder.addField({ label: "password", purpose: "PASSWORD", generate: true, recipe }).build();
  const made = await client.createItem(vault.id, item);
  const password = made.fields.find(({ purpose }) => purpose === "PASSWORD")?.value ?? "";
  same([password.length, /^\d+$/.test(password)], [20, true]);
  await client.deleteItem(vault.id, made.id);
});

await step("items and titles with signs: quotes, slashes, umlauts, blanks", async () => {
  for (const title of ['GitLab / "Inventory"', "Schlüssel für GitLab 🔐", "it's (mine) [1] = 50; a:b, c?"]) {
    const made = await client.createItem(vault.id, credential(title));
    same((await client.getItemById(vault.id, made.id)).title, title);
    same((await client.listItems(vault.id)).filter((one) => one.title === title).length, 1);
    await client.deleteItem(vault.id, made.id);
  }
});

await step("files of an item: none", async () => {
  const [item] = await client.listItems(vault.id);
  same(await client.listFiles(vault.id, item.id), []);
});
