import { expect, test } from "vitest";
import { provider } from "../../../providers/onepassword/provider";

/** The properties of 1Password's own package, version 1.1.4. */
const upstream = {
  inputs:
    "category database hostname noteValue password passwordRecipe port sections tags title type url username vault".split(
      " ",
    ),
  section: ["fields", "id", "label"],
  field: ["id", "label", "passwordRecipe", "purpose", "type", "value"],
};

const item = provider.schema.resources["onepassword:index/item:Item"];

test("everything in the schema is served, and nothing else", () => {
  expect(Object.keys(provider.resources).sort()).toEqual(Object.keys(provider.schema.resources).sort());
  expect(Object.keys(provider.functions ?? {}).sort()).toEqual(Object.keys(provider.schema.functions ?? {}).sort());
});

test("an item has every property of 1Password's own package, and what goes beyond them says so", () => {
  const names = Object.keys(item?.inputProperties ?? {});
  const extensions = names.filter((name) => !upstream.inputs.includes(name));
  expect(names).toEqual(expect.arrayContaining(upstream.inputs));
  expect(extensions).toEqual(["credential", "expiresAt", "validFrom"]);
  for (const name of [...extensions, "vaultUuid"])
    expect(item?.properties[name]?.description).toMatch(/^\(Extension: not in the upstream package\.\)/);
  const membersOf = (type: string) => Object.keys(provider.schema.types?.[type]?.properties ?? {}).sort();
  expect(membersOf("onepassword:index/ItemSection:ItemSection")).toEqual(upstream.section);
  expect(membersOf("onepassword:index/ItemSectionField:ItemSectionField")).toEqual(upstream.field);
  expect(item?.requiredInputs).toEqual(["vault"]);
});

test("what can hold a credential is secret, going in and coming out", () => {
  const field = provider.schema.resources["onepassword:index/itemField:ItemField"];
  for (const side of ["properties", "inputProperties"] as const) {
    const secrets = Object.entries(item?.[side] ?? {}).flatMap(([name, { secret }]) => (secret ? [name] : []));
    expect(secrets).toEqual(["credential", "noteValue", "password"]);
    expect(field?.[side].value?.secret).toBe(true);
  }
  const value = provider.schema.types?.["onepassword:index/ItemSectionField:ItemSectionField"]?.properties.value;
  expect(value?.secret).toBe(true);
});
